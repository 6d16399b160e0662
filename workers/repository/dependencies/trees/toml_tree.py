"""TOML with lines: `tomllib` reads the values; headers and keys say where they stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence

from workers.repository.dependencies.listing import Unreadable
from workers.repository.dependencies.trees.node import DEEPEST, MOST_NODES, Node

_MOST_DOTS = 200
"""In one stretch of keys: `tomllib` takes quadratic time for a key of very many parts."""
_HEADER = re.compile(r"^[ \t]*(\[\[?)([^\[\]\n#]*)\]")
_KEY = re.compile(r"^[ \t]*(\"[^\"\n]*\"|'[^'\n]*'|[\w-]+)((?:\.[\w-]+)*)[ \t]*=")
_PART = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s.\"']+")

_Place = tuple[str | int, ...]


def toml_tree(text: str) -> Node:
    """The whole document. Lines are those of headers and keys; a string of a list has its own.

    Raises:
        Unreadable: it is not TOML, or it is deeper or larger than any manifest.
    """
    if any(part.count(".") > _MOST_DOTS for part in re.split(r"[=\n,{}\[\]]", text)):
        raise Unreadable("its TOML has a key of too many parts")
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("it is not TOML") from error
    rows = text.split("\n")
    return _Lines(rows, _places(rows)).node(document, (), 1, DEEPEST)


def _places(rows: Sequence[str]) -> dict[_Place, int]:
    """Line of each table, each entry of an array of tables, and each key."""
    found: dict[_Place, int] = {}
    counts: dict[_Place, int] = {}
    here: _Place = ()
    for number, row in enumerate(rows, 1):
        header = _HEADER.match(row)
        if header is not None:
            here = _numbered(_parts(header[2]), counts)
            if header[1] == "[[":
                counts[here] = counts.get(here, -1) + 1
                here = (*here, counts[here])
            found.setdefault(here, number)
            continue
        key = _KEY.match(row)
        if key is not None:
            parts = _parts(key[1] + key[2])
            for length in range(1, len(parts) + 1):
                found.setdefault((*here, *parts[:length]), number)
    return found


def _parts(written: str) -> _Place:
    return tuple(part.strip("\"'") for part in _PART.findall(written))


def _numbered(parts: _Place, counts: Mapping[_Place, int]) -> _Place:
    """`[package.source]` belongs to the package that was opened last."""
    here: _Place = ()
    for part in parts[:-1]:
        here = (*here, part)
        if here in counts:
            here = (*here, counts[here])
    return (*here, *parts[-1:])


class _Lines:
    """Puts lines to a document's values."""

    def __init__(self, rows: Sequence[str], places: Mapping[_Place, int]) -> None:
        self._rows = rows
        self._places = places
        self._nodes = 0

    def node(self, value: object, place: _Place, line: int, levels: int) -> Node:
        self._nodes += 1
        if levels < 0 or self._nodes > MOST_NODES:
            raise Unreadable("its TOML is too deep or has too many values")
        line = self._places.get(place, line)
        if isinstance(value, dict):
            inner = {
                str(key): self.node(item, (*place, key), line, levels - 1)
                for key, item in value.items()
            }
            return Node(line, inner)
        if isinstance(value, list):
            return Node(line, self._list(value, place, line, levels - 1))
        return Node(line, str(value).lower() if isinstance(value, bool) else str(value))

    def _list(self, values: list[object], place: _Place, line: int, levels: int) -> list[Node]:
        """Strings are looked for from the line of the one before: a list may span lines."""
        found: list[Node] = []
        for index, value in enumerate(values):
            if isinstance(value, str):
                line = self._line_of(value, line)
            found.append(self.node(value, (*place, index), line, levels))
        return found

    def _line_of(self, text: str, start: int) -> int:
        for number in range(start, min(start + 400, len(self._rows) + 1)):
            row = self._rows[number - 1]
            if f'"{text}"' in row or f"'{text}'" in row:
                return number
        return start
