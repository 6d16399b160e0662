"""A moved package in one line, for a person and for a model."""

from __future__ import annotations

import re

from workers.repository.dependencies.bumps import INDIRECT, Bump
from workers.repository.dependencies.changed import BrokenName, IndexChange
from workers.repository.dependencies.users import Users

_MOVES = {
    "added": "added",
    "removed": "removed",
    "lowered": "lowered",
    "raised": "",
    "moved": "",
    "same": "",
}
_MOST_NAMES = 12
_LONGEST = 600
_DIGEST = re.compile(r"\b((?:commit|sha256):[0-9a-f]{12})[0-9a-f]+")
_LOGIN = re.compile(r"://[^/@\s]{1,300}@")


def told(bump: Bump, users: Users | None) -> str:
    """`httpx 0.27.2 -> 0.28.1 (python; minor, may break; imported by 3 files): warnings`."""
    facts = [bump.ecosystem, *_facts(bump)]
    imported = _imported(users)
    facts += [imported] if imported else []
    line = f"{bump.package} {versions(bump)} ({'; '.join(facts)})"
    return _fit(f"{line}: {'; '.join(bump.warnings)}" if bump.warnings else line)


def _fit(line: str) -> str:
    """Without the login of an address, and no longer than a line that is read."""
    whole = _LOGIN.sub("://***@", line)
    return whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]}..."


def versions(bump: Bump) -> str:
    """`1.0 -> 2.0`, or the one that came or went."""
    before, after = _bare(bump.before), _bare(bump.after)
    if before and after and before != after:
        return f"{before} -> {after}"
    return after or before or "any version"


def _bare(text: str) -> str:
    """`==1.2` is one version and reads as one; of a digest the beginning tells enough."""
    short = _DIGEST.sub(r"\1", text)
    return short.lstrip("= ") if "," not in short else short


def broken(bump: Bump, entry: BrokenName) -> str:
    """What the newer release breaks of one name in use, and where."""
    places = ", ".join(f"{use.path}:{use.line}" for use in entry.uses)
    line = f"{bump.package} {_bare(bump.after)} breaks `{entry.name}`: {entry.what}"
    return _fit(f"{line} (used in {places})" if places else line)


def other_indexes(change: IndexChange) -> str:
    """Which places a file names now to take packages from, and which no more."""
    parts = [f"now from {', '.join(change.came[:3])}"] if change.came else []
    parts += [f"no more from {', '.join(change.gone[:3])}"] if change.gone else []
    return _fit(f"{change.path}: packages are taken {' and '.join(parts)}")


def _facts(bump: Bump) -> list[str]:
    facts = [_MOVES[bump.move]] if _MOVES[bump.move] else []
    if bump.step != "other":
        facts.append(f"{bump.step}, may break" if bump.may_break else bump.step)
    if not bump.direct:
        facts.append("transitive")
    if bump.scope not in ("", INDIRECT):
        facts.append(f"for {bump.scope}")
    return facts


def _imported(users: Users | None) -> str:
    if users is None:
        return ""
    if not users.files:
        return "no import found"
    count = len(users.files)
    files = "1 file" if count == 1 else f"{'about ' if users.capped else ''}{count} files"
    return f"imported by {files}"


def names_in_use(users: Users) -> str:
    """The first names in use, and how many more there are."""
    names = ", ".join(users.names[:_MOST_NAMES])
    rest = len(users.names) - _MOST_NAMES
    return f"{names} and {rest} more" if rest > 0 else names
