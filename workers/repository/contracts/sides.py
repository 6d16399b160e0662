"""One side of a changed file: its outline, its lines, and its definitions as a tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from workers.repository.contracts.contract import Contract
from workers.repository.outline import Outline, OutlinedDefinition

FUNCTIONS = ("function", "method")
_TYPES = ("class", "struct", "interface", "trait", "type")


class FileSide:
    """One side of a changed file. Its contracts are read when first asked for."""

    def __init__(
        self,
        path: str,
        outline: Outline,
        lines: Sequence[str],
        contracts: Callable[[], Sequence[Contract]],
    ) -> None:
        self.path = path
        self.outline = outline
        self.lines = lines
        self._contracts = contracts

    @cached_property
    def contracts(self) -> Sequence[Contract]:
        """One for each definition of the outline, in its order."""
        return self._contracts()

    @property
    def unread(self) -> bool:
        """Whether contracts were asked for and could not be read."""
        return "contracts" in self.__dict__ and bool(self.outline.definitions) > bool(
            self.contracts
        )

    @cached_property
    def nodes(self) -> list[Node]:
        """The definitions that others can name: all but those inside a function."""
        found: list[Node] = []
        around: dict[str, Node] = {}
        inside: list[OutlinedDefinition] = []
        for number, entry in enumerate(self.outline.definitions):
            inside = [outer for outer in inside if outer.end_line >= entry.end_line]
            if entry.container and any(_is_around(outer, entry) for outer in inside):
                continue
            node = Node(self, number, around.get(entry.container))
            around[entry.name] = node
            found.append(node)
            if entry.kind in FUNCTIONS:
                inside.append(entry)
        return found


def _is_around(outer: OutlinedDefinition, entry: OutlinedDefinition) -> bool:
    return entry.name.startswith(f"{outer.name}.") and outer.line <= entry.line


NOTHING = FileSide("", Outline(), (), tuple)
"""The missing side of an added or a deleted file."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A definition on one side; compared by identity. `parent` is the definition around it."""

    side: FileSide
    number: int
    parent: Node | None

    @property
    def entry(self) -> OutlinedDefinition:
        """The outlined definition."""
        return self.side.outline.definitions[self.number]

    @property
    def contract(self) -> Contract:
        """Its contract; an empty one where none could be read."""
        known = self.side.contracts
        return known[self.number] if self.number < len(known) else Contract()

    @property
    def text(self) -> str:
        """Its lines."""
        return "\n".join(self.side.lines[self.entry.line - 1 : self.entry.end_line])

    @property
    def documentation(self) -> str:
        """The first sentence of what documents it, "..." where that has none, "" for nothing."""
        place = self.entry.documentation
        return (place.sentence(self.side.lines) or "...") if place is not None else ""

    @property
    def depth(self) -> int:
        """How many definitions are around it."""
        return 0 if self.parent is None else self.parent.depth + 1

    @property
    def family(self) -> str:
        """Kinds that a definition may change between without becoming another."""
        kind = self.entry.kind
        return "callable" if kind in FUNCTIONS else "type" if kind in _TYPES else kind
