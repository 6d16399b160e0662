"""What a change does to its dependencies, as one titled piece of context."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workers.context.fragment import Fragment
from workers.context.sources import Sources
from workers.model.redaction import redact
from workers.model.rendering import visible
from workers.repository.dependencies.bumps import Bump
from workers.repository.dependencies.changed import Dependencies
from workers.repository.dependencies.users import key_of
from workers.repository.dependencies.words import broken, names_in_use, other_indexes, told

TITLE = "Packages that this change moves, read from its manifests and lock files by plain code"
_MOST_TOLD = 25
_MOST_LINES = 6


def dependency_fragments(dependencies: Dependencies, sources: Sources) -> list[Fragment]:
    """One piece, or none: the telling moves with the lines that use them, the rest as a number."""
    seen = [bump for bump in dependencies.bumps if not _withheld(bump, sources)]
    telling = [bump for bump in seen if is_telling(bump)][:_MOST_TOLD]
    rows = [row for bump in telling for row in _rows(bump, dependencies, sources)]
    rows += [other_indexes(c) for c in dependencies.indexes if not sources.hides(c.path)]
    if len(seen) > len(telling):
        rows.append(f"{len(seen) - len(telling)} more packages moved, not told one by one")
    if not rows:
        return []
    return [Fragment(TITLE, "\n".join(visible(redact(row)[0]) for row in rows), frozenset())]


def is_telling(bump: Bump) -> bool:
    """Asked for by name, or a matter of trust; other transitive moves follow from those."""
    return bump.direct or bool(bump.warnings) or bump.move == "lowered"


def _withheld(bump: Bump, sources: Sources) -> bool:
    return all(sources.hides(place.path) for place in bump.places)


def _rows(bump: Bump, dependencies: Dependencies, sources: Sources) -> Iterator[str]:
    users = dependencies.users.get(key_of(bump))
    yield told(bump, users)
    for entry in dependencies.broken.get(key_of(bump), ()):
        open_uses = tuple(use for use in entry.uses if not sources.hides(use.path))
        yield f"    {broken(bump, replace(entry, uses=open_uses))}"
    if users is None or bump.move == "added":
        return
    if users.names:
        yield f"    names used here: {names_in_use(users)}"
    uses = [use for use in users.uses if not sources.hides(use.path)]
    for use in uses[:_MOST_LINES]:
        yield f"    {use.path}:{use.line}: {use.text}"
