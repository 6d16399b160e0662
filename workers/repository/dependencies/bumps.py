"""Which package moved from which version to which, from both sides of the changed files. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from workers.repository.dependencies.formats import Role
from workers.repository.dependencies.listing import Ecosystem, Listing, Locked, Requirement
from workers.repository.dependencies.pins import WORDS, Pin, pin_of
from workers.repository.dependencies.versions import Step, highest, may_break, step, version_key

_LOWEST = re.compile(r"(?<![<!\w.=-])(?:===?|[~^>]=?|~>|=)?\s*[\[(]?(v?\d[\w.+-]*)")

INDIRECT = "indirect"
"""The scope of a requirement in go.mod that another one brings."""

Move = Literal["added", "removed", "raised", "lowered", "moved", "same"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bump stands. `at_head` is False for a line that only the base has."""

    path: str
    line: int
    at_head: bool = True


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A manifest or lock file on both sides; None where it is absent or could not be read."""

    path: str
    role: Role
    before: Listing | None
    after: Listing | None


@dataclass(frozen=True, slots=True)
class Bump:
    """One package that moved. Versions are locked ones where a lock file tells, else as declared.

    "moved": the order of the two cannot be told; "same": version equal, but see `warnings`.
    `warnings` are facts about trust: another source, another hash, a looser pin. `hashes` are those
    of the new version, `namespaces` the code's own, both where a lock file tells them.
    """

    ecosystem: Ecosystem
    package: str
    move: Move
    before: str
    after: str
    step: Step
    may_break: bool
    direct: bool
    scope: str
    places: tuple[Place, ...]
    warnings: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    hashes_before: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """A requirement or a locked package, as far as both are alike."""

    text: str
    line: int
    source: str
    hashes: tuple[str, ...]
    scope: str = ""
    pin: Pin | None = None
    namespaces: tuple[str, ...] = ()


def bumps_of(files: Sequence[ChangedFile], direct: frozenset[tuple[Ecosystem, str]]) -> list[Bump]:
    """Every package that moved, once: a lock file's versions count before a manifest's ranges.

    `direct`: (ecosystem, name) of what the manifests beside the lock files ask for.
    """
    found: dict[tuple[Ecosystem, str], list[tuple[Role, Bump]]] = {}
    for file in files:
        for bump in _bumps(file):
            found.setdefault((bump.ecosystem, bump.package), []).append((file.role, bump))
    asked = direct | _told_direct(files)
    merged = (_merged(moves) for moves in found.values())
    placed = (replace(bump, direct=(bump.ecosystem, bump.package) in asked) for bump in merged)
    return sorted(placed, key=_rank)


def _rank(bump: Bump) -> tuple[bool, bool, bool, bool, str]:
    lowered = bump.move != "lowered"
    return (not bump.warnings, not bump.direct, not bump.may_break, lowered, bump.package)


def _told_direct(files: Iterable[ChangedFile]) -> frozenset[tuple[Ecosystem, str]]:
    return frozenset(
        (side.ecosystem, name)
        for file in files
        for side in (file.before, file.after)
        if side is not None
        for name in (*asked_by(side), *(side.direct or ()))
    )


def asked_by(manifest: Listing) -> Iterator[str]:
    """What a manifest asks for itself; go.mod also lists what its dependencies need."""
    return (entry.name for entry in manifest.requirements if entry.scope != INDIRECT)


def _bumps(file: ChangedFile) -> Iterator[Bump]:
    side = file.after or file.before
    if side is None:
        return
    old, new = _entries(file.before), _entries(file.after)
    for name in dict.fromkeys((*new, *old)):
        bump = _bump(side.ecosystem, name, old.get(name, []), new.get(name, []), file.path)
        if bump is None or (side.ecosystem == "go" and file.role == "lock" and not bump.warnings):
            continue  # go.sum keeps hashes of versions that nothing is built from
        yield bump


def _entries(listing: Listing | None) -> dict[str, list[_Entry]]:
    found: dict[str, list[_Entry]] = {}
    if listing is not None:
        both: list[Requirement | Locked] = [*listing.requirements, *listing.locked]
        for entry in both:
            found.setdefault(entry.name, []).append(_entry(listing.ecosystem, entry))
    return found


def _entry(ecosystem: Ecosystem, entry: Requirement | Locked) -> _Entry:
    if isinstance(entry, Locked):
        version, hashes = entry.version, entry.hashes
        if version.endswith("/go.mod"):  # go.sum: another file of the same version
            version = version.removesuffix("/go.mod")
            hashes = tuple(f"go.mod-{text}" for text in hashes)
        return _Entry(version, entry.line, entry.source, hashes, namespaces=entry.namespaces)
    pin = pin_of(ecosystem, entry)
    digest = entry.hashes[0] if entry.hashes and ecosystem in ("actions", "image") else ""
    text = f"{entry.constraint} {digest}".strip() if digest else entry.constraint
    return _Entry(text, entry.line, entry.source, entry.hashes, entry.scope, pin)


def _bump(
    ecosystem: Ecosystem, name: str, old: list[_Entry], new: list[_Entry], path: str
) -> Bump | None:
    """How one package of one file moved; None where it did not."""
    before, after = {entry.text for entry in old}, {entry.text for entry in new}
    gone, come = sorted(before - after), sorted(after - before)
    warnings = tuple(_warnings(ecosystem, old, new))
    if not gone and not come and bool(old) == bool(new) and not warnings:
        return None
    was, now = _end(ecosystem, gone or sorted(before)), _end(ecosystem, come or sorted(after))
    if old and new and not gone:
        was = ""  # a second version beside the one that stays
    if old and new and not come:
        now = ""  # one of several versions is gone
    if not gone and not come:
        was = now = _end(ecosystem, sorted(after))
    shown = [entry for entry in new if entry.text in come] or new or old
    return Bump(
        ecosystem=ecosystem,
        package=name,
        move=_move(ecosystem, was, now, bool(old), bool(new)),
        before=was,
        after=now,
        step=step(ecosystem, _plain(was), _plain(now)),
        may_break=bool(was and now) and may_break(ecosystem, _plain(was), _plain(now)),
        direct=False,
        scope=shown[0].scope,
        places=tuple(Place(path, entry.line, bool(new)) for entry in shown[:3]),
        warnings=warnings,
        hashes=tuple(h for entry in new if entry.text == now for h in entry.hashes),
        hashes_before=tuple(h for entry in old if entry.text == was for h in entry.hashes),
        namespaces=tuple(n for entry in new or old for n in entry.namespaces),
    )


def _end(ecosystem: Ecosystem, texts: list[str]) -> str:
    return highest(ecosystem, texts) if texts else ""


def _plain(text: str) -> str:
    """The lowest version of a simple constraint: 1.2 of `^1.2`, `<2,>=1.2`, `==1.2`."""
    found = _LOWEST.search(text[:200])
    return found[1] if found is not None else text


def _move(ecosystem: Ecosystem, was: str, now: str, existed: bool, exists: bool) -> Move:
    if not existed or not exists:
        return "removed" if existed else "added"
    if not was or not now:
        return "removed" if was else "added"
    if was == now:
        return "same"
    old, new = version_key(ecosystem, _plain(was)), version_key(ecosystem, _plain(now))
    if old is None or new is None or old == new:
        return "moved"
    return "raised" if new > old else "lowered"


def _warnings(ecosystem: Ecosystem, old: list[_Entry], new: list[_Entry]) -> Iterator[str]:
    sources = {entry.source for entry in new} - {entry.source for entry in old}
    foreign = sorted(_shown(source) for source in sources if not source.startswith("path "))
    if old and foreign:
        was = ", ".join(sorted({_shown(entry.source) for entry in old}))
        yield f"its source changed from {was} to {', '.join(foreign)}"
    elif new and any(sources):
        told = [source for source in foreign if source != _shown("")]
        if told:
            yield f"it comes from {', '.join(told)}, not from the ecosystem's index"
    yield from _other_hash(old, new)
    firm = [entry.pin for entry in old if entry.pin is not None]
    loose = [entry.pin for entry in new if entry.pin is not None]
    if firm and loose and min(loose) < min(firm) and min(loose) < Pin.EXACT:
        yield f"it was pinned to {WORDS[min(firm)]}, now to {WORDS[min(loose)]}"
    elif not old and loose and ecosystem in ("actions", "image") and min(loose) is Pin.MOVING:
        yield "it is pinned to nothing that stays"


def _other_hash(old: list[_Entry], new: list[_Entry]) -> Iterator[str]:
    """The same version with other bytes: an index does not replace a release."""
    for one in old:
        for other in new:
            same = (one.text, one.source) == (other.text, other.source) and one.text
            kinds = _algorithms(one.hashes) & _algorithms(other.hashes)
            if same and kinds and not set(one.hashes) & set(other.hashes):
                yield f"{one.text} has another hash than before"
                return


def _algorithms(hashes: tuple[str, ...]) -> set[str]:
    return {re.split("[:-]", text)[0] for text in hashes}


def _shown(source: str) -> str:
    return source or "the ecosystem's index"


def _merged(moves: list[tuple[Role, Bump]]) -> Bump:
    """One value for all files; the versions of a lock file where there is one."""
    locks = [bump for role, bump in moves if role == "lock" and bump.ecosystem != "go"]
    told = [bump for _, bump in moves]
    best = max(locks or told, key=lambda bump: (bool(bump.before and bump.after), bump.may_break))
    declared = [bump for role, bump in moves if role == "manifest"]
    return replace(
        best,
        scope=declared[0].scope if declared else best.scope,
        places=tuple(dict.fromkeys(place for bump in told for place in bump.places)),
        warnings=tuple(dict.fromkeys(text for bump in told for text in bump.warnings)),
    )
