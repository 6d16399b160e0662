"""JSON with lines. `json` tells no positions, and bun.lock has comments and trailing commas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from workers.repository.dependencies.listing import Unreadable
from workers.repository.dependencies.trees.node import DEEPEST, MOST_NODES, Node

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<string>"[^"\\\n]*(?:\\.[^"\\\n]*)*")
    |(?P<mark>[{}\[\]:,])
    |(?P<word>[\w.+-]+)""",
    re.VERBOSE | re.DOTALL,
)
_Token = tuple[str, str, int]
"""(kind, text, line)."""


def json_tree(text: str) -> Node:
    """The whole value. A repeated key counts once, the last time.

    Raises:
        Unreadable: it is not JSON, or it is deeper or larger than any manifest.
    """
    reader = _Reader(text)
    value = reader.value(reader.next(), DEEPEST)
    if reader.next()[0] != "end":
        raise Unreadable("it is not JSON")
    return value


class _Reader:
    """Reads tokens once, from the first to the last."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._nodes = 0

    def next(self) -> _Token:
        return next(self._tokens)

    def value(self, token: _Token, levels: int) -> Node:
        kind, text, line = token
        self._nodes += 1
        if levels < 0 or self._nodes > MOST_NODES:
            raise Unreadable("its JSON is too deep or has too many values")
        if kind == "string":
            return Node(line, _unquoted(text))
        if kind == "word":
            return Node(line, None if text == "null" else text)
        if text == "{":
            return Node(line, self._mapping(levels - 1))
        if text == "[":
            return Node(line, self._list(levels - 1))
        raise Unreadable("it is not JSON")

    def _mapping(self, levels: int) -> dict[str, Node]:
        found: dict[str, Node] = {}
        token = self.next()
        while token[1] != "}" or token[0] != "mark":
            if token[0] != "string" or self.next()[1] != ":":
                raise Unreadable("it is not JSON")
            value = self.value(self.next(), levels)
            found[_unquoted(token[1])] = Node(token[2], value.value)
            token = self._after_value("}")
        return found

    def _list(self, levels: int) -> list[Node]:
        found: list[Node] = []
        token = self.next()
        while token[1] != "]" or token[0] != "mark":
            found.append(self.value(token, levels))
            token = self._after_value("]")
        return found

    def _after_value(self, end: str) -> _Token:
        """The next element's first token, or the end; a comma before the end is forgiven."""
        kind, text, line = self.next()
        if kind == "mark" and text == ",":
            return self.next()
        if kind == "mark" and text == end:
            return kind, text, line
        raise Unreadable("it is not JSON")


def _tokens(text: str) -> Iterator[_Token]:
    line, position = 1, 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise Unreadable("it is not JSON")
        if found.lastgroup == "space":
            line += found.group().count("\n")
        else:
            yield str(found.lastgroup), found.group(), line
        position = found.end()
    yield "end", "", line


def _unquoted(text: str) -> str:
    if "\\" not in text:
        return text[1:-1]
    try:
        return str(json.loads(text, strict=False))
    except ValueError as error:
        raise Unreadable("it is not JSON") from error
