"""Packages of Java and Kotlin: folders below the source roots of any module, whatever they are.

A Java file stands in the folder of its package. A Kotlin file may leave out the part of the package
that the whole module shares (https://kotlinlang.org/docs/coding-conventions.html#directory-structure),
so the package of its folder is read from one of its files.
"""

from __future__ import annotations

import re
from collections import defaultdict

from workers.repository.outline import Outline
from workers.repository.resolution.layout import Layout, folder_of, stem_of

_SOURCES = (".java", ".kt", ".kts")
_PACKAGE = re.compile(r"^\s*package\s+([\w.`]+)", re.MULTILINE)
FOLDERS_READ = 1_000
"""Kotlin folders of which one file is read for its package."""


def resolve(layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The files of a package, those of the importer's own module first."""
    return _nearest(layout.once(_packages).get(module, ()), importer)


def visible(layout: Layout, path: str, outline: Outline, name: str) -> tuple[str, ...]:
    """The files of the same package, in every source root."""
    del name
    return _nearest(layout.once(_packages).get(outline.package, ()), path)


def jvm_class(path: str) -> str:
    """`PricesKt` of `a/prices.kt`: where Java finds the functions of a file."""
    stem = stem_of(path)
    return f"{stem[:1].upper()}{stem[1:]}Kt"


def _packages(layout: Layout) -> dict[str, tuple[str, ...]]:
    """Every file by its package. A folder counts for each package that its path may end with."""
    found: dict[str, list[str]] = defaultdict(list)
    read = 0
    for folder, paths in sorted(layout.folders.items()):
        sources = [path for path in paths if path.endswith(_SOURCES)]
        if not sources:
            continue
        packages = set(_endings(folder))
        if read < FOLDERS_READ and any(path.endswith(".kt") for path in sources):
            read += 1
            packages = {_declared(layout, sources)}
        for package in packages:
            found[package] += sources
    return {package: tuple(paths) for package, paths in found.items()}


def _endings(folder: str) -> list[str]:
    """`c`, `b.c`, `a.b.c` of the folder a/b/c; "" too, where no package is declared."""
    parts = folder.split("/") if folder else []
    return ["", *(".".join(parts[start:]) for start in range(len(parts)))]


def _declared(layout: Layout, sources: list[str]) -> str:
    first = next((path for path in sources if path.endswith(".kt")), sources[0])
    named = _PACKAGE.search(layout.source(first))
    return named.group(1).replace("`", "") if named is not None else ""


def _nearest(paths: tuple[str, ...], importer: str) -> tuple[str, ...]:
    """Files that share more of their path with the importer come first."""
    here = folder_of(importer).split("/")

    def shared(path: str) -> int:
        pairs = zip(here, path.split("/"), strict=False)
        return next((at for at, (one, other) in enumerate(pairs) if one != other), len(here))

    return tuple(sorted(paths, key=lambda path: (-shared(path), path)))
