"""Which removed definition reads like which added one. Pure; bounded work on hostile input."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from workers.repository.contracts.sides import FUNCTIONS, Node

_WORD = re.compile(r"\w+|[^\w\s]")
_WORDS_KEPT = 3_000
"""Of one body; longer ones are compared by their beginning."""
_RIVALS = 4
"""Added definitions that one removed one is compared with, the likeliest first."""
_COMMON = 40
"""A word in more bodies than this tells none of them apart."""
_SMALL, _TINY = 30, 12
_CONSTRUCTORS = ("__init__", "__new__", "constructor", "initialize", "__construct", "init")

Pair = tuple[Node, Node]


@dataclass(frozen=True, slots=False, eq=False)
class _Body:
    """A definition's words, its own name blanked, so that a rename compares equal."""

    node: Node

    @cached_property
    def words(self) -> list[str]:
        name, found = self.node.entry.simple, _WORD.findall(self.node.text)[:_WORDS_KEPT]
        return ["\0" if word == name else word for word in found]

    @cached_property
    def counted(self) -> Counter[str]:
        return Counter(self.words)

    def like(self, other: _Body) -> float:
        """0 to 1: the share of words that stand in both, in order."""
        sizes = sorted((len(self.words), len(other.words)))
        if not sizes[1] or 2 * sizes[0] / sum(sizes) < 0.5:
            return 0.0
        if (self.counted & other.counted).total() * 2 / sum(sizes) < 0.5:
            return 0.0
        return SequenceMatcher(None, self.words, other.words, autojunk=False).ratio()


def renames(befores: Iterable[Node], afters: Iterable[Node]) -> Iterator[Pair]:
    """Pairs of one place, most alike first. The shorter a body, the more alike it has to be."""
    yield from _best(befores, afters, _enough_for_rename)


def moves(befores: Iterable[Node], afters: Iterable[Node]) -> Iterator[Pair]:
    """Pairs of different places: of one name, or nearly of one body."""
    yield from _best(befores, afters, _enough_for_move)


def _enough_for_rename(before: _Body, after: _Body) -> float:
    size = len(before.words)
    alike = 0.95 if size < _TINY else 0.85 if size < _SMALL else 0.7
    kin = _parts(before.node.entry.simple) & _parts(after.node.entry.simple)
    return alike - 0.1 if kin else alike


def _enough_for_move(before: _Body, after: _Body) -> float:
    size, nested = len(before.words), before.node.depth or after.node.depth
    if before.node.entry.simple in _CONSTRUCTORS:
        return 2.0
    if before.node.entry.simple == after.node.entry.simple:
        if before.node.entry.kind in FUNCTIONS and nested:
            return 0.85 if size >= _SMALL else 2.0
        return 0.6 if size >= _SMALL else 0.9
    return 0.9 if size >= 2 * _SMALL and not nested else 2.0


def _best(
    befores: Iterable[Node], afters: Iterable[Node], enough: Callable[[_Body, _Body], float]
) -> Iterator[Pair]:
    scored: list[tuple[float, int, _Body, _Body]] = []
    for before, rivals in _rivals([_Body(n) for n in befores], [_Body(n) for n in afters]):
        for after in rivals:
            needed = enough(before, after)
            alike = before.like(after) if needed <= 1.0 else 0.0
            if alike >= needed:
                scored.append((-alike, len(scored), before, after))
    taken: set[Node] = set()
    for _, _, before, after in sorted(scored, key=lambda entry: entry[:2]):
        if not taken & {before.node, after.node}:
            taken |= {before.node, after.node}
            yield before.node, after.node


def _rivals(befores: list[_Body], afters: list[_Body]) -> Iterator[tuple[_Body, list[_Body]]]:
    """For each removed definition the added ones that share most of its telling words."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, after in enumerate(afters):
        for word in after.counted:
            holders[word].append(number)
    for before in befores:
        shared: Counter[int] = Counter()
        for word in before.counted:
            if len(holders[word]) <= max(_COMMON, 0.2 * len(afters)):
                shared.update(holders[word])
        same = [i for i, a in enumerate(afters) if a.node.entry.simple == before.node.entry.simple]
        likely = [number for number, _ in shared.most_common(3 * _RIVALS)]
        chosen = [
            afters[number]
            for number in dict.fromkeys((*same[:_RIVALS], *likely))
            if afters[number].node.family == before.node.family
        ]
        yield before, chosen[: 2 * _RIVALS]


def _parts(name: str) -> set[str]:
    """`timeout` and `default` of `DEFAULT_TIMEOUT`, `defaultTimeout`."""
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)}


def same_values(befores: Sequence[Node], afters: Sequence[Node]) -> Iterator[Pair]:
    """Constants and fields of another name and the same value or type, where only one is so."""
    for before in befores:
        text = _value_text(before)
        kin = [a for a in afters if _value_text(a) == text]
        twins = [b for b in befores if _value_text(b) == text]
        alike = _parts(before.entry.simple) & _parts(kin[0].entry.simple) if kin else set()
        if text and len(kin) == len(twins) == 1 and alike:
            yield before, kin[0]


def _value_text(node: Node) -> tuple[str, str] | None:
    contract = node.contract
    return (contract.type, contract.value) if contract.type or contract.value else None
