"""Import paths of compiled languages. Their compilers find broken references; here they select."""

from __future__ import annotations

from workers.repository.resolution.layout import Layout


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
