"""Repositories that are broken, huge or hostile: bounded work, and a note; never silently clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.identifiers import Sha
from tests.fakes.git_repository import Content, GitRepository, link, submodule
from tests.repository.projects import known
from workers.repository.clones.local import open_local
from workers.repository.knowledge import Knowledge, understand

RUN = "def run():\n    return 1\n"
RUN_WIDER = "def run(x):\n    return x\n"
CALLER = "from a import run\n\nrun()\n"


def understood(folder: Path, before: dict[str, Content], after: dict[str, Content]) -> Knowledge:
    """What is understood of a change whose files are not all text."""
    repository = GitRepository(folder / "repository.git")
    base = repository.commit(before)
    head = repository.commit(after)
    with open_local(repository.path, base, head) as code:
        return understand(code, code.changes(), base, lambda _: False)


def sites(knowledge: Knowledge) -> set[str]:
    """The places that rely on what changed."""
    return {f"{s.path}:{s.line}" for symbol in knowledge.changed for s in symbol.sites}


def test_a_syntax_error_beside_a_call_hides_only_itself(tmp_path: Path) -> None:
    broken = "from a import run\ndef (:\n\nrun()\n"
    knowledge = understood(tmp_path, {"a.py": RUN, "b.py": broken}, {"a.py": RUN_WIDER})

    assert {"b.py:1", "b.py:4"} <= sites(knowledge)


def test_a_generated_file_over_the_cap_is_told(tmp_path: Path) -> None:
    large = CALLER + "# generated\n" * 60_000
    knowledge = understood(tmp_path, {"a.py": RUN, "b.py": large}, {"a.py": RUN_WIDER})

    size = f"{len(large):,}"
    assert f"b.py: too large to outline ({size} bytes, the cap is 600,000)" in knowledge.notes
    assert not {site for site in sites(knowledge) if site.startswith("b.py")}


def test_a_line_of_ten_megabytes_is_cut_short(tmp_path: Path) -> None:
    minified = b"run();" * 1_700_000
    before: dict[str, Content] = {"a.py": RUN, "b.py": CALLER, "dist/all.min.js": minified}
    knowledge = understood(tmp_path, before, {"a.py": RUN_WIDER})

    assert sites(knowledge) == {"b.py:1", "b.py:3"}


def test_a_changed_file_too_large_to_read_is_told(tmp_path: Path) -> None:
    huge = "x = 1\n" * 400_000
    knowledge = understood(tmp_path, {"a.py": huge}, {"a.py": huge + RUN})

    assert any(note.startswith("a.py: ") for note in knowledge.not_done)


@pytest.mark.parametrize(
    "source",
    [
        "# -*- coding: latin-1 -*-\nname = 'é'\nfrom a import run\nrun()\n".encode("latin-1"),
        "\ufefffrom a import run\nrun()\n".encode(),
        b"from a import run\r\nrun()\r\n",
        b"from a import run\nrun()\nx = '\xff\xfe'\n",
    ],
    ids=["latin-1", "byte order mark", "carriage returns", "no encoding at all"],
)
def test_encodings_cost_no_call(tmp_path: Path, source: bytes) -> None:
    knowledge = understood(tmp_path, {"a.py": RUN, "b.py": source}, {"a.py": RUN_WIDER})

    assert len({site for site in sites(knowledge) if site.startswith("b.py")}) == 2


def test_links_in_a_circle_and_submodules_are_followed_nowhere(tmp_path: Path) -> None:
    before: dict[str, Content] = {
        "a.py": RUN,
        "b.py": CALLER,
        "one.py": link("two.py"),
        "two.py": link("one.py"),
        "dir": link("."),
        "up.py": link("../../../../etc/passwd"),
        "sub": submodule("a" * 40),
    }
    after: dict[str, Content] = {
        "a.py": RUN_WIDER,
        "one.py": link("run"),
        "sub": submodule("b" * 40),
    }

    assert sites(understood(tmp_path, before, after)) == {"b.py:1", "b.py:3"}


def test_a_name_on_five_thousand_sites_is_dropped_with_its_count(tmp_path: Path) -> None:
    before = {"a.py": RUN, **{f"u{n}.py": CALLER + "run()\n" * 12 for n in range(400)}}
    knowledge = known(tmp_path, before, {"a.py": RUN_WIDER})

    assert knowledge.not_done == ("callers of `run`: 358 files with the name were not read",)
    assert sites(knowledge) == set()


def test_a_hundred_thousand_files_hide_no_caller(tmp_path: Path) -> None:
    """Trees of a hundred entries, each of which is the next: git needs no more to say so."""
    repository = GitRepository(tmp_path / "repository.git")
    text = _oid(repository, "text\n")
    tree = _tree(repository, [f"100644 blob {text}\tf{n}.txt" for n in range(100)])
    tree = _tree(repository, [f"040000 tree {tree}\td{n}" for n in range(100)])
    many = [f"040000 tree {tree}\td{n}" for n in range(10)]
    caller = f"100644 blob {_oid(repository, CALLER)}\tb.py"
    base, head = (
        _commit(repository, [f"100644 blob {_oid(repository, run)}\ta.py", caller, *many])
        for run in (RUN, RUN_WIDER)
    )

    with open_local(repository.path, base, head) as code:
        knowledge = understand(code, code.changes(), base, lambda _: False)
        assert len(code.paths(head)) == 100_002

    assert sites(knowledge) == {"b.py:1", "b.py:3"}


def _oid(repository: GitRepository, text: str) -> str:
    return repository.git("hash-object", "-w", "--stdin", stdin=text.encode()).decode().strip()


def _tree(repository: GitRepository, entries: list[str]) -> str:
    return repository.git("mktree", stdin="\n".join(entries).encode()).decode().strip()


def _commit(repository: GitRepository, entries: list[str]) -> Sha:
    who = "Ada Example <ada@example.com> 1700000000 +0000"
    text = f"tree {_tree(repository, entries)}\nauthor {who}\ncommitter {who}\n\nMany\n"
    oid = repository.git("hash-object", "-w", "-t", "commit", "--stdin", stdin=text.encode())
    return Sha(oid.decode().strip())
