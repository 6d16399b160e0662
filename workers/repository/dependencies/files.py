"""The manifests and lock files of a repository before and after a change, each read once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import cached_property

from bot.domain.diff import FileChange
from workers.repository.dependencies.bumps import ChangedFile
from workers.repository.dependencies.formats import (
    REQUIREMENTS,
    Format,
    format_of,
    read_listing,
)
from workers.repository.dependencies.listing import Listing, Unreadable
from workers.repository.file_kinds import file_kind
from workers.repository.snapshot import Snapshot

_MOST_INCLUDING = 30
"""Requirements files that are read for what they include."""
_MAY_BE_INCLUDED = (".txt", ".in", ".pip")
_SAMPLES = re.compile(r"(^|/)(fixtures?|__fixtures__|testdata|test-data|test_data|snapshots)/")
"""Manifests below these are input of tests, not what the repository depends on."""


class Files:
    """Listings by path, at the base and after the change. What cannot be read is noted."""

    def __init__(self, before: Snapshot, after: Snapshot) -> None:
        self.before = before
        self.after = after
        self.notes: list[str] = []
        self._read: dict[tuple[bool, str], Listing | None] = {}

    def is_ours(self, entry: FileChange, skip: Callable[[str], bool]) -> bool:
        """Whether it is a manifest or lock file of the repository itself, as text."""
        return (
            entry.kind == "text"
            and self._form(entry.path) is not None
            and not skip(entry.path)
            and file_kind(entry) != "vendored"
            and _SAMPLES.search(entry.path) is None
        )

    def at_base(self, path: str) -> Listing | None:
        """What the file said before the change; None if it is absent or unreadable."""
        return self._listing(self.before, path)

    def at_head(self, path: str) -> Listing | None:
        """What it says after it."""
        return self._listing(self.after, path)

    def changed(self, entry: FileChange) -> ChangedFile:
        """Both sides of one changed file."""
        form = self._form(entry.path)
        old = entry.old_path or entry.path
        before = self.at_base(old) if entry.status != "added" else None
        after = self.at_head(entry.path) if entry.status != "deleted" else None
        return ChangedFile(entry.path, form.role if form else "manifest", before, after)

    def _form(self, path: str) -> Format | None:
        known = format_of(path)
        if known is not None or not path.endswith(_MAY_BE_INCLUDED):
            return known
        return REQUIREMENTS if path in self._included else None

    @cached_property
    def _included(self) -> frozenset[str]:
        """What requirements files include by `-r` and `-c`, whatever its name."""
        return frozenset(self._includes())

    def _includes(self) -> Iterator[str]:
        known = sorted(path for path in self.after.paths if format_of(path) is REQUIREMENTS)
        for path in known[:_MOST_INCLUDING]:
            listing = self.at_head(path)
            for name in listing.includes if listing is not None else ():
                yield posixpath.normpath(posixpath.join(posixpath.dirname(path), name))

    def _listing(self, snapshot: Snapshot, path: str) -> Listing | None:
        key = (snapshot is self.after, path)
        if key not in self._read:
            self._read[key] = self._listed(snapshot, path)
        return self._read[key]

    def _listed(self, snapshot: Snapshot, path: str) -> Listing | None:
        if path not in snapshot.paths:
            return None
        form, content = self._form(path), snapshot.content(path)
        if form is None:
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
