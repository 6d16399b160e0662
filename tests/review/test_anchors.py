"""Which line of the diff carries a finding; GitHub refuses a whole review for one wrong line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.diff import ChangeSet, DiffLine, FileChange, Hunk, Side
from bot.domain.finding import Category, Evidence, Fate, Finding, Origin, Severity
from tests.fakes.code import BASE, HEAD
from workers.review.anchors import anchor, anchored


def _hunk(old: int, new: int, marks: str) -> Hunk:
    """`marks` such as " -+ ": one line for each."""
    lines: list[DiffLine] = []
    at = {"-": old, "+": new}
    for mark in marks:
        kind = mark
        o = at["-"] if kind != "+" else None
        n = at["+"] if kind != "-" else None
        at["-"] += o is not None
        at["+"] += n is not None
        lines.append(DiffLine(kind, o, n, "text"))  # type: ignore[arg-type]
    return Hunk(old, at["-"] - old, new, at["+"] - new, "", tuple(lines))


PAY = FileChange(
    "pay.py", "pay.py", "modified", hunks=(_hunk(10, 10, "   --+   "), _hunk(40, 39, "  ++++  "))
)
"""Head 10-16 with 13 added, base 13 and 14 removed; head 39-46 with 41-44 added."""
MOVED = FileChange("new.py", "old.py", "renamed", hunks=(_hunk(1, 1, " - +"),))
GONE = FileChange("gone.py", "gone.py", "deleted", hunks=(_hunk(1, 0, "---"),))
CHANGE = ChangeSet(BASE, HEAD, (PAY, MOVED, GONE))


def _finding(path: str, line: int, end: int | None = None, side: Side = "RIGHT") -> Finding:
    commit = HEAD if side == "RIGHT" else BASE
    return Finding(
        title="Wrong",
        body="",
        severity=Severity.P1,
        category=Category.CORRECTNESS,
        origin=Origin.HUNT,
        path=path,
        line=line,
        end_line=end or line,
        side=side,
        evidence=(Evidence(path, commit, line, end or line, "text"),),
        suggestion="better",
    )


def _place(finding: Finding) -> tuple[str, int | None, int | None, Side, str | None]:
    done = anchored(finding, CHANGE)
    return done.path, done.line, done.end_line, done.side, done.suggestion


@pytest.mark.parametrize(
    ("finding", "place"),
    [
        pytest.param(
            _finding("pay.py", 13), ("pay.py", 13, 13, "RIGHT", "better"), id="an added line"
        ),
        pytest.param(
            _finding("pay.py", 10, 12), ("pay.py", 10, 12, "RIGHT", "better"), id="context shown"
        ),
        pytest.param(
            _finding("pay.py", 5, 11),
            ("pay.py", 10, 11, "RIGHT", None),
            id="cut to the hunk's beginning",
        ),
        pytest.param(
            _finding("pay.py", 43, 90),
            ("pay.py", 43, 46, "RIGHT", None),
            id="cut to the hunk's end",
        ),
        pytest.param(
            _finding("pay.py", 14, 10**15),
            ("pay.py", 14, 16, "RIGHT", None),
            id="an absurd end costs nothing",
        ),
        pytest.param(
            _finding("pay.py", 22), ("pay.py", 13, 13, "RIGHT", None), id="the nearest changed line"
        ),
        pytest.param(
            _finding("pay.py", 35), ("pay.py", 41, 41, "RIGHT", None), id="of the nearest hunk"
        ),
        pytest.param(
            _finding("pay.py", 300), ("pay.py", None, None, "RIGHT", None), id="too far from any"
        ),
        pytest.param(
            _finding("pay.py", 13, side="LEFT"),
            ("pay.py", 13, 13, "LEFT", None),
            id="a removed line takes no suggestion",
        ),
        pytest.param(
            _finding("old.py", 2, side="LEFT"),
            ("new.py", 2, 2, "LEFT", None),
            id="the base's name of a renamed file",
        ),
        pytest.param(
            _finding("gone.py", 2, side="LEFT"), ("gone.py", 2, 2, "LEFT", None), id="deleted file"
        ),
        pytest.param(
            _finding("gone.py", 2),
            ("gone.py", None, None, "RIGHT", None),
            id="deleted, at the head",
        ),
        pytest.param(
            _finding("else.py", 2), ("else.py", None, None, "RIGHT", None), id="a file not changed"
        ),
    ],
)
def test_the_line(finding: Finding, place: tuple[str, int | None, int | None, Side, str]) -> None:
    assert _place(finding) == place


def test_evidence_in_the_diff_carries_a_finding_that_lies_outside() -> None:
    outside = replace(
        _finding("else.py", 7),
        evidence=(
            Evidence("else.py", HEAD, 7, 7, "text"),
            Evidence("old.py", BASE, 2, 2, "text"),
            Evidence("pay.py", HEAD, 13, 13, "text"),
        ),
    )
    assert _place(outside) == ("new.py", 2, 2, "LEFT", None)


def test_an_invented_path_gives_way_to_the_code_that_stands() -> None:
    invented = replace(
        _finding("invented.py", 7), evidence=(Evidence("else.py", HEAD, 7, 7, "text"),)
    )
    assert _place(invented) == ("else.py", None, None, "RIGHT", None)


def test_no_suggestion_for_lines_that_nothing_was_quoted_of() -> None:
    """The number may be wrong; a suggestion would then overwrite other code with one click."""
    elsewhere = replace(_finding("pay.py", 13), evidence=(Evidence("pay.py", HEAD, 42, 42, "t"),))
    assert _place(elsewhere) == ("pay.py", 13, 13, "RIGHT", None)


def test_a_settled_finding_is_left_as_it_is() -> None:
    settled = replace(_finding("else.py", 7), fate=Fate.UNPROVEN)
    assert anchor([settled], CHANGE) == [settled]


@given(
    st.sampled_from(["pay.py", "new.py", "old.py", "gone.py", "else.py"]),
    st.integers(-5, 120),
    st.integers(-5, 10**12),
    st.sampled_from(["LEFT", "RIGHT"]),
    st.integers(-5, 120),
)
def test_github_accepts_every_line(path: str, line: int, end: int, side: Side, cited: int) -> None:
    finding = replace(
        _finding(path, line, max(line, end), side),
        evidence=(Evidence("pay.py", HEAD, cited, cited, "t"),),
    )
    done = anchored(finding, CHANGE)
    if done.line is None:
        assert (done.end_line, done.suggestion) == (None, None)
        return
    file = CHANGE.file(done.path)
    assert file is not None
    hunk = file.hunk_at(done.side, done.line)
    assert hunk is not None
    assert done.end_line is not None
    assert hunk.carries(done.side, done.end_line)
    assert 0 <= done.end_line - done.line < 10
    if done.suggestion is not None:
        assert (done.path, done.line, done.end_line) == (path, line, max(line, end))
