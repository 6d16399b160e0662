"""Packages of Java and Kotlin: folders below the source roots of any module, whatever they are.

A Java file stands in the folder of its package. A Kotlin file may leave out the part of the package
that the whole module shares (https://kotlinlang.org/docs/coding-conventions.html#directory-structure),
so the package of its folder is read from one of its files.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from workers.repository.outline import Outline
from workers.repository.resolution.layout import Layout, folder_of, stem_of

_SOURCES = (".java", ".kt", ".kts")
_PACKAGE = re.compile(r"^[ \t]*package[ \t]+([\w.`]+)", re.MULTILINE)
FOLDERS_READ = 1_000
"""Kotlin folders of which one file is read for its package."""


def resolve(layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The files of a package, those of the importer's own module first."""
    return layout.once(_Packages).near(module, folder_of(importer))


def visible(layout: Layout, path: str, outline: Outline, name: str) -> tuple[str, ...]:
    """The files of the same package, in every source root; without one, of the same folder."""
    del name
    if not outline.package:
        return tuple(
            each for each in layout.folders.get(folder_of(path), ()) if each.endswith(_SOURCES)
        )
    return layout.once(_Packages).near(outline.package, folder_of(path))


def jvm_class(path: str) -> str:
    """`PricesKt` of `a/prices.kt`: where Java finds the functions of a file."""
    stem = stem_of(path)
    return f"{stem[:1].upper()}{stem[1:]}Kt"


class _Packages:
    """Every file by its package. A folder counts for each package that its path may end with."""

    def __init__(self, layout: Layout) -> None:
        self._files: dict[str, list[str]] = defaultdict(list)
        self._near: dict[tuple[str, str], tuple[str, ...]] = {}
        read = 0
        for folder, paths in sorted(layout.folders.items()):
            sources = [path for path in paths if path.endswith(_SOURCES)]
            kotlin = read < FOLDERS_READ and any(path.endswith(".kt") for path in sources)
            read += kotlin
            for package in [_declared(layout, sources)] if kotlin else _endings(folder):
                self._files[package] += sources

    def near(self, package: str, folder: str) -> tuple[str, ...]:
        """The files of a package, those that share most of their path with a folder first."""
        key = (package, folder)
        if key not in self._near:
            self._near[key] = _nearest(self._files.get(package, ()), folder)
        return self._near[key]


def _endings(folder: str) -> list[str]:
    """`c`, `b.c`, `a.b.c` of the folder a/b/c."""
    parts = folder.split("/") if folder else []
    return [".".join(parts[start:]) for start in range(len(parts))]


def _declared(layout: Layout, sources: list[str]) -> str:
    first = next((path for path in sources if path.endswith(".kt")), sources[0])
    named = _PACKAGE.search(layout.source(first))
    return named.group(1).replace("`", "") if named is not None else ""


def _nearest(paths: Iterable[str], folder: str) -> tuple[str, ...]:
    here = folder.split("/")

    def shared(path: str) -> int:
        pairs = zip(here, path.split("/"), strict=False)
        return next((at for at, (one, other) in enumerate(pairs) if one != other), len(here))

    return tuple(sorted(paths, key=lambda path: (-shared(path), path)))
