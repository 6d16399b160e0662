"""Where a manifest and its lock file part: a name that is not locked, a version out of range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workers.repository.dependencies.listing import Listing, Locked, Requirement
from workers.repository.dependencies.ranges import allows

_UNLOCKED_SCOPES = ("peer", "build", "optional", "plugin", "parent")
"""Package managers do not lock these, or not always."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One requirement that the lock file does not meet. `locked` is empty where the name lacks."""

    wanted: Requirement
    locked: tuple[Locked, ...]


def disagreements(manifest: Listing, lock: Listing) -> Iterator[Disagreement]:
    """Only what is certain from the two texts; a condition, an override or a link is left alone."""
    if manifest.overridden or not lock.locked:
        return
    by_name: dict[str, list[Locked]] = {}
    for entry in lock.locked:
        by_name.setdefault(entry.name, []).append(entry)
    for wanted in manifest.requirements:
        if wanted.source or wanted.scope in _UNLOCKED_SCOPES or wanted.name in lock.provided:
            continue
        if wanted.conditional and lock.direct is not None and wanted.name not in lock.direct:
            continue  # what is locked under its name came in another way
        locked = by_name.get(wanted.name, [])
        missing = not locked and not wanted.conditional
        if manifest.ecosystem == "go":
            missing = not _hashed(wanted, locked)
        if missing:
            yield Disagreement(wanted, ())
        elif locked and not _met(manifest, wanted, locked):
            yield Disagreement(wanted, tuple(locked))


def _hashed(wanted: Requirement, locked: list[Locked]) -> bool:
    """go.sum keeps hashes of many versions; that of the one asked for must be among them."""
    return wanted.constraint in {entry.version.removesuffix("/go.mod") for entry in locked}


def _met(manifest: Listing, wanted: Requirement, locked: list[Locked]) -> bool:
    told = [allows(manifest.ecosystem, wanted.constraint, entry.version) for entry in locked]
    return any(answer is not False for answer in told)
