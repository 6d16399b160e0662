"""Where an imported name comes from, through re-exports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workers.repository.outline import Import, Outline
from workers.repository.resolution import resolve
from workers.repository.resolution.jvm import jvm_class
from workers.repository.resolution.layout import Layout
from workers.repository.snapshot import Snapshot

TRACED_CAP = 1_500
"""Files outlined to follow imports, over all questions of one review."""
_HOPS = 6
ITSELF = ""
"""The `module` of an import that only exports a name of its own file (`export {a as b}`)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The files an import means (one, or a Go package's) and the name in them ("": the module)."""

    paths: tuple[str, ...]
    name: str


class Tracer:
    """Follows imports through one snapshot. `also` are paths that existed before the change."""

    def __init__(self, snapshot: Snapshot, also: Iterable[str] = ()) -> None:
        self.snapshot = snapshot
        self.layout = Layout(snapshot.paths | frozenset(also), snapshot.glance)
        self._traced: set[str] = set()
        self._origins: dict[tuple[str, Import], Origin | None] = {}
        self._exports: dict[tuple[str, str], Origin | None] = {}

    def _outline(self, path: str) -> Outline:
        """A file's outline; an empty one past the cap: a barrel may name thousands of files."""
        if path not in self._traced and len(self._traced) >= TRACED_CAP:
            return Outline()
        self._traced.add(path)
        return self.snapshot.outline(path)

    def origin(self, importer: str, entry: Import, hops: int = _HOPS) -> Origin | None:
        """What an import binds; None where it leaves the repository."""
        key = (importer, entry)
        if key not in self._origins:
            self._origins[key] = None  # an import circle binds nothing
            self._origins[key] = self._origin(importer, entry, hops)
        return self._origins[key]

    def _origin(self, importer: str, entry: Import, hops: int) -> Origin | None:
        if entry.module == ITSELF:
            return self._local(importer, entry.name, hops) or Origin((importer,), entry.name)
        language = self._outline(importer).language
        paths = resolve(language, self.layout, importer, entry.module, entry.name.strip("*."))
        special = self._special(language, importer, entry, paths)
        if special is not None:
            return special
        if not paths:
            return self._inside(importer, entry, hops - 1) if "::" in entry.module else None
        whole = entry.name in ("", "*") or entry.name.endswith(".*")
        if whole or len(paths) > 1 or hops == 0:
            return Origin(paths, "" if whole else entry.name)
        found = self.exported(paths[0], entry.name, hops - 1)
        if found is None and entry.name == "default" and not entry.exported:
            return Origin(paths, "")  # a CommonJS module has itself as its default
        return found or Origin(paths, entry.name)

    def _special(
        self, language: str, importer: str, entry: Import, paths: tuple[str, ...]
    ) -> Origin | None:
        """Names that mean a file: Python's submodules, and Kotlin's files seen from Java."""
        if language == "python" and entry.name not in ("", "*"):
            submodule = self._submodule(importer, entry)
            if submodule and (not paths or not self._binds(paths[0], entry.name)):
                return Origin(submodule, "")
        if language == "java" and entry.name.partition(".")[0].endswith("Kt"):
            return self._file_of_kotlin(importer, entry)
        return None

    def _file_of_kotlin(self, importer: str, entry: Import) -> Origin | None:
        """Java sees the functions of `prices.kt` in a class `PricesKt`."""
        class_, _, name = entry.name.partition(".")
        files = resolve("kotlin", self.layout, importer, entry.module)
        named = [path for path in files if path.endswith(".kt") and jvm_class(path) == class_]
        return Origin(tuple(named), name.strip("*")) if named else None

    def _inside(self, importer: str, entry: Import, hops: int) -> Origin | None:
        """A Rust path that goes on through a re-exported module, an inline one, or an enum."""
        outer, _, last = entry.module.rpartition("::")
        origin = (
            self.origin(importer, Import(outer, last, last, entry.line), hops) if hops else None
        )
        if origin is None:
            return None
        if not origin.name and entry.name not in ("", "*"):
            return self.exported(origin.paths[0], entry.name, hops)
        named = entry.name if entry.name != "*" else ""
        return Origin(origin.paths, ".".join(part for part in (origin.name, named) if part))

    def exported(self, path: str, name: str, hops: int = _HOPS) -> Origin | None:
        """Where the name that a file gives to its importers is defined; None where it has none."""
        key = (path, name)
        if key not in self._exports:
            self._exports[key] = None  # a circle of re-exports defines nothing
            self._exports[key] = self._exported(path, name, hops)
        return self._exports[key]

    def required(self, path: str) -> Origin | None:
        """What a JavaScript module is when it is required whole: its `module.exports`."""
        script = self._outline(path).language in ("javascript", "typescript", "tsx")
        return self.exported(path, "default") if script else None

    def _exported(self, path: str, name: str, hops: int) -> Origin | None:
        outline = self._outline(path)
        if outline.find(name) is not None:
            return self._local(path, name, hops)
        carried = [each for each in outline.imports if each.exported or _carries_all(outline)]
        for entry in carried if hops else ():
            if entry.alias == name:
                return self.origin(path, entry, hops - 1)
        for entry in carried if hops else ():
            if entry.name == "*" and name != "default":
                found = self._starred(path, entry, name, hops - 1)
                if found is not None:
                    return found
        return None

    def _local(self, path: str, name: str, hops: int) -> Origin | None:
        """What a file's own scope binds a name to: a definition, or one that it imports."""
        outline = self._outline(path)
        found = outline.find(name)
        if found is not None and not imported_as(outline, name):
            return Origin((path,), name)
        for entry in outline.imports if hops else ():
            if entry.alias == name and entry.module != ITSELF:
                return self.origin(path, entry, hops - 1)
        return None

    def _starred(self, path: str, entry: Import, name: str, hops: int) -> Origin | None:
        language = self._outline(path).language
        for starred in resolve(language, self.layout, path, entry.module):
            found = self.exported(starred, name, hops)
            if found is not None:
                return found
        return None

    def _submodule(self, importer: str, entry: Import) -> tuple[str, ...]:
        dotted = entry.module + ("" if entry.module.endswith(".") else ".") + entry.name
        return resolve("python", self.layout, importer, dotted)

    def _binds(self, path: str, name: str) -> bool:
        outline = self._outline(path)
        bound = (entry.alias for entry in outline.imports)
        return outline.find(name) is not None or name in bound


def imported_as(outline: Outline, name: str) -> list[Import]:
    """The imports that are this very definition: `const name = require("x")`."""
    found = outline.find(name)
    if found is None or found.kind not in ("variable", "constant"):
        return []
    return [each for each in outline.imports if each.alias == name and each.line == found.line]


def imports_at(outline: Outline, name: str, line: int) -> tuple[list[Import], list[Import]]:
    """The imports that bind a name: those of the function around the line, and the file's own."""
    inner: list[Import] = []
    outer: list[Import] = []
    for entry in outline.imports:
        if entry.alias != name or entry.module == ITSELF:
            continue
        around = outline.enclosing(entry.line)
        if around is None or around.kind not in ("function", "method"):
            outer.append(entry)
        elif around.line <= line <= around.end_line:
            inner.append(entry)
    return inner, outer


def _carries_all(outline: Outline) -> bool:
    """In Python whatever a module imports can be imported from it; in Rust, by what is inside."""
    return outline.language in ("python", "rust")
