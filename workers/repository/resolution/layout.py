"""A repository's paths, arranged for the questions that import resolution asks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property


def folder_of(path: str) -> str:
    """`a/b` of `a/b/c.py`; "" at the root."""
    return path.rpartition("/")[0]


class Layout:
    """The set of paths and, worked out once, what hangs on it."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = frozenset(paths)

    @cached_property
    def python_roots(self) -> tuple[str, ...]:
        """Folders from which Python modules are named: above each outermost package."""
        inits = {folder_of(path) for path in self.paths if path.endswith("/__init__.py")}
        outermost = {folder_of(folder) for folder in inits if folder_of(folder) not in inits}
        roots = {"", "src", "lib"} | outermost
        return tuple(sorted(roots, key=lambda root: (root.count("/"), root)))

    @cached_property
    def folders(self) -> dict[str, tuple[str, ...]]:
        """The files directly inside each folder, sorted."""
        inside: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            inside.setdefault(folder_of(path), []).append(path)
        return {folder: tuple(paths) for folder, paths in inside.items()}
