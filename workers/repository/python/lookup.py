"""What a dotted Python name means in one snapshot: a definition, nothing, or not to be said."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from workers.repository.python.module import PythonModules, bound_names, written_module
from workers.repository.python.scopes import Imported
from workers.repository.resolution.layout import Layout, folder_of
from workers.repository.resolution.python import relative_target, resolve
from workers.repository.snapshot import Snapshot

Presence = Literal["present", "absent", "unknown"]
_HOPS = 6
"""Files through which a name is re-exported."""
_MODULE_ENDS = ("/__init__.py", ".py")


@dataclass(frozen=True, slots=True)
class Place:
    """A module's file and a top-level name in it ("": the module itself)."""

    path: str
    name: str


class PythonLookup:
    """Import resolution over one snapshot's Python files."""

    def __init__(self, snapshot: Snapshot, other: PythonLookup | None = None) -> None:
        """`other`: the other side of the change, with which most texts are shared."""
        self.snapshot = snapshot
        self.modules: PythonModules = PythonModules(snapshot, other.modules if other else None)
        self.layout = Layout(snapshot.paths)

    def module_path(self, importer: str, module: str) -> str | None:
        """The file of a module as this file names it."""
        found = resolve(self.layout, importer, module)
        return found[0] if found else None

    def presence(self, path: str, name: str, hops: int = _HOPS) -> Presence:
        """Whether `from <path> import name` finds something."""
        module = self.modules.at(path)
        if module is None or hops == 0:
            return "unknown"
        if name in module.bindings or self._submodule(path, name):
            return "present"
        if module.dynamic:
            return "unknown"
        for star in module.stars:
            starred = self.module_path(path, star)
            found = self.presence(starred, name, hops - 1) if starred else "unknown"
            if found != "absent":
                return found
        return "absent"

    def _submodule(self, path: str, name: str) -> bool:
        if not path.endswith("__init__.py"):
            return False
        folder = folder_of(path)
        inside = f"{folder}/{name}" if folder else name
        return any(f"{inside}{end}" in self.layout.paths for end in _MODULE_ENDS) or any(
            other.startswith(f"{inside}.") for other in self.layout.folders.get(folder, ())
        )

    def module_presence(self, importer: str, module: str, was: str) -> Presence:
        """Whether a module that used to be the file `was` can still be imported."""
        if self.module_path(importer, module) is not None or was in self.layout.paths:
            return "present"
        stem = was.removesuffix(".py").removesuffix("/__init__")
        if any(path.startswith((f"{stem}/", f"{stem}.")) for path in self.layout.paths):
            return "unknown"
        if module.startswith("."):
            return "absent" if relative_target(importer, module) else "unknown"
        depth = len(module.split(".")) - 1
        top = stem
        for _ in range(depth):
            top = folder_of(top)
        kept = depth > 0 and any(path.startswith(f"{top}/") for path in self.layout.paths)
        return "absent" if kept else "unknown"  # a top-level name may be installed from elsewhere

    def place(self, importer: str, imported: Imported, chain: tuple[str, ...]) -> list[Place]:
        """The places that a dotted use passes through, outermost first, re-exports followed."""
        start = self._start(importer, imported)
        return self._walk(start, chain) if start is not None else []

    def _start(self, importer: str, imported: Imported) -> Place | None:
        path = self.module_path(importer, imported.module)
        if not imported.name:
            return Place(path, "") if path else None
        return self._member(path, imported.name) if path else self._bare(importer, imported)

    def _bare(self, importer: str, imported: Imported) -> Place | None:
        """`from namespace import module`, where the namespace has no file of its own."""
        dotted = f"{imported.module.rstrip('.')}.{imported.name}"
        if imported.module.endswith("."):
            dotted = imported.module + imported.name
        path = self.module_path(importer, dotted)
        return Place(path, "") if path else None

    def _member(self, path: str, name: str) -> Place:
        module = self.modules.at(path)
        if (module is None or name not in module.bindings) and path.endswith("__init__.py"):
            for end in _MODULE_ENDS:
                inside = "/".join(part for part in (folder_of(path), name) if part) + end
                if inside in self.layout.paths:
                    return Place(inside, "")
        return self._home(path, name, _HOPS)

    def _home(self, path: str, name: str, hops: int) -> Place:
        """Follow `from .impl import name` to where the name is defined."""
        module = self.modules.at(path)
        bound = module.bindings.get(name, ()) if module is not None else ()
        if module is not None and not bound:
            for star in module.stars:
                starred = self.module_path(path, star)
                if starred and hops and self.presence(starred, name) == "present":
                    return self._home(starred, name, hops - 1)
        if hops and len(bound) == 1 and isinstance(bound[0], ast.ImportFrom):
            return self._imported(path, name, bound[0], hops - 1) or Place(path, name)
        return Place(path, name)

    def _imported(self, path: str, name: str, node: ast.ImportFrom, hops: int) -> Place | None:
        """Where the name comes from that this import binds; None where that cannot be followed."""
        start = self.module_path(path, written_module(node))
        if not start or start == path or name not in bound_names(node):
            return None
        for entry in node.names:
            if (entry.asname or entry.name) == name:
                inner = self.modules.at(start)
                if inner is not None and entry.name in inner.bindings:
                    return self._home(start, entry.name, hops)
                return self._member(start, entry.name)
        return None

    def _walk(self, start: Place, chain: tuple[str, ...]) -> list[Place]:
        places = [start]
        for name in chain:
            last = places[-1]
            if last.name:
                places.append(Place(last.path, f"{last.name}.{name}"))
            else:
                places.append(self._member(last.path, name))
        return places
