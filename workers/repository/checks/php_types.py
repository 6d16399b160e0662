"""Classes, interfaces and traits of PHP by their full names, in one snapshot.

https://www.php.net/manual/en/language.namespaces.rules.php
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workers.repository.outline import Outline, OutlinedDefinition
from workers.repository.snapshot import Snapshot

TYPES = ("class", "interface", "trait", "enum")
_DEEPEST = 12
_MENTIONS = 150


@dataclass(frozen=True, slots=True)
class PhpType:
    """One declared type. `name` is the full name without a leading backslash."""

    path: str
    name: str
    definition: OutlinedDefinition
    methods: tuple[OutlinedDefinition, ...]

    @property
    def is_abstract(self) -> bool:
        """Whether no object is made of it directly."""
        words = self.definition.signature.split("{")[0].lower().split()
        return self.definition.kind != "class" or "abstract" in words

    def method(self, name: str) -> OutlinedDefinition | None:
        """The method of this name; PHP does not tell upper from lower case in it."""
        wanted = name.lower()
        return next((one for one in self.methods if one.simple.lower() == wanted), None)

    def asks_for(self, method: OutlinedDefinition) -> bool:
        """Whether a method has no body here, so that a class must bring one."""
        words = method.signature.lower().split("(")[0].split()
        return self.definition.kind == "interface" or "abstract" in words


class PhpTypes:
    """The types of one snapshot, found by their simple names."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._named: dict[str, tuple[PhpType, ...]] = {}

    def of(self, path: str) -> dict[str, PhpType]:
        """The types that a file declares, by their full names in lower case."""
        outline = self.snapshot.outline(path)
        found: dict[str, PhpType] = {}
        for entry in outline.definitions:
            if entry.kind in TYPES and not entry.container:
                name = f"{outline.package}\\{entry.name}".lstrip("\\")
                methods = tuple(
                    one
                    for one in outline.definitions
                    if one.kind == "method" and one.container == entry.name
                )
                found[name.lower()] = PhpType(path, name, entry, methods)
        return found

    def find(self, name: str) -> PhpType | None:
        """The one type of this full name; None where there is none, or several."""
        found = [one for one in self.called(name) if one.name.lower() == name.lower()]
        return found[0] if len(found) == 1 else None

    def called(self, name: str) -> tuple[PhpType, ...]:
        """Every type with this simple name."""
        simple = name.rpartition("\\")[2]
        if simple not in self._named:
            hits = self.snapshot.grep([simple])
            paths = sorted({path for path, _, _ in hits if path.endswith(".php")})[:_MENTIONS]
            self.snapshot.prefetch(paths)
            types = (one for path in paths for one in self.of(path).values())
            self._named[simple] = tuple(
                one for one in types if one.definition.simple.lower() == simple.lower()
            )
        return self._named[simple]

    def full_name(self, path: str, written: str) -> str:
        """What a name of a class means in a file."""
        return full_name(self.snapshot.outline(path), written)

    def lineage(self, one: PhpType, deepest: int = _DEEPEST) -> list[PhpType | None]:
        """The type, then what it extends, implements and uses; None for what is not known."""
        found: list[PhpType | None] = [one]
        for base in one.definition.bases:
            known = self.find(self.full_name(one.path, base)) if deepest else None
            found += self.lineage(known, deepest - 1) if known is not None else [None]
        return found

    def below(self, name: str) -> Iterator[PhpType]:
        """The types that extend, implement or use this one, deeper ones included."""
        waiting, seen = [name], {name.lower()}
        while waiting:
            current = waiting.pop()
            for one in self._children(current):
                if one.name.lower() not in seen:
                    seen.add(one.name.lower())
                    waiting.append(one.name)
                    yield one

    def _children(self, name: str) -> Iterator[PhpType]:
        hits = self.snapshot.grep([name.rpartition("\\")[2]])
        paths = sorted({path for path, _, _ in hits if path.endswith(".php")})[:_MENTIONS]
        self.snapshot.prefetch(paths)
        for path in paths:
            for one in self.of(path).values():
                bases = (self.full_name(path, base).lower() for base in one.definition.bases)
                if name.lower() in bases:
                    yield one


def full_name(outline: Outline, written: str) -> str:
    """A class name as written to its full name, by the file's imports and namespace."""
    if written.startswith("\\"):
        return written[1:]
    first, _, rest = written.partition("\\")
    for entry in outline.imports:
        if entry.alias.lower() == first.lower() and entry.module:
            return f"{entry.module}\\{rest}".rstrip("\\").lstrip("\\")
    return f"{outline.package}\\{written}".lstrip("\\")
