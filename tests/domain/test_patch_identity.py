"""An edit keeps its identity over rebases and renames, and nothing else passes for it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.diff import DiffLine, FileChange, Hunk
from bot.domain.patch_identity import edits_of, patch_path

LINES = st.lists(
    st.builds(
        lambda kind, text: (kind, text),
        st.sampled_from(" +-"),
        st.text(alphabet="abc ", max_size=3),
    ),
    max_size=12,
)


def _change(rows: list[tuple[str, str]], at: int = 1, path: str = "a.py") -> FileChange:
    """One hunk of these rows that begins at line `at` on both sides."""
    old = new = at
    lines = []
    for kind, text in rows:
        lines.append(
            DiffLine(
                kind,  # type: ignore[arg-type]
                old if kind != "+" else None,
                new if kind != "-" else None,
                text,
            )
        )
        old += kind != "+"
        new += kind != "-"
    hunk = Hunk(at, old - at, at, new - at, "", tuple(lines))
    return FileChange(path, "a.py", "modified", hunks=(hunk,))


def _identity(change: FileChange) -> tuple[str, list[str]]:
    return patch_path(change), [edit.id for edit in edits_of(change)]


@given(LINES, st.integers(1, 500))
def test_moved_by_a_rebase_it_is_the_same_patch(rows: list[tuple[str, str]], at: int) -> None:
    assert _identity(_change(rows)) == _identity(_change(rows, at))


def test_renamed_it_is_the_same_patch() -> None:
    rows = [("-", "x = 1"), ("+", "x = 2")]
    assert _identity(_change(rows, path="b.py")) == _identity(_change(rows))


@given(LINES)
def test_every_changed_line_is_in_exactly_one_edit(rows: list[tuple[str, str]]) -> None:
    change = _change(rows)
    edits = edits_of(change)
    assert [n for edit in edits for n in edit.right] == list(change.changed_lines("RIGHT"))
    assert [n for edit in edits for n in edit.left] == list(change.changed_lines("LEFT"))


def test_the_same_words_in_another_place_are_another_edit() -> None:
    guarded = [(" ", "if admin:"), ("+", "    return True"), (" ", "return False")]
    opened = [(" ", "if anybody:"), ("+", "    return True"), (" ", "return False")]
    assert _identity(_change(guarded)) != _identity(_change(opened))


def test_a_later_edit_nearby_leaves_it_as_it_was() -> None:
    rows = [("+", "one"), (" ", "a"), (" ", "b"), (" ", "c"), (" ", "d"), (" ", "e")]
    first = edits_of(_change(rows))
    both = edits_of(_change([*rows, ("+", "two")]))
    assert [edit.id for edit in both][:1] == [edit.id for edit in first]
    assert both[1].right == (7,)


def test_a_change_without_lines_has_an_identity_too() -> None:
    mode = FileChange("run.sh", "run.sh", "modified", old_mode="100644", new_mode="100755")
    back = FileChange("run.sh", "run.sh", "modified", old_mode="100755", new_mode="100644")
    assert _identity(mode) != _identity(back)
