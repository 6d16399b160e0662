"""A value of a structured file and the line on which it begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

DEEPEST = 64
"""Levels. Real manifests stay below twenty."""
MOST_NODES = 600_000
"""Values of one file: a lock file of two megabytes has about a third of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A mapping, a list or a scalar; numbers, dates and booleans are their text, null is None.

    Every question has an answer, so that a reader needs no check of shapes: what is not there, or
    is of another shape, is empty.
    """

    line: int
    value: str | list[Node] | dict[str, Node] | None

    @property
    def text(self) -> str:
        """The scalar, else ""."""
        return self.value if isinstance(self.value, str) else ""

    def items(self) -> Iterator[tuple[str, Node]]:
        """Key and value of each entry of a mapping."""
        if isinstance(self.value, dict):
            yield from self.value.items()

    def entries(self) -> Iterator[Node]:
        """Each element of a list."""
        if isinstance(self.value, list):
            yield from self.value

    def has(self, key: str) -> bool:
        """Whether the mapping has this key."""
        return isinstance(self.value, dict) and key in self.value

    def at(self, *keys: str) -> Node:
        """The value below these keys; an empty one where there is none."""
        found = self
        for key in keys:
            inner = found.value.get(key) if isinstance(found.value, dict) else None
            if inner is None:
                return Node(self.line, None)
            found = inner
        return found

    def texts(self) -> tuple[str, ...]:
        """The scalars of a list."""
        return tuple(entry.text for entry in self.entries() if entry.text)
