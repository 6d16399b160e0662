"""What parsing one file gives: its outline, and where each identifier stands.

Plain values only: they come from another process and are kept between reviews.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

from workers.repository.index.plain_values import (
    Unreadable,
    deflated,
    from_json,
    inflated,
    to_json,
)
from workers.repository.outline import Outline, Use

_FIELDS = tuple(entry.name for entry in fields(Use))
_NAME, _LINE = _FIELDS.index("name"), _FIELDS.index("line")


class Parsed:
    """A parsed file. `identifiers` are its uses, columns as JSON; read when first asked for."""

    def __init__(self, outline: Outline, identifiers: str = "", packed: bytes = b"") -> None:
        self.outline = outline
        self._identifiers = identifiers
        self._packed = packed

    @classmethod
    def of(cls, outline: Outline, uses: Iterable[Use]) -> Parsed:
        """From an outline and every use, in order."""
        rows = [tuple(getattr(use, name) for name in _FIELDS) for use in uses]
        columns = zip(*rows, strict=True) if rows else [()] * len(_FIELDS)
        return cls(outline, to_json([_coded(column) for column in columns]))

    @classmethod
    def unpack(cls, data: bytes) -> Parsed:
        """The inverse of `pack`. Raises Unreadable."""
        outline, found, identifiers = inflated(data).partition("\n")
        if not found:
            raise Unreadable(f"{len(data)} bytes hold no parsed file")
        return cls(from_json(Outline, outline), identifiers, data)

    def pack(self) -> bytes:
        """Compressed: two lines of JSON, which share their words."""
        return self._packed or deflated(f"{to_json(self.outline)}\n{self._identifiers}")

    def uses(self, words: Collection[str], lines: Collection[int]) -> tuple[Use, ...]:
        """Where these words stand as identifiers on these lines, in order."""
        wanted, on = frozenset(words), frozenset(lines)
        return tuple(
            Use(*row)
            for row in zip(*self._columns, strict=True)
            if row[_NAME] in wanted and row[_LINE] in on
        )

    @cached_property
    def _columns(self) -> Sequence[Sequence[Any]]:
        if not self._identifiers:
            return [()] * len(_FIELDS)
        return [_decoded(column) for column in json.loads(self._identifiers)]


def _coded(column: Sequence[Any]) -> dict[str, list[Any]]:
    """A word is written once, a line as the distance from the line before."""
    if all(isinstance(value, str) for value in column):
        words = list(dict.fromkeys(column))
        place = {word: at for at, word in enumerate(words)}
        return {"words": words, "at": [place[word] for word in column]}
    if any(isinstance(value, bool) for value in column):
        return {"plain": list(column)}
    return {"steps": [after - before for before, after in pairwise((0, *column))]}


def _decoded(column: dict[str, list[Any]]) -> list[Any]:
    if "words" in column:
        return [column["words"][at] for at in column["at"]]
    return column["plain"] if "plain" in column else list(accumulate(column["steps"]))
