"""A changed file as a model reads it: each printed number is the number of that very line."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.diff import FileChange
from bot.domain.diff_parsing import DiffCaps, parse_diff
from bot.domain.identifiers import Sha
from tests.fakes.proposal import Proposal, propose
from workers.context.diff_view import file_view, shown_lines

TEN = [f"line {number}" for number in range(1, 11)]
_ROW = re.compile(r"^([ \d]{5}) ([ \d]{5}) ([-+ ]) (.*)$")


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _view(
    folder: Path, base: str | None, head: str | None, unfold: list[tuple[int, int]] | None = None
) -> str:
    before = {"other.py": "x\n"} if base is None else {"a.py": base}
    proposal = propose(folder, before, {"a.py": head})
    return _shown(proposal, "a.py", unfold or [])


def _shown(proposal: Proposal, path: str, unfold: list[tuple[int, int]]) -> str:
    change, pull = proposal.change(path), proposal.pull
    base = None if change.old_path is None else proposal.text(pull.merge_base, change.old_path)
    head = None if change.status == "deleted" else proposal.text(pull.head, path)
    return file_view(change, base, head, unfold)


CASES: dict[str, tuple[list[str], list[str], list[tuple[int, int]], str]] = {
    "an insertion in the middle": (
        TEN,
        [*TEN[:5], "new", *TEN[5:]],
        [],
        """\
== a.py (modified)
  ...
    3     3   line 3
    4     4   line 4
    5     5   line 5
          6 + new
    6     7   line 6
    7     8   line 7
    8     9   line 8""",
    ),
    "a deletion, then what follows it": (
        TEN,
        [*TEN[:4], *TEN[6:]],
        [(7, 8)],
        """\
== a.py (modified)
  ...
    2     2   line 2
    3     3   line 3
    4     4   line 4
    5       - line 5
    6       - line 6
    7     5   line 7
    8     6   line 8
    9     7   line 9
   10     8   line 10""",
    ),
    "the first line": (
        TEN[:4],
        ["new", *TEN[1:4]],
        [],
        """\
== a.py (modified)
    1       - line 1
          1 + new
    2     2   line 2
    3     3   line 3
    4     4   line 4""",
    ),
    "the last line": (
        TEN[:4],
        TEN[:3],
        [],
        """\
== a.py (modified)
    1     1   line 1
    2     2   line 2
    3     3   line 3
    4       - line 4""",
    ),
    "two hunks with a definition unfolded between them": (
        [*TEN, *TEN, *TEN],
        ["new", *TEN, *TEN, *TEN, "end"],
        [(12, 14)],
        """\
== a.py (modified)
          1 + new
    1     2   line 1
    2     3   line 2
    3     4   line 3
  ...
   11    12   line 1
   12    13   line 2
   13    14   line 3
  ...
   28    29   line 8
   29    30   line 9
   30    31   line 10
         32 + end""",
    ),
    "carriage returns are line ends": (
        ["one\r", "two\r"],
        ["one\r", "2\r"],
        [],
        """\
== a.py (modified)
    1     1   one
    2       - two
          2 + 2""",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_both_numbers(tmp_path: Path, name: str) -> None:
    base, head, unfold, shown = CASES[name]
    # The readers of files take line ends away; here that is done by hand.
    proposal = propose(tmp_path, {"a.py": _text(base)}, {"a.py": _text(head)})
    clean = file_view(
        proposal.change("a.py"), [b.rstrip() for b in base], [h.rstrip() for h in head], unfold
    )
    assert clean == shown


def test_an_added_file(tmp_path: Path) -> None:
    assert _view(tmp_path, None, "one\ntwo\n") == (
        "== a.py (added)\n          1 + one\n          2 + two"
    )


def test_a_deleted_file_is_shown_up_to_a_bound_and_says_so(tmp_path: Path) -> None:
    view = _view(tmp_path, _text([f"line {n}" for n in range(130)]), None).split("\n")
    assert view[0] == "== a.py (deleted)"
    assert view[1] == "    1       - line 0"
    assert view[-2:] == ["  120       - line 119", "  ... 10 more removed lines"]


def test_a_renamed_file_names_both_paths(tmp_path: Path) -> None:
    proposal = propose(tmp_path, {"a.py": _text(TEN)}, {"a.py": None, "b.py": _text([*TEN, "new"])})
    assert _shown(proposal, "b.py", []).split("\n") == [
        "== b.py (renamed, from a.py)",
        "  ...",
        "    8     8   line 8",
        "    9     9   line 9",
        "   10    10   line 10",
        "         11 + new",
    ]


def test_what_follows_a_cut_does_not_pass_for_unchanged() -> None:
    """The second hunk is beyond the cap: its lines are not shown as lines that did not change."""
    raw = b"""\
:100644 100644 %s %s M\ta.py

diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1 +1 @@
-one
+1
@@ -8 +8 @@
-eight
+8
""" % (b"1" * 40, b"2" * 40)
    change = parse_diff(raw, Sha("b" * 40), Sha("a" * 40), DiffCaps(file_lines=2)).files[0]
    head = ["1", *TEN[1:7], "8"]
    view = file_view(change, None, head, [(1, 8)])
    assert view == (
        "== a.py (modified, cut: too long to show whole)\n    1       - one\n          1 + 1"
    )
    assert shown_lines(change, [(1, 8)]) == {1}


def test_a_file_that_cannot_be_read_whole_is_redacted_all_the_same(tmp_path: Path) -> None:
    """A file over the size cap is known by its hunks only; a key in them is not shown."""
    token = "ghp_" + "a1B2" * 9
    proposal = propose(
        tmp_path, {"a.py": "x\n"}, {"a.py": f"x\ntoken = '{token}'\nname = 'a\u202eb'\n"}
    )
    view = file_view(proposal.change("a.py"), None, None, [])
    assert token not in view
    assert view.split("\n")[1:] == [
        "    1     1   x",
        "          2 + token = '[redacted: github-token]'",
        "          3 + name = 'a\\u202eb'",
    ]


_LINES = st.lists(st.sampled_from(["a", "b", "c", "", "def f():", "  return 1"]), max_size=30)


_RANGES = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 6)), max_size=3)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(_LINES, _LINES, _RANGES), min_size=5, max_size=30))
def test_every_number_printed_is_that_line(
    files: list[tuple[list[str], list[str], list[tuple[int, int]]]],
) -> None:
    """Many files a repository, as git's start is what takes the time."""
    base = {f"{n}.py": _text([*before, "the end"]) for n, (before, _, _) in enumerate(files)}
    head = {f"{n}.py": _text(after) for n, (_, after, _) in enumerate(files)}
    with TemporaryDirectory() as folder:
        changes = propose(Path(folder), base, head).changes()
    for change in changes.files:
        before, after, ranges = files[int(change.path.removesuffix(".py"))]
        if change.status == "modified":
            _holds(change, [*before, "the end"], after, [(n, n + more) for n, more in ranges])


def _holds(
    change: FileChange, base: list[str], head: list[str], unfold: list[tuple[int, int]]
) -> None:
    rows = [row for row in file_view(change, base, head, unfold).split("\n")[1:] if row != "  ..."]
    printed: set[int] = set()
    for row in rows:
        found = _ROW.match(row)
        assert found is not None, row
        old, new, kind, text = found.groups()
        assert bool(old.strip()) == (kind != "+")
        assert bool(new.strip()) == (kind != "-")
        if old.strip():
            assert base[int(old) - 1] == text
        if new.strip():
            assert head[int(new) - 1] == text
            printed.add(int(new))
    assert printed == {n for n in shown_lines(change, unfold) if n <= len(head)}


def test_unfolding_twice_prints_once(tmp_path: Path) -> None:
    proposal = propose(tmp_path, {"a.py": _text(TEN)}, {"a.py": _text([*TEN, "new"])})
    once = _shown(proposal, "a.py", [(1, 4)])
    assert _shown(proposal, "a.py", [(1, 4), (2, 3)]) == once
