"""Names that a package binds, where no word of an import does: Go's clauses, whole type names."""

from __future__ import annotations

from collections.abc import Sequence

from workers.repository.outline import Import
from workers.repository.references.question_files import QuestionFiles
from workers.repository.resolution import resolve

PACKAGED = ("java", "kotlin", "csharp")
"""Languages in which a type may be written with its whole package or namespace."""
_PARTS = 4
"""Files in which one type may stand."""


def qualified(
    question: QuestionFiles, path: str, names: Sequence[str]
) -> tuple[tuple[str, ...], int]:
    """The files of a type that is written with its package (`Shop.Core.Prices`).

    And how many of the names that took: its own is the last of them. ((), 0) for anything else.
    """
    language = question.outline(path).language
    for length in range(len(names) - 1, 0, -1) if language in PACKAGED else ():
        package, name = ".".join(names[:length]), names[length]
        files = resolve(language, question.tracer.layout, path, package, name)
        found = tuple(each for each in files if question.defines(each, name))
        if found:
            return found[:_PARTS], length + 1
    return (), 0


def imports_by_package_clause(question: QuestionFiles, path: str, name: str) -> list[Import]:
    """Go's imports of packages that call themselves otherwise than their path ends."""
    found = []
    for entry in question.outline(path).imports:
        origin = question.tracer.origin(path, entry) if entry.alias and not entry.name else None
        if origin is not None and question.outline(origin.paths[0]).package == name:
            found.append(entry)
    return found
