"""Which comment documents a definition, by where it stands in the text and not in the tree.

Grammars hang a comment wherever they like; a reader looks at the lines above.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from workers.repository.documentation import Documentation, prose
from workers.repository.outlines.language import CommentRules, line_of

_WIDEST_GAP = 500
"""Bytes of white space between a comment and what it documents."""
_LICENCE = re.compile(
    rb"copyright|licen[sc]ed? (?:under|terms|agreement)|spdx-|all rights reserved"
    rb"|permission is hereby granted|\(c\)"
    rb"|[@\\](?:licen[sc]e|file\b|fileoverview|module\b|package)",
    re.IGNORECASE,
)
"""What makes the comment that opens a file one about the file."""
_LICENCE_WITHIN = 2_000
_OPENING = (b"", b"<?php")


class _Piece(NamedTuple):
    """A comment, or what may stand between. Bytes; `line` and `last` are 1-based lines."""

    start: int
    end: int
    line: int
    last: int
    is_comment: bool
    own_line: bool


class Comments:
    """The comments of one file, and what each documents."""

    def __init__(
        self, rules: CommentRules, root: Node, source: bytes, found: dict[str, list[Node]]
    ) -> None:
        """`found` are the captures of the rules' query in `source`, as it was parsed."""
        self._rules = rules
        self._root = root
        self._source = source
        self._marked = re.compile(rules.marked.encode())
        self._inner = re.compile(rules.inner.encode())
        pieces = [_piece(node, source, True) for node in found.get("comment", ())]
        pieces += [_piece(node, source, False) for node in found.get("between", ())]
        self._pieces = sorted(pieces, key=lambda piece: piece.end)
        self._ends = [piece.end for piece in self._pieces]
        self._opening = self._count_opening()
        self._known: dict[int, Documentation | None] = {}

    def of(self, node: Node, outer: Node) -> Documentation | None:
        """What documents a definition; `outer` holds it with its decorators or `export`."""
        above = map(self._above, self._starts(node, outer))
        return self._inside_of(node) or next(filter(None, above), None)

    def of_file(self) -> Documentation | None:
        """What documents the file as a whole."""
        if self._rules.inner:
            return self._inside(0)
        for child in self._root.named_children if self._rules.head else ():
            if child.type == self._rules.head:
                return self._above(child)
        return None

    def _starts(self, node: Node, outer: Node) -> Iterator[Node]:
        """What a comment may stand above, from the inside out."""
        yield node
        around: Node | None = outer
        while around is not None:
            yield around
            around = around.parent
            if around is None or around.type not in self._rules.around:
                return

    def _above(self, node: Node) -> Documentation | None:
        """Looked for once a place: one declaration may give a thousand names."""
        start = node.start_byte
        if start not in self._known:
            self._known[start] = self._nearest(start, line_of(node))
        return self._known[start]

    def _nearest(self, start: int, line: int) -> Documentation | None:
        for at in self._back(start):
            piece = self._pieces[at]
            if not piece.is_comment:
                line = piece.line
            elif self._rules.marked and not self._begins(self._marked, piece):
                continue
            elif not piece.own_line or (not self._rules.marked and piece.last != line - 1):
                return None
            else:
                return self._documentation(self._first_of_run(at, self._marked), at, line)
        return None

    def _back(self, edge: int) -> Iterator[int]:
        """The pieces that nothing but white space parts from a byte, and from each other."""
        for at in range(bisect_right(self._ends, edge) - 1, -1, -1):
            piece = self._pieces[at]
            if piece.end > edge:
                continue  # inside of the arguments of an attribute
            if edge - piece.end > _WIDEST_GAP or self._source[piece.end : edge].strip():
                return
            yield at
            edge = piece.start

    def _inside_of(self, node: Node) -> Documentation | None:
        body = node.child_by_field_name("body") if self._rules.inner else None
        return None if body is None else self._inside(body.start_byte + 1)

    def _inside(self, edge: int) -> Documentation | None:
        """The inner documentation that stands first after a byte."""
        for at in range(bisect_right(self._ends, edge), len(self._pieces)):
            piece = self._pieces[at]
            if piece.start - edge > _WIDEST_GAP or self._source[edge : piece.start].strip():
                return None
            if piece.own_line and self._begins(self._inner, piece):
                return self._run_of_inner(at)
            edge = piece.end
        return None

    def _run_of_inner(self, first: int) -> Documentation | None:
        last = first
        while last + 1 < len(self._pieces) and self._joins(last, last + 1, self._inner):
            last += 1
        return self._documentation(first, last, 0)

    def _first_of_run(self, at: int, mark: re.Pattern[bytes]) -> int:
        """Comments of one line each, one below the other, are one comment."""
        while at and self._joins(at - 1, at, mark):
            at -= 1
        return at

    def _joins(self, upper: int, lower: int, mark: re.Pattern[bytes]) -> bool:
        one, other = self._pieces[upper], self._pieces[lower]
        return (
            one.is_comment
            and other.is_comment
            and one.own_line
            and one.last == other.line - 1
            and not any(self._is_block(piece) for piece in (one, other))
            and self._begins(mark, one)
            and self._begins(mark, other)
        )

    def _begins(self, mark: re.Pattern[bytes], piece: _Piece) -> bool:
        return mark.match(self._source, piece.start) is not None

    def _is_block(self, piece: _Piece) -> bool:
        return self._source[piece.start : piece.start + 2] in (b"/*", b"=b")

    def _documentation(self, first: int, last: int, line: int) -> Documentation | None:
        """The run as documentation of what begins on `line`, unless it is the file's, or empty."""
        begin, end = self._pieces[first], self._pieces[last]
        text = self._source[begin.start : end.end]
        if first < self._opening and line:
            apart = line - end.last > 1
            if apart or _LICENCE.search(text[:_LICENCE_WITHIN]):
                return None
        lines = text.decode("utf-8", "replace").split("\n")
        return Documentation(begin.line, end.last) if any(prose(lines)) else None

    def _count_opening(self) -> int:
        """How many comments stand before anything else in the file."""
        edge = 0
        for count, piece in enumerate(self._pieces):
            if self._source[edge : piece.start].strip() not in _OPENING:
                return count
            edge = piece.end
        return len(self._pieces)


def _piece(node: Node, source: bytes, is_comment: bool) -> _Piece:
    start, line = node.start_byte, line_of(node)
    text = source[start : node.end_byte].rstrip()  # Rust's line comments hold their line's end
    before = source[start - node.start_point.column : start]
    last = line + text.count(b"\n")
    return _Piece(start, start + len(text), line, last, is_comment, not before.strip())
