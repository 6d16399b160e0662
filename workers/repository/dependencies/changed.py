"""What a change does to the dependencies: its manifests and lock files read on both sides."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.domain.diff import ChangeSet, FileChange
from bot.ports import Code
from workers.repository.dependencies.bumps import Bump, ChangedFile, asked_by, bumps_of
from workers.repository.dependencies.formats import format_of, manifest_names, read_listing
from workers.repository.dependencies.listing import Ecosystem, Listing, Unreadable
from workers.repository.dependencies.users import NameUse, Users, users_of
from workers.repository.file_kinds import file_kind
from workers.repository.snapshot import Snapshot

MOST_FILES = 60
MOST_BUMPS = 300
_SAMPLES = re.compile(r"(^|/)(fixtures?|__fixtures__|testdata|test-data|test_data|snapshots)/")
"""Manifests below these are input of tests, not what the repository depends on."""


@dataclass(frozen=True, slots=True)
class BrokenName:
    """A name in use that a raised package breaks; `what` is prose, `uses` the lines here."""

    name: str
    what: str
    uses: tuple[NameUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The moves of packages, the most telling first; by `users.key_of` who imports each.

    `broken` is empty unless the operator named package indexes.
    """

    bumps: tuple[Bump, ...] = ()
    users: Mapping[str, Users] = field(default_factory=dict)
    broken: Mapping[str, tuple[BrokenName, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def changed_dependencies(
    code: Code, before: Snapshot, after: Snapshot, change: ChangeSet, skip: Callable[[str], bool]
) -> Dependencies:
    """Read what changed, and look up who imports it. Nothing is fetched."""
    files = Files(before, after)
    wanted = [entry for entry in change.files if is_ours(entry, skip)]
    changed = [files.changed(entry) for entry in wanted[:MOST_FILES]]
    if len(wanted) > MOST_FILES:
        left = len(wanted) - MOST_FILES
        files.notes.append(f"dependencies: {left} of {len(wanted)} manifests were not read")
    bumps = bumps_of(changed, _asked_for(files, changed))
    if len(bumps) > MOST_BUMPS:
        files.notes.append(f"dependencies: only {MOST_BUMPS} of {len(bumps)} moves are told")
    bumps = bumps[:MOST_BUMPS]
    users = users_of(bumps, code, change.head, skip)
    return Dependencies(tuple(bumps), users, notes=tuple(dict.fromkeys(files.notes)))


def is_ours(entry: FileChange, skip: Callable[[str], bool]) -> bool:
    """Whether it is a manifest or lock file of the repository itself, as text."""
    return (
        entry.kind == "text"
        and format_of(entry.path) is not None
        and not skip(entry.path)
        and file_kind(entry) != "vendored"
        and _SAMPLES.search(entry.path) is None
    )


class Files:
    """Manifests and lock files of both states, each read once; what cannot be read is noted."""

    def __init__(self, before: Snapshot, after: Snapshot) -> None:
        self.before = before
        self.after = after
        self.notes: list[str] = []
        self._read: dict[tuple[bool, str], Listing | None] = {}

    def at_base(self, path: str) -> Listing | None:
        """What the file said before the change; None if it is absent or unreadable."""
        return self._listing(self.before, path)

    def at_head(self, path: str) -> Listing | None:
        """What it says after it."""
        return self._listing(self.after, path)

    def changed(self, entry: FileChange) -> ChangedFile:
        """Both sides of one changed file."""
        form = format_of(entry.path)
        old = entry.old_path or entry.path
        before = self.at_base(old) if entry.status != "added" else None
        after = self.at_head(entry.path) if entry.status != "deleted" else None
        return ChangedFile(entry.path, form.role if form else "manifest", before, after)

    def _listing(self, snapshot: Snapshot, path: str) -> Listing | None:
        key = (snapshot is self.after, path)
        if key not in self._read:
            self._read[key] = self._listed(snapshot, path)
        return self._read[key]

    def _listed(self, snapshot: Snapshot, path: str) -> Listing | None:
        form, content = format_of(path), snapshot.content(path)
        if form is None or path not in snapshot.paths:
            return None
        if content is None:
            self.notes.append(f"{path}: its dependencies are not read, it is too large")
            return None
        try:
            listing = read_listing(form, content)
        except Unreadable as error:
            self.notes.append(f"{path}: its dependencies are not read, {error}")
            return None
        self.notes += [f"{path}: {note}" for note in listing.notes]
        return listing


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
