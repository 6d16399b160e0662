"""Rust's module paths: https://doc.rust-lang.org/reference/items/modules.html

What `#[path]` moves elsewhere is not followed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

from workers.repository.resolution.layout import Layout, folder_of

_OWN_FOLDER = ("lib.rs", "main.rs", "mod.rs")
"""Files whose child modules stand beside them; of `a.rs` they stand in a/."""
_DEEPEST = 40


def resolve(layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The file of a module path; none where the crate is installed, or the module is inline."""
    parts = [part for part in module.removeprefix("r#").split("::") if part]
    reached = (_down(layout, start, rest) for start, rest in _starts(layout, importer, parts))
    return next(((path,) for path in reached if path is not None), ())


def _starts(layout: Layout, importer: str, parts: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The files that the first words may mean, each with the rest of the path."""
    head, rest = (parts[0], parts[1:]) if parts else ("self", [])
    if head == "crate":
        yield _crate_root(layout, importer), rest
    elif head == "self":
        yield importer, rest
    elif head == "super":
        above = _parent(layout, importer)
        if above is not None:
            yield from _starts(layout, above, ["self", *rest] if rest[:1] != ["super"] else rest)
    else:
        yield importer, parts
        root = layout.once(_crates).get(head)
        if root is not None:
            yield root, rest


def _down(layout: Layout, start: str, parts: list[str]) -> str | None:
    """The file of a child, and of its child."""
    current = start
    for part in parts[:_DEEPEST]:
        folder = _children(layout, current)
        choices = [f"{folder}{part}.rs", f"{folder}{part}/mod.rs"]
        found = next((path for path in choices if path in layout.paths), None)
        if found is None:
            return None
        current = found
    return current


def _children(layout: Layout, path: str) -> str:
    """The folder, with its slash, in which the child modules of a file stand."""
    beside = path.rpartition("/")[2] in _OWN_FOLDER or _parent(layout, path) is None
    folder = folder_of(path) if beside else path.removesuffix(".rs")
    return f"{folder}/" if folder else ""


def _parent(layout: Layout, path: str) -> str | None:
    """The file that declares this one as its module; None for the root of a crate."""
    folder, _, name = path.rpartition("/")
    if name in ("lib.rs", "main.rs", "build.rs"):
        return None
    if name == "mod.rs":
        folder = folder_of(folder)
    within = f"{folder}/" if folder else ""
    choices = [f"{within}mod.rs", f"{folder}.rs", f"{within}lib.rs", f"{within}main.rs"]
    return next((each for each in choices if each in layout.paths and each != path), None)


def _crate_root(layout: Layout, path: str) -> str:
    for _ in range(_DEEPEST):
        above = _parent(layout, path)
        if above is None:
            break
        path = above
    return path


def _crates(layout: Layout) -> dict[str, str]:
    """The root file of each library of the workspace, by the name that `use` gives it."""
    found: dict[str, str] = {}
    for manifest in layout.named.get("Cargo.toml", ()):
        try:
            told = tomllib.loads(layout.text(manifest))
        except tomllib.TOMLDecodeError:
            continue
        package, library = told.get("package"), told.get("lib")
        library = library if isinstance(library, dict) else {}
        if isinstance(package, dict):
            name = str(library.get("name", package.get("name", ""))).replace("-", "_")
            root = f"{folder_of(manifest)}/{library.get('path', 'src/lib.rs')}".lstrip("/")
            if root in layout.paths:
                found.setdefault(name, root)
    return found
