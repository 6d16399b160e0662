"""How much effort a change gets, by rule, and the word that is shown for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.policy import Effort, Policy, When
from tests.fakes.git_repository import Content
from tests.fakes.proposal import propose
from workers.repository.knowledge import understand
from workers.review.since import what_is_new
from workers.review.triage import choose_effort, select

BASE: dict[str, Content] = {"lib.py": "def price(n):\n    return n\n", "README.md": "Prices.\n"}


def _lines(count: int) -> str:
    return "".join(f"value_{n} = {n}\n" for n in range(count))


CASES: dict[str, tuple[dict[str, Content], Effort, str]] = {
    "a small change": (
        {"lib.py": "def price(n):\n    return n + 1\n"},
        "light",
        "2 changed lines of code in 1 file, 0 callers of changed contracts",
    ),
    "a small change in a sensitive place": (
        {"auth/login.py": "x = 1\n"},
        "standard",
        "1 changed line of code in 1 file, 0 callers of changed contracts; "
        "auth/login.py is a sensitive place",
    ),
    "prose": (
        {"README.md": "Other prices.\n"},
        "light",
        "documentation alone, 2 changed lines in 1 file",
    ),
    "prose of any length": (
        {"README.md": _lines(900), "docs/auth.md": _lines(900)},
        "light",
        "documentation alone, 1,801 changed lines in 2 files",
    ),
    "more than a light prompt holds, though no code": (
        {"tests/test_lib.py": _lines(301)},
        "standard",
        "0 changed lines of code in 0 files, 0 callers of changed contracts, "
        "301 changed lines with tests and prose",
    ),
    "many lines": (
        {"new.py": _lines(60)},
        "standard",
        "60 changed lines of code in 1 file, 0 callers of changed contracts",
    ),
    "very many lines": (
        {"new.py": _lines(601)},
        "deep",
        "601 changed lines of code in 1 file, 0 callers of changed contracts",
    ),
    "many files": (
        {f"m{n}.py": "x = 1\n" for n in range(21)},
        "deep",
        "21 changed lines of code in 21 files, 0 callers of changed contracts",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_by_rule(tmp_path: Path, name: str) -> None:
    head, effort, reason = CASES[name]
    assert _chosen(tmp_path, BASE, head) == (effort, reason)


def _chosen(
    folder: Path,
    base: dict[str, Content],
    head: dict[str, Content],
    asked: Effort | None = None,
    policy: Policy | None = None,
    window: int | None = None,
) -> tuple[Effort, str]:
    proposal = propose(folder, base, head)
    with proposal.code() as code:
        change = code.changes()
        knowledge = understand(code, change, proposal.pull.base_tip, lambda _path: False)
    selection = select(change, lambda _path: False, lambda _path: False)
    since = what_is_new((), change)
    choice = choose_effort(selection, knowledge, asked, policy or Policy(), since, window)
    return choice.effort, choice.reason


def test_a_contract_with_a_caller_is_never_light(tmp_path: Path) -> None:
    base = {**BASE, "shop.py": "from lib import price\n\n\ndef buy():\n    return price(1)\n"}
    effort, reason = _chosen(tmp_path, base, {"lib.py": "def price(n, m):\n    return n\n"})
    assert effort == "standard"
    assert reason.startswith("2 changed lines of code in 1 file, ")
    assert not reason.endswith(" 0 callers of changed contracts")


def test_what_a_small_models_prompt_does_not_hold_is_not_light(tmp_path: Path) -> None:
    head: dict[str, Content] = {"tests/test_lib.py": _lines(100)}
    assert _chosen(tmp_path / "1", BASE, head)[0] == "light"
    assert _chosen(tmp_path / "2", BASE, head, window=8_000) == (
        "standard",
        "0 changed lines of code in 0 files, 0 callers of changed contracts, "
        "100 changed lines with tests and prose",
    )


def test_a_persons_word_then_the_policys_then_the_rule(tmp_path: Path) -> None:
    deep = Policy(when=When(effort="deep"))
    head: dict[str, Content] = {"README.md": "x\n"}
    assert _chosen(tmp_path / "1", BASE, head, "light", deep) == ("light", "asked for")
    assert _chosen(tmp_path / "2", BASE, head, None, deep) == ("deep", "set by the policy")


def test_what_no_model_reads_is_listed_with_its_reason(tmp_path: Path) -> None:
    base = {"old/a.txt": "1\n2\n3\n", "keys/a.py": "1\n2\n3\n4\n5\n", "gen/x.py": "1\n"}
    head: dict[str, Content] = {
        "old/a.txt": None,
        "new/a.txt": "1\n2\n3\n",
        "keys/a.py": None,
        "open/a.py": "1\n2\n3\n4\n6\n",
        "gen/x.py": "2\n",
        "uv.lock": "x\n",
        "logo.png": b"\x89PNG\0\0",
        "vendor/lib.js": "x\n",
        "api_pb2.py": "x\n",
        "made.py": "# @generated\nx\n",
        "read.py": "x\n",
    }
    changes = propose(tmp_path, base, head).changes()
    selection = select(changes, lambda p: p.startswith("gen/"), lambda p: p.startswith("keys/"))
    assert [file.path for file in selection.read] == ["read.py"]
    assert {entry.path: (entry.state, entry.reason) for entry in selection.apart} == {
        "new/a.txt": ("listed", "renamed from old/a.txt, unchanged"),
        "open/a.py": ("skipped", "never sent to a model, by the policy"),
        "gen/x.py": ("skipped", "ignored by the policy"),
        "uv.lock": ("skipped", "lock file"),
        "logo.png": ("skipped", "binary file"),
        "vendor/lib.js": ("skipped", "vendored file"),
        "api_pb2.py": ("skipped", "generated file"),
        "made.py": ("skipped", "generated file"),
    }


def test_what_many_files_rely_on_is_never_light_though_only_its_body_changed(
    tmp_path: Path,
) -> None:
    user = "from lib import price\n\n\ndef buy():\n    return price(1)\n"
    base = {**BASE, "lib.py": "def price(n):\n    return n\n"}
    base |= {f"shop{n}.py": user for n in range(3)}
    assert _chosen(tmp_path, base, {"lib.py": "def price(n):\n    return -n\n"}) == (
        "standard",
        "2 changed lines of code in 1 file, 0 callers of changed contracts; "
        "3 other files rely on what changed",
    )


def test_callers_that_nobody_followed_are_not_taken_for_none(tmp_path: Path) -> None:
    user = "from lib import price\n\n\ndef buy():\n    return price(1)\n"
    base = {**BASE, **{f"shop{n}.py": user for n in range(301)}}
    assert _chosen(tmp_path, base, {"lib.py": "def price(n, m):\n    return n\n"}) == (
        "deep",
        "2 changed lines of code in 1 file, 0 callers of changed contracts, "
        "301 more files with their names not followed",
    )


def test_a_contract_that_nobody_looked_up_counts_as_one_with_many_callers(tmp_path: Path) -> None:
    """So many names change that the last are not looked up."""
    old = "".join(f"def price{n}(n):\n    return n\n" for n in range(45))
    head: dict[str, Content] = {"lib.py": old.replace("(n):", "(n, m):")}
    effort, reason = _chosen(tmp_path, {"lib.py": old}, head)
    assert (effort, reason.partition(", ")[2]) == (
        "deep",
        "0 callers of changed contracts, those of 5 not looked for",
    )


def test_a_changed_file_that_no_parser_reads_is_never_light(tmp_path: Path) -> None:
    pad = "# pad\n" * 110_000
    base: dict[str, Content] = {"lib.py": "def price(n):\n    return n\n" + pad}
    head: dict[str, Content] = {"lib.py": "def price(n):\n    return -n\n" + pad}
    assert _chosen(tmp_path, base, head) == (
        "standard",
        "2 changed lines of code in 1 file, 0 callers of changed contracts; "
        "what hangs on it is known in part",
    )
