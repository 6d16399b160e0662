"""What parsing one file gives: its outline, and where each identifier stands.

Plain values only: they come from another process and are kept between reviews. Identifiers are kept
as places in the text, which is at hand whenever they are asked for: written out, they would take
four fifths of an index.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
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
_WORD = re.compile(r"\w+")


class Parsed:
    """A parsed file. `identifiers` are its uses, columns as JSON; read when first asked for."""

    def __init__(
        self, outline: Outline, identifiers: str = "", packed: bytes = b"", source: bytes = b""
    ) -> None:
        self.outline = outline
        self._identifiers = identifiers
        self._packed = packed
        self._source = source

    @classmethod
    def of(cls, outline: Outline, uses: Iterable[Use], source: bytes) -> Parsed:
        """From an outline and every use, in order, of this text."""
        found = tuple(uses)
        columns = [
            _placed(found, source) if name == "name" else _coded([getattr(u, name) for u in found])
            for name in _FIELDS
        ]
        return cls(outline, to_json(columns), source=source)

    @classmethod
    def unpack(cls, data: bytes, source: bytes) -> Parsed:
        """The inverse of `pack`, for the same text. Raises Unreadable."""
        outline, found, identifiers = inflated(data).partition("\n")
        if not found:
            raise Unreadable(f"{len(data)} bytes hold no parsed file")
        return cls(from_json(Outline, outline), identifiers, data, source)

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
        columns = json.loads(self._identifiers)
        lines = _decoded(columns[_LINE])
        words = _words_by_line(self._source, lines)
        return [
            _named(column["places"], lines, words) if "places" in column else _decoded(column)
            for column in columns
        ]


def _words_by_line(source: bytes, lines: Iterable[int]) -> Mapping[int, Sequence[str]]:
    """The words on each of these 1-based lines that the text has."""
    texts = source.decode("utf-8", "replace").split("\n")
    return {
        line: _WORD.findall(texts[line - 1]) if line <= len(texts) else [] for line in set(lines)
    }


def _placed(uses: Sequence[Use], source: bytes) -> dict[str, list[Any]]:
    """Each name by its place among the words of its line; as it is where it is none of them."""
    words = _words_by_line(source, (use.line for use in uses))
    place = {line: {word: at for at, word in enumerate(held)} for line, held in words.items()}
    return {"places": [place[use.line].get(use.name, use.name) for use in uses]}


def _named(
    places: Iterable[int | str], lines: Iterable[int], words: Mapping[int, Sequence[str]]
) -> list[str]:
    return [
        at if isinstance(at, str) else words[line][at]
        for at, line in zip(places, lines, strict=True)
    ]


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
