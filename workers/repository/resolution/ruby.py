"""Ruby's files: `require`, `require_relative`, and the naming convention of autoloaders.

Constants to paths as Zeitwerk has them: https://github.com/fxn/zeitwerk#the-idea-file-paths-match-constant-paths
"""

from __future__ import annotations

import posixpath
import re

from workers.repository.outline import Outline
from workers.repository.resolution.layout import Layout, folder_of

_LOADED_FROM = frozenset({"lib", "app", "ext", "test", "spec"})
_INSIDE = 3


class LoadPath:
    """The folders that `require` searches: those named `lib` and their like, and the root."""

    def __init__(self, layout: Layout) -> None:
        folders = {folder for folder in layout.folders if folder.rpartition("/")[2] in _LOADED_FROM}
        outer = (folder_of(folder) for folder in layout.folders)
        folders |= {folder for folder in outer if folder.rpartition("/")[2] in _LOADED_FROM}
        self.folders = ("", *sorted(folders, key=lambda each: (each.count("/"), each)))


def resolve(layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The file that is required; none where a gem has it."""
    name = module if module.endswith(".rb") else f"{module}.rb"
    if module.startswith("."):
        path = posixpath.normpath(posixpath.join(folder_of(importer), name))
        return (path,) if path in layout.paths else ()
    if name.rpartition("/")[2] not in layout.named:
        return ()
    for folder in layout.once(LoadPath).folders:
        path = posixpath.join(folder, name)
        if path in layout.paths:
            return (path,)
    return ()


def visible(layout: Layout, path: str, outline: Outline, name: str) -> tuple[str, ...]:
    """The files that the convention gives to a constant: named like it, or in a folder so named."""
    del outline
    if not name[:1].isupper():
        return ()
    written = underscored(name)
    named = layout.named.get(f"{written}.rb", ())
    inside = layout.once(_by_folder_name).get(written, ())
    return (*sorted(named, key=lambda each: (-_shared(each, path), each)), *inside[:_INSIDE])


def _by_folder_name(layout: Layout) -> dict[str, tuple[str, ...]]:
    """A few Ruby files of each folder, by the folder's name: each opens the module of that name."""
    found: dict[str, tuple[str, ...]] = {}
    for folder, paths in layout.folders.items():
        inside = [path for path in paths if path.endswith(".rb")][:_INSIDE]
        name = folder.rpartition("/")[2]
        found[name] = (*found.get(name, ()), *inside)
    return found


def underscored(name: str) -> str:
    """`http_client` of `HTTPClient`."""
    split = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z\d])([A-Z])", r"\1_\2", split).lower()


def _shared(one: str, other: str) -> int:
    """How many folders two paths have in common."""
    pairs = zip(one.split("/")[:-1], other.split("/")[:-1], strict=False)
    return sum(1 for left, right in pairs if left == right)
