"""Import paths of compiled languages. Their compilers find broken references; here they select."""

from __future__ import annotations

from workers.repository.outline import Outline
from workers.repository.resolution.layout import Layout, folder_of


def resolve_go(layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The Go files of the one folder whose path ends the import path."""
    del importer
    parts = module.split("/")
    for start in range(len(parts)):
        folder = "/".join(parts[start:])
        files = tuple(path for path in layout.folders.get(folder, ()) if path.endswith(".go"))
        if files:
            return files
    return ()


def visible_go(layout: Layout, path: str, outline: Outline, name: str) -> tuple[str, ...]:
    """The files of the same folder are one package."""
    del outline, name
    folder = layout.folders.get(folder_of(path), ())
    return tuple(other for other in folder if other.endswith(".go"))
