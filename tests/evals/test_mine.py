"""`plumbline eval mine`: which words blame a change, and cases out of a history."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.mining.blame import Blame, blames_of
from tests.fakes.git_repository import GitRepository
from workers.cli.main import run

SHA = "1e18afb5c862d62be130d563785de5c58f08ae8e"


@pytest.mark.parametrize(
    ("message", "blame"),
    [
        (f'Revert "Cache it"\n\nThis reverts commit {SHA}.', Blame("revert", SHA)),
        ('Revert "Cache it (#7)" (#9)', Blame("revert", subject="Cache it (#7)")),
        ('Revert "Cache it (#7)"\n\nReverts acme/shop#7', Blame("revert", pull=7)),
        (f"proxy: partially reverts {SHA[:9]}", Blame("revert", SHA[:9])),
        (f'net: mend\n\nFixes: {SHA[:12]} ("net: cache")', Blame("fixes", SHA[:12])),
        ("Fix regression from #2148 (#2165)", Blame("regression", pull=2148)),
        (f"Mend\n\nThis fixes a regression in {SHA}", Blame("regression", SHA)),
        ("Mend\n\nThe bug was introduced by PR #31.", Blame("regression", pull=31)),
        (f"Mend\n\nBisected to `{SHA[:8]}`.", Blame("regression", SHA[:8])),
        (f"Mend\n\nCommit {SHA[:7]} broke my setup.", Blame("regression", SHA[:7])),
        (
            f"Mend\n\nBroken since https://github.com/acme/shop/commit/{SHA}",
            Blame("regression", SHA),
        ),
        (
            "Mend\n\nRegression from https://github.com/acme/shop/pull/12",
            Blame("regression", pull=12),
        ),
    ],
)
def test_words_that_blame(message: str, blame: Blame) -> None:
    assert blames_of(message) == [blame]


@pytest.mark.parametrize(
    "message",
    [
        "Add a regression test for #12",
        "Fixes #12",
        "Fix: a typo",
        "Close #3, see #4",
        'Revert "Revert "Cache it""\n\nThis reverts commit ' + SHA,
        "Reland the cache\n\nThis reverts commit " + SHA,
        "Broken by other/project#12",
        "Fixes: #12",
        "Introduced in version 1.2.3",
        "",
    ],
)
def test_words_that_blame_nothing(message: str) -> None:
    assert blames_of(message) == []


@given(st.text(max_size=400))
def test_any_message_can_be_read(message: str) -> None:
    assert all(blame.sha or blame.pull or blame.subject for blame in blames_of(message))


def mined(
    repository: GitRepository, capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[list[dict[str, Any]], str]:
    assert run(["eval", "mine", "--repo", str(repository.path), *more]) == 0
    out, err = capsys.readouterr()
    return [json.loads(line) for line in out.splitlines()], err


def _mending(before: int, after: int) -> str:
    diff = "diff --git a/bill.py b/bill.py\n--- a/bill.py\n+++ b/bill.py\n@@ -1,1 +1,1 @@"
    return f"Mended in: bill.py\n{diff}\n-b = {before}\n+b = {after}"


def test_a_history_gives_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = GitRepository(tmp_path / "shop.git")
    first = made.commit({"price.py": "a = 1\n", "bill.py": "b = 1\n"}, "Begin")
    cheap = made.commit({"price.py": "a = 2\n"}, "Cheaper (#4)\n\nPrices are lower.")
    cache = made.commit({"cache.py": "c = 1\n"}, "Cache it (#5)")
    made.commit({"bill.py": "b = 2\n"}, "Bills are right again\n\nRegression from #4: in euros.")
    made.commit({"cache.py": None}, f'Revert "Cache it"\n\nThis reverts commit {cache}.')
    made.commit({"bill.py": "b = 3\n"}, f"And for refunds\n\nAlso broken by {cheap[:8]}.")

    cases, err = mined(made, capsys)

    assert cases == [
        {
            "id": f"regression-{cheap[:12]}",
            "repo": str(made.path),
            "base": first,
            "head": cheap,
            "title": "Cheaper (#4)",
            "body": "Prices are lower.",
            "kind": "regression",
            "truth": [
                {
                    "file": "bill.py",
                    "what": f"And for refunds\nAlso broken by {cheap[:8]}.\n{_mending(2, 3)}",
                    "severity": "P1",
                    "outside": True,
                },
                {
                    "file": "bill.py",
                    "what": "Bills are right again\nRegression from #4: in euros.\n"
                    + _mending(1, 2),
                    "severity": "P1",
                    "outside": True,
                },
            ],
        }
    ]
    told = [line.split("  ")[1].strip() for line in err.splitlines()[1:]]
    assert "left out: a revert that gives no reason" in told
    assert "blames: regression" in told


def test_a_revert_with_a_reason_is_a_case_and_a_merge_is_one_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = GitRepository(tmp_path / "shop.git")
    base = made.commit({"a.py": "a = 1\n"}, "Begin")
    side = made.commit({"b.py": "b = 1\n"}, "Work", parent=base, branch="topic")
    merged = made.commit(
        {"b.py": "b = 1\n"},
        "Merge pull request #8 from acme/topic\n\nAdd b\n\nIt is quick.",
        parent=base,
        merge=side,
    )
    why = "It fails as soon as two workers start at once."
    made.commit({"b.py": None}, f"Take b out\n\nThis reverts commit {merged}.\n\n{why}")

    cases, _ = mined(made, capsys)

    (case,) = cases
    assert (case["kind"], case["base"], case["head"]) == ("revert", base, merged)
    assert (case["title"], case["body"]) == ("Add b", "It is quick.")
    assert case["truth"][0]["what"] == f"Take b out\n{why}\nMended in: b.py"


def test_a_mending_that_was_carried_to_other_branches_is_one_truth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = GitRepository(tmp_path / "shop.git")
    base = made.commit({"bill.py": "b = 1\n"}, "Begin")
    blamed = made.commit({"bill.py": "b = 2\n"}, "Round (#4)", parent=base)
    tips = [
        made.commit(
            {"bill.py": "b = 3\n"},
            f"[{version}] Round right\n\nRegression from #4.",
            parent=blamed,
            branch=version,
        )
        for version in ("1.0", "2.0")
    ]
    made.commit({"bill.py": "b = 3\n"}, "Merge 1.0 into 2.0", parent=tips[1], merge=tips[0])

    ((case,), err) = mined(made, capsys)

    assert (case["head"], len(case["truth"])) == (blamed, 1)
    assert "left out: the same mending again" in err


def test_clean_cases_are_changes_that_nobody_blamed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = GitRepository(tmp_path / "shop.git")
    lines = "".join(f"x{n} = {n}\n" for n in range(12))
    made.commit({"a.py": "a = 1\n"}, "Begin")
    made.commit({"README.md": lines}, "Words only")
    large = made.commit({"b.py": lines}, "Add b")
    made.commit({"a.py": "a = 2\n"}, "Small")
    for number in range(4):
        made.commit({"c.py": f"c = {number}\n"}, f"Later {number}")

    cases, _ = mined(made, capsys, "--clean", "5")

    assert [(case["head"], case["kind"], "truth" in case) for case in cases] == [
        (large, "clean", False)
    ]


def test_mined_cases_can_be_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = GitRepository(tmp_path / "shop.git")
    made.commit({"a.py": "a = 1\n"}, "Begin")
    bad = made.commit({"a.py": "a = 2\n"}, "Change a")
    made.commit({"a.py": "a = 1\n"}, f"Mend a\n\nRegression from {bad}")
    cases, out = tmp_path / "cases.jsonl", tmp_path / "out"
    assert run(["eval", "mine", "--repo", str(made.path), "--out", str(cases)]) == 0
    assert run(["eval", "run", str(cases), "--out", str(out)]) == 0
    assert (out / "cases" / f"regression-{bad[:12]}.json").exists()
    assert capsys.readouterr().out == ""


def test_a_revision_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = GitRepository(tmp_path / "shop.git")
    made.commit({"a.py": "a = 1\n"})
    assert run(["eval", "mine", "--repo", str(made.path), "--revision", "nowhere"]) == 2
    assert "'nowhere' cannot be read" in capsys.readouterr().err
