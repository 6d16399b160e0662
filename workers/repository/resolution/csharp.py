"""C#'s namespaces: https://learn.microsoft.com/dotnet/csharp/fundamentals/types/namespaces

Namespaces need not follow folders, so they are read from the files.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from workers.repository.outline import Outline
from workers.repository.resolution.layout import Layout, folder_of

_NAMESPACE = re.compile(r"^[ \t]*namespace\s+([\w.]+)", re.MULTILINE)
_GLOBAL = re.compile(r"^[ \t]*global\s+using\s+(?:static\s+)?([\w.]+)\s*;", re.MULTILINE)
_INCLUDED = re.compile(r"<Using\s+Include=\"([\w.]+)\"")
FILES_READ = 800
"""Source files read for their namespaces; beyond it, the first of each folder speaks for it."""


@dataclass(frozen=True, slots=True)
class _Namespaces:
    """The files of each namespace, and what every file of a project sees without saying so."""

    files: dict[str, tuple[str, ...]]
    usings: dict[str, tuple[str, ...]]


def resolve(layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The files of a namespace."""
    del importer
    return layout.once(_namespaces).files.get(module, ())


def visible(layout: Layout, path: str, outline: Outline, name: str) -> tuple[str, ...]:
    """The files of its own namespace and those around it, then of the project's global usings."""
    del name
    known = layout.once(_namespaces)
    spaces = [*_around(outline.package), *known.usings.get(_project(layout, path), ())]
    found = (file for space in spaces for file in known.files.get(space, ()))
    return tuple(dict.fromkeys(found))


def _around(namespace: str) -> Iterator[str]:
    """`A.B`, `A` and the global namespace."""
    while namespace:
        yield namespace
        namespace = namespace.rpartition(".")[0]
    yield ""


def _namespaces(layout: Layout) -> _Namespaces:
    sources = sorted(path for path in layout.paths if path.endswith(".cs"))
    files: dict[str, list[str]] = defaultdict(list)
    usings: dict[str, list[str]] = defaultdict(list)
    of_folder: dict[str, list[str]] = {}
    for count, path in enumerate(sources):
        folder = folder_of(path)
        if count < FILES_READ or folder not in of_folder:
            text = layout.source(path)
            of_folder[folder] = _NAMESPACE.findall(text) or [""]
            usings[_project(layout, path)] += _GLOBAL.findall(text)
        for namespace in of_folder[folder]:
            files[namespace].append(path)
    for project in _projects(layout):
        usings[folder_of(project)] += _INCLUDED.findall(layout.text(project))
    return _Namespaces(
        {name: tuple(dict.fromkeys(paths)) for name, paths in files.items()},
        {folder: tuple(dict.fromkeys(names)) for folder, names in usings.items()},
    )


def _projects(layout: Layout) -> list[str]:
    return sorted(path for path in layout.paths if path.endswith(".csproj"))


def _project_folders(layout: Layout) -> frozenset[str]:
    return frozenset(folder_of(path) for path in _projects(layout))


def _project(layout: Layout, path: str) -> str:
    """The folder of the project file nearest above a source file; "" where there is none."""
    folders = layout.once(_project_folders)
    folder = folder_of(path)
    while folder and folder not in folders:
        folder = folder_of(folder)
    return folder
