"""Unified diffs: which lines they hold, where a comment may stand, where a line went.

GitHub lets a review comment stand on a line that the diff shows, on the LEFT (removed
and context lines, numbered as in the base) or on the RIGHT (added and context lines,
numbered as in the head).
https://docs.github.com/en/rest/pulls/comments#create-a-review-comment-for-a-pull-request
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Side = Literal["LEFT", "RIGHT"]
Kind = Literal["hunk", "context", "added", "removed", "note"]

HUNK_HEADER = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_KINDS: dict[str, Kind] = {" ": "context", "": "context", "+": "added", "-": "removed"}


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a patch. `position` counts from the first hunk header, which is 0."""

    kind: Kind
    text: str
    position: int
    hunk: int
    left: int | None = None
    right: int | None = None


@dataclass(frozen=True, slots=True)
class Patch:
    """The hunks of one file's diff, beginning with the first `@@`."""

    lines: tuple[DiffLine, ...] = field(default=())

    @classmethod
    def parse(cls, text: str | None) -> Patch:
        return cls(tuple(_read_lines(text or "")))

    def find(self, side: Side, line: int | None) -> DiffLine | None:
        """The diff line that carries this file line on this side, if the diff shows it."""
        for shown in self.lines:
            number = shown.left if side == "LEFT" else shown.right
            if number is not None and number == line:
                return shown
        return None

    def at_position(self, position: int) -> DiffLine | None:
        for shown in self.lines:
            if shown.position == position and shown.kind in ("context", "added", "removed"):
                return shown
        return None

    def text_up_to(self, end: DiffLine) -> str:
        """The `diff_hunk` of a comment: from the hunk's header to the commented line."""
        return "\n".join(
            shown.text
            for shown in self.lines
            if shown.hunk == end.hunk and shown.position <= end.position
        )


def _read_lines(text: str) -> Iterator[DiffLine]:
    hunk = left = right = 0
    for position, line in enumerate(text.split("\n") if text else []):
        if header := HUNK_HEADER.match(line):
            hunk += 1
            left, right = int(header[1]), int(header[3])
            yield DiffLine("hunk", line, position, hunk)
            continue
        kind = _KINDS.get(line[:1], "note")
        has_left, has_right = kind in ("context", "removed"), kind in ("context", "added")
        yield DiffLine(
            kind, line, position, hunk, left if has_left else None, right if has_right else None
        )
        left += has_left
        right += has_right


def moved_line(zero_context_diff: str, line: int) -> int | None:
    """Where `line` of the old file is in the new one; None where it was changed or removed."""
    shift = 0
    for header in HUNK_HEADER.finditer(zero_context_diff):
        start = int(header[1])
        removed = int(header[2] if header[2] is not None else 1)
        added = int(header[4] if header[4] is not None else 1)
        if removed and start <= line < start + removed:
            return None
        if start < line:
            shift += added - removed
    return line + shift
