"""What a raised package breaks of the names that this repository uses."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bot.domain.identifiers import Sha
from bot.domain.release import Breakage, Release
from bot.ports import Code, Releases
from workers.repository.dependencies.bumps import Bump
from workers.repository.dependencies.changed import BrokenName, Dependencies
from workers.repository.dependencies.users import NameUse, Users, key_of, users_of

MOST_PACKAGES = 6
SECONDS = 60.0
_MOST_TOLD = 12
_MOST_USES = 4
_EXACT = re.compile(r"(?:={2,3}|=)?\s*(\d[\w.!+-]*)")
_CONSTRUCTORS = ("__init__", "__new__", "__call__", "constructor")


def with_broken_names(
    dependencies: Dependencies,
    releases: Releases | None,
    code: Code,
    head: Sha,
    skip: Callable[[str], bool],
) -> Dependencies:
    """The same, with what each raised package breaks of the names in use. No index: no change.

    Where no import was found, the package's own files tell by which names it is imported.
    """
    wanted = [bump for bump in dependencies.bumps if _is_comparable(bump, dependencies)]
    users = dict(dependencies.users)
    if releases is None or not wanted:
        return dependencies
    deadline = time.monotonic() + SECONDS
    broken: dict[str, tuple[BrokenName, ...]] = {}
    notes: list[str] = []
    for bump in wanted[:MOST_PACKAGES]:
        if time.monotonic() > deadline:
            notes.append(f"{bump.package}: releases not compared, the time was used up")
            continue
        before, after = _releases(bump)
        compared = releases.compare(before, after)
        if compared.note:
            notes.append(f"{bump.package}: releases not compared, {compared.note}")
        if not users[key_of(bump)].files and compared.breakages:
            named = replace(bump, namespaces=compared.modules)
            users |= users_of([named], code, head, skip, deadline)
        mine = users[key_of(bump)]
        found = list(_in_use(compared.breakages, mine, _words(code, head, mine)))
        if found:
            broken[key_of(bump)] = tuple(found[:_MOST_TOLD])
    if len(wanted) > MOST_PACKAGES:
        notes.append(f"releases of {len(wanted) - MOST_PACKAGES} more packages not compared")
    told = (*dependencies.notes, *notes)
    return replace(dependencies, users=users, broken=broken, notes=told)


def _is_comparable(bump: Bump, dependencies: Dependencies) -> bool:
    """Its names are used; or it runs in production under a name that only its files can tell."""
    users = dependencies.users.get(key_of(bump))
    moved = bump.move in ("raised", "lowered")
    exact = all(_EXACT.fullmatch(text) for text in (bump.before, bump.after))
    if users is None or not moved or not exact:
        return False
    unknown = bump.ecosystem == "python" and bump.direct and not bump.scope and not users.files
    return bump.ecosystem in ("python", "npm") and (bool(users.names) or unknown)


def _releases(bump: Bump) -> tuple[Release, Release]:
    def exact(text: str) -> str:
        found = _EXACT.fullmatch(text)
        return found[1] if found is not None else ""

    return (
        Release(bump.ecosystem, bump.package, exact(bump.before), bump.hashes_before),
        Release(bump.ecosystem, bump.package, exact(bump.after), bump.hashes),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """All words of the files that import a package."""

    held: frozenset[str]

    def hold(self, word: str) -> bool:
        return word in self.held


def _words(code: Code, head: Sha, users: Users) -> _Words:
    found: set[str] = set()
    for path in users.files[:60]:
        content = code.read(head, path)
        found.update(re.findall(r"[\w$]+", (content or b"").decode("utf-8", "replace")))
    return _Words(frozenset(found))


def _in_use(breakages: Iterable[Breakage], users: Users, words: _Words) -> Iterator[BrokenName]:
    """Of a used name or of a member that is named too; first those whose parameter is written."""
    used = {name for name in users.names if not name.startswith("_")}
    kept: list[tuple[bool, BrokenName]] = []
    for breakage in breakages:
        parts = breakage.name.split(".")
        at = next((index for index, part in enumerate(parts) if part in used), None)
        if at is None or not _names_member(parts[at + 1 :], words):
            continue
        uses = tuple(use for use in users.uses if use.name == parts[at])
        unnamed = bool(breakage.parameter) and not words.hold(breakage.parameter)
        shown = ".".join(part for part in parts if not part.startswith("_") or part in used)
        constructed = parts[-1] in _CONSTRUCTORS
        name = f"{shown}()" if constructed else shown
        kept.append((unnamed, BrokenName(name, breakage.what, _first(uses, breakage.parameter))))
    unique = {(entry.name, entry.what): entry for _, entry in sorted(kept, key=lambda one: one[0])}
    yield from unique.values()


def _names_member(members: list[str], words: _Words) -> bool:
    return all(member in _CONSTRUCTORS or words.hold(member) for member in members)


def _first(uses: tuple[NameUse, ...], parameter: str) -> tuple[NameUse, ...]:
    """The lines that write the parameter come first."""
    ranked = sorted(uses, key=lambda use: not parameter or parameter not in use.text)
    return tuple(ranked[:_MOST_USES])
