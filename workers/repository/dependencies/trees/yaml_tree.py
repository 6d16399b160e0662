"""YAML with lines, built from the parser's events: nothing is constructed, aliases stay shared."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from workers.repository.dependencies.listing import Unreadable
from workers.repository.dependencies.trees.node import DEEPEST, MOST_NODES, Node

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's events come ten times as fast; the safe loader's constructors are never called."""


def yaml_trees(text: str) -> list[Node]:
    """Each document of the file. An alias is the anchored node itself, so nothing multiplies.

    Raises:
        Unreadable: it is not YAML, or it is deeper or larger than any manifest.
    """
    try:
        return _Builder().documents(yaml.parse(text, Loader=_LOADER))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise error if isinstance(error, Unreadable) else Unreadable("it is not YAML") from error


class _Builder:
    """Events in, nodes out."""

    def __init__(self) -> None:
        self._nodes = 0

    def documents(self, events: Iterator[yaml.Event]) -> list[Node]:
        found: list[Node] = []
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                found.append(self._node(next(events), events, {}, DEEPEST))
        return found

    def _node(
        self, event: yaml.Event, events: Iterator[yaml.Event], known: dict[str, Node], levels: int
    ) -> Node:
        self._nodes += 1
        if levels < 0 or self._nodes > MOST_NODES:
            raise Unreadable("its YAML is too deep or has too many values")
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            return Node(line, known.get(str(event.anchor), Node(line, None)).value)
        made = Node(line, self._value(event, events, known, levels - 1))
        anchor = getattr(event, "anchor", None)
        if anchor:
            known[anchor] = made
        return made

    def _value(
        self, event: yaml.Event, events: Iterator[yaml.Event], known: dict[str, Node], levels: int
    ) -> str | list[Node] | dict[str, Node] | None:
        if isinstance(event, yaml.ScalarEvent):
            null = event.implicit[0] and event.value in ("", "~", "null")
            return None if null else str(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, known, levels)
        return self._mapping(events, known, levels)

    def _list(
        self, events: Iterator[yaml.Event], known: dict[str, Node], levels: int
    ) -> list[Node]:
        found: list[Node] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            found.append(self._node(event, events, known, levels))
        return found

    def _mapping(
        self, events: Iterator[yaml.Event], known: dict[str, Node], levels: int
    ) -> dict[str, Node]:
        found: dict[str, Node] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, known, levels)
            value = self._node(next(events), events, known, levels)
            found[key.text] = Node(key.line, value.value)
        return found
