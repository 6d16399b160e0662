"""What makes an edit the same edit after a push or a rebase: its lines, and the lines next to it.

Line numbers do not count, as for `git patch-id` (https://git-scm.com/docs/git-patch-id). Unlike
there, two unchanged lines on either side do count: the same words elsewhere are another edit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.diff import DiffLine, FileChange

_CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Edit:
    """Changed lines without an unchanged one between. `left`, `right`: their numbers, ascending."""

    id: str
    left: tuple[int, ...]
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FilePatch:
    """The ids of a file's edits, in order. `path` is the base's, which a rename does not change."""

    path: str
    edits: tuple[str, ...]


def patch_path(change: FileChange) -> str:
    """The name under which a file's edits are known from push to push."""
    return change.old_path or change.path


def edits_of(change: FileChange) -> list[Edit]:
    """Every edit of the file, in order; one without lines for a change of name, mode or binary."""
    whole = (change.status, change.new_mode, change.kind, change.kind != "text" and change.new_blob)
    edits = [edit for hunk in change.hunks for edit in _edits(hunk.lines)]
    return edits or [Edit(_digest([repr(whole)]), (), ())]


def _edits(lines: Sequence[DiffLine]) -> Iterator[Edit]:
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end].kind != " ":
            end += 1
        if end > at:
            yield _edit(lines, at, end)
        at = end + 1


def _edit(lines: Sequence[DiffLine], start: int, end: int) -> Edit:
    own = lines[start:end]
    before = _unchanged(reversed(lines[:start]))
    after = _unchanged(lines[end:])
    parts = [f"{line.kind}{line.text}{line.no_newline}" for line in own]
    return Edit(
        _digest([*reversed(before), "\0", *parts, "\0", *after]),
        tuple(line.old for line in own if line.old is not None),
        tuple(line.new for line in own if line.new is not None),
    )


def _unchanged(lines: Iterator[DiffLine] | Sequence[DiffLine]) -> list[str]:
    """The nearest unchanged lines, as far as the next edit."""
    near: list[str] = []
    for line in lines:
        if line.kind != " " or len(near) == _CONTEXT:
            break
        near.append(line.text)
    return near


def _digest(parts: Sequence[str]) -> str:
    text = "\n".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:16]
