"""Go's interfaces, which no type names: a type implements one when it has all of its methods."""

from __future__ import annotations

from collections.abc import Iterator

from workers.repository.outline import OutlinedDefinition
from workers.repository.references.meaning import Meaning
from workers.repository.references.meanings import Meanings
from workers.repository.resolution import visible

FILES_READ = 60
"""Files that hold a method of the interface and are read for types that have it."""
PACKAGE_FILES = 30


def implementers(
    meanings: Meanings, interface: Meaning
) -> Iterator[tuple[str, str, OutlinedDefinition]]:
    """(path, type, method) for each method by which a type of one package implements it.

    Compared are names, as the signatures of a changed interface and of its types may differ. What
    an interface embeds is not counted; one without methods is implemented by all and by none.
    """
    wanted = method_names(meanings, interface.path, interface.name)
    if not wanted:
        return
    rarest = min(sorted(wanted), key=lambda name: len(meanings.holders(name)))
    known: set[tuple[str, str]] = set()
    for path in [each for each in meanings.holders(rarest) if each.endswith(".go")][:FILES_READ]:
        for entry in meanings.outline(path).definitions:
            package = (path.rpartition("/")[0], entry.container)
            if entry.simple != rarest or package in known or not _is_concrete(entry):
                continue
            known.add(package)
            found = dict(_methods(meanings, path, entry.container, wanted))
            if found.keys() >= wanted:
                yield from ((at, entry.container, method) for at, method in found.values())


def method_names(meanings: Meanings, path: str, interface: str) -> frozenset[str]:
    """The names of the methods that an interface asks for."""
    return frozenset(
        entry.simple
        for entry in meanings.outline(path).definitions
        if entry.container == interface and entry.kind == "method"
    )


def _is_concrete(entry: OutlinedDefinition) -> bool:
    """Whether it is a method of a type: inside an interface it has no `func`."""
    return entry.kind == "method" and entry.signature.startswith("func")


def _methods(
    meanings: Meanings, path: str, type_: str, wanted: frozenset[str]
) -> Iterator[tuple[str, tuple[str, OutlinedDefinition]]]:
    """The wanted methods of a type, in all files of its package, each with its path."""
    outline = meanings.outline(path)
    files = [path, *visible(meanings.tracer.layout, path, outline, type_)[:PACKAGE_FILES]]
    for each in files:
        for entry in meanings.outline(each).definitions:
            if entry.container == type_ and entry.simple in wanted and entry.kind == "method":
                yield entry.simple, (each, entry)
