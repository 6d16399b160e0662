"""Which changed files belong together, and into which prompts they go (pure).

A caller and what it calls are read side by side: defects live between files.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.diff import FileChange
from workers.context.parts import Part
from workers.repository.knowledge import Knowledge

_WORD = re.compile(r"[^\W\d]\w{3,}")
_MOST_USERS = 8
"""A new name that more changed files hold ties everything to everything."""


@dataclass(slots=True)
class Group:
    """One prompt's parts while it is filled; tokens."""

    room: int
    parts: list[Part] = field(default_factory=list)

    def take(self, parts: Sequence[Part]) -> bool:
        """Put all of them in, or none."""
        cost = sum(part.tokens for part in parts)
        if cost > self.room:
            return False
        self.room -= cost
        self.parts += parts
        return True


def connected(read: Sequence[FileChange], knowledge: Knowledge) -> list[list[str]]:
    """The files in groups that name each other, in the order of `read`; most stand alone."""
    leader = {file.path: file.path for file in read}

    def find(path: str) -> str:
        while leader[path] != path:
            path = leader[path]
        return path

    for one, other in _ties(read, knowledge):
        if one in leader and other in leader:
            leader[find(other)] = find(one)
    groups: dict[str, list[str]] = defaultdict(list)
    for file in read:
        groups[find(file.path)].append(file.path)
    return list(groups.values())


def _ties(read: Sequence[FileChange], knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Pairs of paths: a definition and who relies on it, a string and where else it stands."""
    for symbol in knowledge.changed:
        yield from ((symbol.path, site.path) for site in symbol.sites if site.tier != "T3")
    for link in knowledge.links:
        yield from ((link.key.path, place.path) for place in link.places)
    users = _users(read)
    for symbol in knowledge.changed:
        if symbol.change == "added":
            named = users.get(symbol.name.rpartition(".")[2], ())
            if len(named) <= _MOST_USERS:
                yield from ((symbol.path, path) for path in named)


def _users(read: Iterable[FileChange]) -> Mapping[str, set[str]]:
    """The changed files whose changed lines hold a word."""
    users: dict[str, set[str]] = defaultdict(set)
    for file in read:
        for hunk in file.hunks:
            for line in hunk.lines:
                if line.kind != " ":
                    for word in _WORD.findall(line.text):
                        users[word].add(file.path)
    return users


def grouped(
    together: Sequence[Sequence[str]], parts: Mapping[str, Sequence[Part]], room: int, most: int
) -> tuple[list[Group], list[Part]]:
    """At most `most` groups of `room` tokens each, and the parts that no group has room for.

    What belongs together shares a group where it fits into one; else it is dealt out part by part.
    """
    groups: list[Group] = []
    cut: list[Part] = []
    for paths in together:
        mine = [part for path in paths for part in parts.get(path, ())]
        if not mine or _placed(mine, groups, room, most):
            continue
        cut += [part for part in mine if not _placed([part], groups, room, most)]
    return groups, cut


def _placed(parts: Sequence[Part], groups: list[Group], room: int, most: int) -> bool:
    if any(group.take(parts) for group in groups):
        return True
    if len(groups) == most:
        return False
    fresh = Group(room)
    if not fresh.take(parts):
        return False
    groups.append(fresh)
    return True


def filled(groups: Sequence[Group], known: Iterable[Sequence[Part]], room: int) -> list[Group]:
    """The last group with what was read before beside it, as far as there is room."""
    *full, last = groups or (Group(room),)
    for parts in known:
        last.take(parts)
    return [group for group in (*full, last) if group.parts]
