"""Imports of JavaScript and TypeScript: relative, by path alias, and of workspace packages."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from workers.repository.resolution.layout import Layout, folder_of
from workers.repository.resolution.node_packages import NodePackages
from workers.repository.resolution.tsconfig import TsConfigs

_SUFFIXES = (".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")
_COMPILED_FROM = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
_TARGETS_CAP = 40


def resolve(layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The file of a module; none where it is installed from elsewhere."""
    for number, target in enumerate(_targets(layout, importer, module)):
        if number >= _TARGETS_CAP:
            break
        if target.startswith(".."):
            continue
        found = next((path for path in _candidates(target) if path in layout.paths), None)
        if found is not None:
            return (found,)
    return ()


def _targets(layout: Layout, importer: str, module: str) -> Iterator[str]:
    """Paths, with or without suffix, that the module may mean, in order."""
    folder = folder_of(importer)
    if module.startswith("."):
        yield posixpath.normpath(posixpath.join(folder, module))
    elif module.startswith("#"):
        yield from layout.once(NodePackages).around(folder).internal(module)
        yield from layout.once(TsConfigs).at(folder).targets(module)
    elif module and not module.startswith("/"):
        yield from layout.once(TsConfigs).at(folder).targets(module)
        yield from layout.once(NodePackages).targets(module)


def _candidates(target: str) -> list[str]:
    """The files that a target may be: itself, a source compiled to it, with a suffix, an index."""
    stem, dot, suffix = target.rpartition(".")
    swapped = [stem + other for other in _COMPILED_FROM.get(dot + suffix, ())]
    plain = [target + suffix for suffix in _SUFFIXES]
    folder = "" if target in ("", ".") else f"{target}/"
    return [target, *swapped, *plain, *(f"{folder}index{suffix}" for suffix in _SUFFIXES)]
