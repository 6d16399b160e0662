"""Names that a package binds, where no word of an import does: Go's clauses, whole type names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workers.repository.outline import Import
from workers.repository.resolution import resolve

if TYPE_CHECKING:
    from workers.repository.references.meaning import Meanings

PACKAGED = ("java", "kotlin", "csharp")
"""Languages in which a type may be written with its whole package or namespace."""
_PARTS = 4
"""Files in which one type may stand."""


def qualified(meanings: Meanings, path: str, names: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The files of a type that is written with its package (`Shop.Core.Prices`).

    And how many of the names that took: its own is the last of them. ((), 0) for anything else.
    """
    language = meanings.outline(path).language
    for length in range(len(names) - 1, 0, -1) if language in PACKAGED else ():
        package, name = ".".join(names[:length]), names[length]
        files = resolve(language, meanings.tracer.layout, path, package, name)
        found = tuple(each for each in files if meanings.defines(each, name))
        if found:
            return found[:_PARTS], length + 1
    return (), 0


def imports_by_package_clause(meanings: Meanings, path: str, name: str) -> list[Import]:
    """Go's imports of packages that call themselves otherwise than their path ends."""
    found = []
    for entry in meanings.outline(path).imports:
        origin = meanings.tracer.origin(path, entry) if entry.alias and not entry.name else None
        if origin is not None and meanings.outline(origin.paths[0]).package == name:
            found.append(entry)
    return found
