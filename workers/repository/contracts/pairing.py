"""Which definition after a change is which before it: same, renamed, moved. Pure, across files.

Outer definitions are paired before inner ones, so that a class takes its members with it when it
is renamed or moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from workers.repository.contracts.likeness import moves, renames, same_values
from workers.repository.contracts.sides import FileSide, Node
from workers.repository.outline import VALUES

MOST_COMPARED = 3_000
"""Removed and added definitions of one level; above it, only equal names are paired."""


@dataclass(slots=True)
class Pairing:
    """What was found. `moved` are those that left their file or the definition around them."""

    partner: dict[Node, Node] = field(default_factory=dict)
    moved: set[Node] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    _taken: set[Node] = field(default_factory=set)

    def join(self, before: Node, after: Node) -> None:
        """These two are one definition."""
        self.partner[before] = after
        self._taken.add(after)

    def left(self, nodes: Iterable[Node]) -> list[Node]:
        """Those that have no partner yet."""
        return [each for each in nodes if each not in self.partner and each not in self._taken]


def paired(files: Sequence[tuple[FileSide, FileSide]]) -> Pairing:
    """Pair the definitions of all changed files, level by level, then those that moved."""
    found = Pairing()
    home = {after: number for number, (_, after) in enumerate(files)}
    was = {before: number for number, (before, _) in enumerate(files)}
    old = [node for before, _ in files for node in before.nodes]
    new = [node for _, after in files for node in after.nodes]
    for depth in range(max((node.depth for node in (*old, *new)), default=-1) + 1):
        here = _places(found, [node for node in old if node.depth == depth], was)
        there = _places_after([node for node in new if node.depth == depth], home)
        for place, befores in here.items():
            _pair_place(found, befores, there.get(place, []))
        _pair_moved(found, _at(old, depth), _at(new, depth))
    _pair_moved(found, old, new)
    return found


def _at(nodes: Iterable[Node], depth: int) -> list[Node]:
    return [node for node in nodes if node.depth == depth]


def _places(
    found: Pairing, nodes: Iterable[Node], was: dict[FileSide, int]
) -> dict[Hashable, list[Node]]:
    """Definitions by where they should stand now: their file, or their parent's partner."""
    places: dict[Hashable, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.parent is None:
            places[was[node.side], node.entry.container].append(node)
        elif node.parent in found.partner:
            places[found.partner[node.parent]].append(node)
    return places


def _places_after(nodes: Iterable[Node], home: dict[FileSide, int]) -> dict[Hashable, list[Node]]:
    places: dict[Hashable, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.parent is None:
            places[home[node.side], node.entry.container].append(node)
        else:
            places[node.parent].append(node)
    return places


def _pair_place(found: Pairing, befores: list[Node], afters: list[Node]) -> None:
    """Within one place: equal names first, then by body."""
    named: dict[str, list[Node]] = defaultdict(list)
    for node in afters:
        named[node.entry.simple].append(node)
    old: dict[str, list[Node]] = defaultdict(list)
    for node in befores:
        old[node.entry.simple].append(node)
    for name, group in old.items():
        if name in named:
            _pair_overloads(found, group, named[name])
    _pair_renamed(found, found.left(befores), found.left(afters))


def _pair_overloads(found: Pairing, befores: list[Node], afters: list[Node]) -> None:
    """Definitions of one name: unchanged ones first, then the most alike of one role."""
    if len(befores) == len(afters) == 1:
        found.join(befores[0], afters[0])
        return
    for rule in (_unchanged, _same_parameters, _role, _family):
        for before in found.left(befores):
            alike = [a for a in found.left(afters) if rule(before) == rule(a)]
            if rule in (_role, _family):
                alike.sort(key=lambda after: -_alike_parameters(before, after))
            if alike:
                found.join(before, alike[0])


def _unchanged(node: Node) -> Hashable:
    return node.contract.code


def _same_parameters(node: Node) -> Hashable:
    """Normalised types, or names where the language has none; what an overload is told by."""
    parameters = node.contract.parameters
    types = None if parameters is None else tuple(p.type or p.name for p in parameters)
    return _role(node), types


def _role(node: Node) -> Hashable:
    """A property's getter, setter or deleter, an overload's stub, a declaration without a body."""
    marks = [mark.lstrip("@") for mark in node.contract.decorators]
    accessors = [mark.rpartition(".")[2] for mark in marks if mark.endswith(_ACCESSORS)]
    stubs = ["overload" for mark in marks if mark.rpartition(".")[2] == "overload"]
    words = [word for word in ("get", "set", "static") if word in node.contract.modifiers]
    return node.family, *accessors, *stubs, *words, node.contract.has_body


def _family(node: Node) -> Hashable:
    return node.family


_ACCESSORS = (".setter", ".getter", ".deleter")


def _alike_parameters(one: Node, other: Node) -> float:
    """How many parameters two overloads share, by name and by type."""
    sides = [
        {part for p in node.contract.parameters or () for part in ((p.name, ""), ("", p.type))}
        for node in (one, other)
    ]
    union = len(sides[0] | sides[1])
    return len(sides[0] & sides[1]) / union if union else 1.0


def _pair_renamed(found: Pairing, befores: list[Node], afters: list[Node]) -> None:
    if _too_many(found, befores, afters):
        return
    for before, after in same_values(_values(befores), _values(afters)):
        found.join(before, after)
    for before, after in renames(_bodies(befores), _bodies(afters)):
        found.join(before, after)


def _pair_moved(found: Pairing, befores: list[Node], afters: list[Node]) -> None:
    """To another file or into another definition; what stands inside an unpaired one waits."""
    old, new = found.left(befores), found.left(afters)
    if _too_many(found, old, new):
        return
    for before, after in moves(_bodies(old), _bodies(new)):
        found.join(before, after)
        found.moved.add(before)


def _too_many(found: Pairing, befores: list[Node], afters: list[Node]) -> bool:
    if min(len(befores), len(afters)) and len(befores) + len(afters) > MOST_COMPARED:
        note = (
            f"renames and moves: not looked for among {len(befores):,} removed and "
            f"{len(afters):,} added definitions"
        )
        if note not in found.notes:
            found.notes.append(note)
        return True
    return False


def _values(nodes: Iterable[Node]) -> list[Node]:
    return [node for node in nodes if node.entry.kind in VALUES]


def _bodies(nodes: Iterable[Node]) -> list[Node]:
    return [node for node in nodes if node.entry.kind not in VALUES]
