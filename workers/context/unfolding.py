"""Which lines around the hunks of a file are shown: the definitions that enclose them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bot.domain.diff import FileChange
from workers.repository.graph import Definition
from workers.repository.knowledge import Knowledge
from workers.repository.test_paths import is_test_path

_LEAST_WHOLE, _MOST_WHOLE, _WHOLE_IN_ALL = 80, 300, 900
"""Changed definitions of up to so many lines are shown whole: the fewer there are, the longer."""
_LISTS = ("struct", "interface", "enum", "trait", "type", "object", "module", "namespace")
"""Kinds of which one member tells little about another."""
_SHORT_LIST = 25
_HEADER_LINES = 3
_AROUND_CHANGE = 20
_AROUND_MEMBER = 5


def unfolded(read: Iterable[FileChange], knowledge: Knowledge) -> dict[str, list[tuple[int, int]]]:
    """By path, ranges of head lines worth showing around the hunks: the definitions around them.

    Of a long one, or one that only lists members: its header and what is near the changed lines.
    """
    held: dict[str, list[tuple[str, Definition]]] = defaultdict(list)
    for symbol in knowledge.changed:
        if symbol.after is not None:
            held[symbol.path].append((symbol.kind, symbol.after))
    many = sum(len(some) for path, some in held.items() if not is_test_path(path))
    return {file.path: list(_spans(file, held.get(file.path, ()), many)) for file in read}


def _spans(
    file: FileChange, held: Iterable[tuple[str, Definition]], many: int
) -> Iterator[tuple[int, int]]:
    touched, whole = sorted(file.changed_lines("RIGHT")), _whole_lines(file.path, many)
    for kind, at in held:
        if kind != "class":
            yield from _unfolded(kind, at, touched, whole)


def _whole_lines(path: str, many: int) -> int:
    """So long a changed definition of this file may be, to be shown whole; those of tests less."""
    if is_test_path(path):
        return _LEAST_WHOLE
    return max(_LEAST_WHOLE, min(_MOST_WHOLE, _WHOLE_IN_ALL // max(many, 1)))


def _unfolded(
    kind: str, at: Definition, touched: Sequence[int], whole: int
) -> Iterator[tuple[int, int]]:
    lists = kind in _LISTS
    if at.end_line - at.line < (_SHORT_LIST if lists else whole):
        yield at.line, at.end_line
        return
    yield at.line, at.line + _HEADER_LINES
    around = _AROUND_MEMBER if lists else _AROUND_CHANGE
    for line in touched:
        if at.line <= line <= at.end_line:
            yield max(line - around, at.line), min(line + around, at.end_line)
