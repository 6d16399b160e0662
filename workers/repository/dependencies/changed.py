"""What a change does to the dependencies: its manifests and lock files read on both sides."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain.diff import ChangeSet, FileChange
from bot.ports import Code
from workers.repository.dependencies.bumps import Bump, ChangedFile, asked_by, bumps_of
from workers.repository.dependencies.files import Files
from workers.repository.dependencies.formats import manifest_names
from workers.repository.dependencies.listing import Ecosystem
from workers.repository.dependencies.users import NameUse, Users, users_of
from workers.repository.snapshot import Snapshot

MOST_FILES = 60
MOST_BUMPS = 300
SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class BrokenName:
    """A name in use that a raised package breaks; `what` is prose, `uses` the lines here."""

    name: str
    what: str
    uses: tuple[NameUse, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexChange:
    """A file names other places to take packages from."""

    path: str
    came: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The moves of packages, the most telling first; by `users.key_of` who imports each.

    `broken` is empty unless the operator named package indexes.
    """

    bumps: tuple[Bump, ...] = ()
    users: Mapping[str, Users] = field(default_factory=dict)
    broken: Mapping[str, tuple[BrokenName, ...]] = field(default_factory=dict)
    indexes: tuple[IndexChange, ...] = ()
    notes: tuple[str, ...] = ()


def changed_dependencies(
    code: Code, before: Snapshot, after: Snapshot, change: ChangeSet, skip: Callable[[str], bool]
) -> Dependencies:
    """Read what changed, and look up who imports it, within some seconds. Nothing is fetched."""
    deadline = time.monotonic() + SECONDS
    files = Files(before, after)
    wanted = [entry for entry in change.files if files.is_ours(entry, skip)]
    changed = list(_read(files, wanted, deadline))
    bumps = bumps_of(changed, _asked_for(files, changed))
    if len(bumps) > MOST_BUMPS:
        files.notes.append(f"dependencies: only {MOST_BUMPS} of {len(bumps)} moves are told")
    bumps = bumps[:MOST_BUMPS]
    users = users_of(bumps, code, change.head, skip, deadline)
    indexes = tuple(_index_changes(changed))
    notes = tuple(dict.fromkeys(files.notes))
    return Dependencies(tuple(bumps), users, indexes=indexes, notes=notes)


def _read(files: Files, wanted: list[FileChange], deadline: float) -> Iterator[ChangedFile]:
    for number, entry in enumerate(wanted):
        if number == MOST_FILES or time.monotonic() > deadline:
            left = len(wanted) - number
            files.notes.append(f"dependencies: {left} of {len(wanted)} manifests were not read")
            return
        yield files.changed(entry)


def _index_changes(changed: list[ChangedFile]) -> Iterator[IndexChange]:
    for file in changed:
        old = file.before.indexes if file.before is not None else ()
        new = file.after.indexes if file.after is not None else ()
        came = tuple(place for place in new if place not in old)
        gone = tuple(place for place in old if place not in new)
        if came or (gone and new):
            yield IndexChange(file.path, came, gone)


def _asked_for(files: Files, changed: list[ChangedFile]) -> frozenset[tuple[Ecosystem, str]]:
    """What unchanged manifests beside changed lock files ask for."""
    found: set[tuple[Ecosystem, str]] = set()
    for file in changed:
        folder, slash, name = file.path.rpartition("/")
        for manifest in manifest_names(name):
            listing = files.at_head(f"{folder}{slash}{manifest}")
            if listing is not None:
                found |= {(listing.ecosystem, name) for name in asked_by(listing)}
    return frozenset(found)
