"""Packages of the repository itself, by the `name` in their `package.json`.

Entry points as Node resolves them: https://nodejs.org/api/packages.html#package-entry-points
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workers.repository.resolution.json_text import json_object, text_map
from workers.repository.resolution.layout import Layout, folder_of

_PACKAGES_CAP = 400
_CONDITIONS = ("source", "import", "module", "node", "require", "default", "types", "browser")
_MAINS = ("source", "module", "main", "types", "typings")
_BUILT = re.compile(r"^(dist|lib|build|out|es|esm|cjs)/(?:(?:esm|cjs|es|src|types)/)?")
_NESTED = 6


@dataclass(frozen=True, slots=True)
class NodePackage:
    """A folder with a `package.json`."""

    folder: str
    settings: dict[str, Any] = field(default_factory=dict)

    def targets(self, inside: str) -> Iterator[str]:
        """Paths that `name/inside` ("" is the package itself) may mean, built files as sources."""
        for written in self._entries(inside):
            entry = written.removeprefix("./")
            yield self._path(entry)
            source = _BUILT.sub("src/", entry)
            if source != entry:
                yield self._path(source)
                yield self._path(source.removeprefix("src/"))
        yield self._path(inside or "index")
        yield self._path(f"src/{inside or 'index'}")

    def internal(self, module: str) -> Iterator[str]:
        """Paths that `#name` may mean by the package's `imports`."""
        for written in _mapped(text_map(self.settings.get("imports")), module):
            yield self._path(written.removeprefix("./"))

    def _entries(self, inside: str) -> Iterator[str]:
        exports = self.settings.get("exports")
        key = f"./{inside}" if inside else "."
        by_path = text_map(exports)
        if not any(each.startswith(".") for each in by_path):
            by_path = {".": exports} if exports else {}
        yield from _mapped(by_path, key)
        if not inside:
            for name in _MAINS:
                written = self.settings.get(name)
                if isinstance(written, str):
                    yield written

    def _path(self, inside: str) -> str:
        return posixpath.normpath(posixpath.join(self.folder, inside))


class NodePackages:
    """All packages of the repository, read when first asked for."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._by_name: dict[str, NodePackage] = {}
        self._around: dict[str, NodePackage] = {}
        manifests = layout.named.get("package.json", ())
        for path in [each for each in manifests if "node_modules/" not in each][:_PACKAGES_CAP]:
            settings = json_object(layout.text(path))
            name = settings.get("name")
            if isinstance(name, str) and name:
                self._by_name.setdefault(name, NodePackage(folder_of(path), settings))

    def targets(self, module: str) -> Iterator[str]:
        """Paths that a plain module name may mean."""
        found = self._split(module)
        if found is not None:
            package, inside = found
            yield from package.targets(inside)

    def inside(self, module: str) -> str | None:
        """The path that `name/file` means in a package of the repository."""
        found = self._split(module)
        return posixpath.join(found[0].folder, found[1]) if found is not None else None

    def around(self, folder: str) -> NodePackage:
        """The nearest package at or above a folder."""
        while folder and f"{folder}/package.json" not in self._layout.paths:
            folder = folder_of(folder)
        if folder not in self._around:
            path = f"{folder}/package.json".lstrip("/")
            self._around[folder] = NodePackage(folder, json_object(self._layout.text(path)))
        return self._around[folder]

    def _split(self, module: str) -> tuple[NodePackage, str] | None:
        parts = module.split("/")
        length = 2 if module.startswith("@") else 1
        package = self._by_name.get("/".join(parts[:length]))
        return (package, "/".join(parts[length:])) if package is not None else None


def _mapped(entries: dict[str, Any], key: str) -> Iterator[str]:
    """The targets of a key in `exports` or `imports`; the longest pattern that fits counts."""
    if key in entries:
        yield from _conditional(entries[key], _NESTED)
        return
    for pattern in sorted(entries, key=len, reverse=True):
        before, star, after = pattern.partition("*")
        if star and key.startswith(before) and key.endswith(after) and len(key) >= len(pattern):
            middle = key[len(before) : len(key) - len(after)]
            for target in _conditional(entries[pattern], _NESTED):
                yield target.replace("*", middle)
            return


def _conditional(value: object, depth: int) -> Iterator[str]:
    """The paths of a target, by the conditions that say most about sources."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth:
        for entry in value[:10]:
            yield from _conditional(entry, depth - 1)
    elif isinstance(value, dict) and depth:
        for name in _CONDITIONS:
            yield from _conditional(value.get(name), depth - 1)
