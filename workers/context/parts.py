"""A changed file's view in parts that fit a prompt: cut at seams, numbered, nothing lost between.

Only a file that is larger than a whole prompt is cut: others are read in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.model.tokens import estimated_tokens

_NUMBERS = re.compile(r"^(?P<old> {5}| *\d+) (?P<new> {5}| *\d+) [-+ ] ?(?P<text>.*)$")
_GAP = "  ..."
_TITLE_TOKENS = 12
"""Of what is added to a part's title."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of one file's view. `first` and `last`: the lines that it shows, of the head where
    it has any, else of the base; 0 where it shows none.
    """

    path: str
    text: str
    first: int
    last: int
    whole: bool = True

    @property
    def tokens(self) -> int:
        """What it costs."""
        return estimated_tokens(self.text)


def parts_of(path: str, view: str, room: int) -> list[Part]:
    """One part where the view fits into `room` tokens, else as many as it needs."""
    if estimated_tokens(view) <= room:
        return [_part(path, view, whole=True)]
    title, *rows = view.split("\n")
    space = max(room - estimated_tokens(title) - _TITLE_TOKENS, 1)
    pieces = list(_pieces(rows, space))
    return [
        _part(path, "\n".join((f"{title} part {number} of {len(pieces)}", *piece)), whole=False)
        for number, piece in enumerate(pieces, 1)
    ]


def _part(path: str, text: str, whole: bool) -> Part:
    numbers = [_number(row) for row in text.split("\n")[1:]]
    lines = [number for number in numbers if number]
    return Part(path, text, min(lines, default=0), max(lines, default=0), whole)


def _number(row: str) -> int:
    found = _NUMBERS.match(row)
    if found is None:
        return 0
    return int(found["new"].strip() or found["old"].strip() or 0)


def _pieces(rows: Sequence[str], room: int) -> Iterator[list[str]]:
    start = 0
    while start < len(rows):
        end = _fitting(rows, start, room)
        if end < len(rows):
            end = _seam(rows, start, end)
        yield [_bounded(row, room) for row in rows[start:end]]
        start = end


def _fitting(rows: Sequence[str], start: int, room: int) -> int:
    """Where the rows that fit end; one row at least."""
    end = start
    while end < len(rows) and (room := room - estimated_tokens(rows[end] + "\n")) >= 0:
        end += 1
    return max(end, start + 1)


def _seam(rows: Sequence[str], start: int, end: int) -> int:
    """The last gap, or empty line, in the last third; else the very end."""
    for number in range(end, start + max(1, 2 * (end - start) // 3), -1):
        if rows[number] == _GAP or _is_empty(rows[number - 1]):
            return number
    return end


def _is_empty(row: str) -> bool:
    found = _NUMBERS.match(row)
    return found is not None and not found["text"].strip()


def _bounded(row: str, room: int) -> str:
    """A row that alone is larger than a prompt, cut and saying so."""
    if estimated_tokens(row) <= room:
        return row
    return f"{row[: 2 * room]} [line cut: {len(row)} characters]"
