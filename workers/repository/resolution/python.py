"""Python's imports, as its import system reads them: https://docs.python.org/3/reference/import.html"""

from __future__ import annotations

import sys

from workers.repository.resolution.layout import Layout, folder_of


def resolve(layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The file of a module, or nothing where it is absent, foreign or ambiguous."""
    if module.startswith("."):
        found = _at(layout, relative_target(importer, module))
        return (found,) if found else ()
    hits = {
        hit for root in _roots(layout, importer, module) if (hit := _under(layout, root, module))
    }
    return tuple(hits) if len(hits) == 1 else ()


def relative_target(importer: str, module: str) -> str | None:
    """The path without suffix that `..pkg.mod` means from this file; None above the root."""
    rest = module.lstrip(".")
    folder = folder_of(importer)
    for _ in range(len(module) - len(rest) - 1):
        if not folder:
            return None
        folder = folder_of(folder)
    return "/".join(part for part in (folder, *rest.split(".")) if part)


def _roots(layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The folders to search. A script's own folder comes in too, but never over the library."""
    here = folder_of(importer)
    top = module.partition(".")[0]
    script = f"{here}/__init__.py" not in layout.paths and top not in sys.stdlib_module_names
    return (*layout.python_roots, here) if script else layout.python_roots


def _under(layout: Layout, root: str, module: str) -> str | None:
    return _at(layout, "/".join(part for part in (root, *module.split(".")) if part))


def _at(layout: Layout, target: str | None) -> str | None:
    if target is None:
        return None
    for path in (f"{target}/__init__.py".lstrip("/"), f"{target}.py"):
        if path in layout.paths:
            return path
    return None
