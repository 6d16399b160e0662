"""Relative imports of JavaScript and TypeScript: no suffix, index files, `.js` for `.ts`."""

from __future__ import annotations

import posixpath

from workers.repository.resolution.layout import Layout, folder_of

_SUFFIXES = (".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")
_COMPILED_FROM = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}


def resolve(layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The file of a relative module; packages are not searched."""
    if not module.startswith("."):
        return ()
    target = posixpath.normpath(posixpath.join(folder_of(importer), module))
    if target.startswith(".."):
        return ()
    return next(((path,) for path in _candidates(target) if path in layout.paths), ())


def _candidates(target: str) -> list[str]:
    stem, dot, suffix = target.rpartition(".")
    swapped = [stem + other for other in _COMPILED_FROM.get(dot + suffix, ())]
    plain = [target + suffix for suffix in _SUFFIXES]
    folder = "" if target == "." else f"{target}/"
    return [target, *swapped, *plain, *(f"{folder}index{suffix}" for suffix in _SUFFIXES)]
