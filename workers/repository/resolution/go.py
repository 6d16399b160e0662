"""Go's import paths, by the `go.mod` files of the repository: https://go.dev/ref/mod#go-mod-file"""

from __future__ import annotations

import re

from workers.repository.outline import Outline
from workers.repository.resolution.layout import Layout, folder_of

_MODULE = re.compile(r'^[ \t]*module[ \t]+"?([^\s"/]\S*?)"?[ \t\r]*(?://.*)?$', re.MULTILINE)


def resolve(layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The Go files of the imported package, tests apart; none where it is installed."""
    for folder in _folders(layout, importer, module):
        found = _package(layout, folder)
        if found:
            return found
    return ()


def visible(layout: Layout, path: str, outline: Outline, name: str) -> tuple[str, ...]:
    """The files of the same folder are one package; a test may stand beside it (`p_test`)."""
    del name
    around = _files(layout, folder_of(path))
    if outline.package.endswith("_test"):
        return tuple(other for other in around if other.endswith("_test.go"))
    if path.endswith("_test.go"):
        return around
    return tuple(other for other in around if not other.endswith("_test.go"))


def _folders(layout: Layout, importer: str, module: str) -> list[str]:
    """Where the package may stand, the likeliest first."""
    modules = layout.once(_modules)
    prefixes = [root for root in modules if module == root or module.startswith(f"{root}/")]
    folders = [
        _joined(modules[root], module.removeprefix(root).strip("/"))
        for root in sorted(prefixes, key=len, reverse=True)
    ]
    outer = folder_of(importer)
    while True:
        folders.append(_joined(outer, f"vendor/{module}"))
        if not outer:
            break
        outer = folder_of(outer)
    if not modules:  # before modules there was GOPATH: any end of the path may be the folder
        parts = module.split("/")
        folders += ["/".join(parts[start:]) for start in range(len(parts))]
    return folders


def _modules(layout: Layout) -> dict[str, str]:
    """Module path to the folder of its `go.mod`."""
    found: dict[str, str] = {}
    for path in layout.named.get("go.mod", ()):
        named = _MODULE.search(layout.text(path))
        if named is not None and "/vendor/" not in f"/{path}":
            found.setdefault(named.group(1), folder_of(path))
    return found


def _package(layout: Layout, folder: str) -> tuple[str, ...]:
    return tuple(path for path in _files(layout, folder) if not path.endswith("_test.go"))


def _files(layout: Layout, folder: str) -> tuple[str, ...]:
    return tuple(path for path in layout.folders.get(folder, ()) if path.endswith(".go"))


def _joined(folder: str, rest: str) -> str:
    return "/".join(part for part in (folder, rest) if part)
