"""Classes of one snapshot: their method resolution order, their members, and their subclasses.

A class is *open* where its members cannot be read off its text: a base that leaves the repository,
a metaclass, a decorator or code that may add members. Nothing is said about what an open one lacks.
"""

from __future__ import annotations

import ast
import builtins
import collections
import threading
import unittest
from collections.abc import Iterator

from workers.repository.python.lookup import Place, Presence, PythonLookup
from workers.repository.python.module import PythonModule, class_bindings, class_definitions
from workers.repository.python.scopes import Imported, names_of, reference

_MENTIONS = 100
_PLAIN = frozenset({"abc.ABC", "typing.Generic"})
_KNOWN: dict[str, type] = {
    "unittest.TestCase": unittest.TestCase,
    "threading.Thread": threading.Thread,
    "collections.OrderedDict": collections.OrderedDict,
    "collections.UserDict": collections.UserDict,
}
_DECORATORS = ("dataclass", "dataclasses.dataclass", "final", "typing.final", "total_ordering")
_MAKES_MEMBERS = frozenset({"setattr", "locals", "vars", "exec"})
_HOOKS = frozenset({"__getattr__", "__getattribute__", "__new__", "__init_subclass__"})


def member_names(node: ast.ClassDef) -> set[str]:
    """What the class body binds, and the attributes that its methods assign on anything."""
    stored = {
        child.attr
        for child in ast.walk(node)
        if isinstance(child, ast.Attribute) and isinstance(child.ctx, ast.Store)
    }
    return set(class_bindings(node)) | stored


def is_open(node: ast.ClassDef) -> bool:
    """Whether the class may have members that its own text does not show."""
    if any(ast.unparse(entry.value).rpartition(".")[2] != "ABCMeta" for entry in node.keywords):
        return True
    if any(ast.unparse(mark).partition("(")[0] not in _DECORATORS for mark in node.decorator_list):
        return True
    if _HOOKS & set(class_bindings(node)):
        return True
    return any(
        (isinstance(child, ast.Name) and child.id in _MAKES_MEMBERS)
        or (isinstance(child, ast.Attribute) and child.attr == "__dict__")
        for child in ast.walk(node)
    )


class PythonClasses:
    """Class hierarchies over one lookup."""

    def __init__(self, lookup: PythonLookup) -> None:
        self.lookup = lookup
        self._orders: dict[Place, list[Place | type | None]] = {}
        self._imports: dict[str, dict[str, Imported | None]] = {}

    def node(self, place: Place) -> ast.ClassDef | None:
        """The one class that this top-level name always means."""
        module = self.lookup.modules.at(place.path)
        found = module.definition(place.name) if module is not None else None
        return found if isinstance(found, ast.ClassDef) and "." not in place.name else None

    def nodes(self, place: Place) -> list[ast.ClassDef]:
        """The class and its bases as far as they stand in the repository, nearest first."""
        order = (self.node(entry) for entry in self._order(place) if isinstance(entry, Place))
        return [node for node in order if node is not None]

    def owner(self, place: Place, name: str, after_self: bool = False) -> Place | None:
        """The class whose `name` an instance of `place` finds; None if none, or not certain."""
        for entry in self._order(place)[int(after_self) :]:
            node = self.node(entry) if isinstance(entry, Place) else None
            if node is None or not isinstance(entry, Place):
                if isinstance(entry, type) and not hasattr(entry, name):
                    continue
                return None
            if name in class_bindings(node):
                return entry
        return None

    def member(self, place: Place, name: str, after_self: bool = False) -> Presence:
        """Whether instances of the class have this attribute."""
        unknown = False
        for entry in self._order(place)[int(after_self) :]:
            if isinstance(entry, type):
                if hasattr(entry, name):
                    return "present"
                continue
            node = self.node(entry) if entry is not None else None
            if node is not None and name in member_names(node):
                return "present"
            unknown = unknown or node is None or is_open(node)
        return "unknown" if unknown else "absent"

    def is_open(self, place: Place) -> bool:
        """Whether the class or any of its bases may have members that no text shows."""
        order = self._order(place)
        nodes = [self.node(entry) for entry in order if isinstance(entry, Place)]
        return None in order or any(node is None or is_open(node) for node in nodes)

    def may_subclass_have(self, place: Place, name: str, seen: frozenset[Place]) -> bool:
        """Whether some subclass in the repository has a `name` that `seen` does not account for."""
        for path, node in self.descendants(place):
            if is_open(node) or name in member_names(node):
                return True
            for base in node.bases:
                found = self._base(path, base)
                if found is None or (isinstance(found, type) and hasattr(found, name)):
                    return True
                if isinstance(found, Place) and self.owner(found, name) not in (None, *seen):
                    return True
                if isinstance(found, Place) and self.member(found, name) == "unknown":
                    return True
        return False

    def instance(self, place: Place) -> Place | None:
        """`Foo` of a module's `name = Foo(...)`, where nothing else binds the name."""
        module = self.lookup.modules.at(place.path)
        if module is None or len(module.bindings.get(place.name, ())) != 1:
            return None
        for statement in module.tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=made)):
                    if name == place.name:
                        found = self._base(place.path, made)
                        return found if isinstance(found, Place) and self.node(found) else None
        return None

    def subclass_names(self, place: Place) -> set[str]:
        """The names of all subclasses in the repository, deeper ones included."""
        return {node.name for _, node in self.descendants(place)}

    def _order(self, place: Place, depth: int = 12) -> list[Place | type | None]:
        """Left to right, depth first, a shared base last: the order of any sound hierarchy."""
        if place in self._orders:
            return self._orders[place]
        node = self.node(place)
        if node is None or depth == 0:
            return [None]
        chain: list[Place | type | None] = []
        for base in node.bases:
            found = self._base(place.path, base)
            chain += self._order(found, depth - 1) if isinstance(found, Place) else [found]
        last = [entry for at, entry in enumerate(chain) if entry not in chain[at + 1 :]]
        self._orders[place] = [place, *last, object]
        return self._orders[place]

    def _base(self, path: str, written: ast.expr) -> Place | type | None:
        """The class that an expression at the top of a module means."""
        parts = reference(written.value if isinstance(written, ast.Subscript) else written)
        module = self.lookup.modules.at(path)
        if not parts or module is None:
            return None
        name, *chain = parts
        if name not in module.bindings:
            found = getattr(builtins, name, None)
            plain = isinstance(found, type) and found is not type and not module.stars
            return found if plain and isinstance(found, type) else None
        imported = self._imported(module).get(name)
        if imported is None:
            return Place(path, name) if not chain else None
        written_name = ".".join(part for part in (imported.module, imported.name, *chain) if part)
        if written_name in _PLAIN:
            return object
        places = self.lookup.place(path, imported, tuple(chain))
        return places[-1] if places else _KNOWN.get(written_name)

    def _imported(self, module: PythonModule) -> dict[str, Imported | None]:
        if module.path not in self._imports:
            nodes = [node for bound in module.bindings.values() for node in bound]
            self._imports[module.path] = names_of(nodes)
        return self._imports[module.path]

    def descendants(self, place: Place) -> Iterator[tuple[str, ast.ClassDef]]:
        """(path, class) of every subclass in the repository, deeper ones included."""
        waiting, known = [place], {place}
        while waiting:
            current = waiting.pop()
            for path, node in self._children(current):
                yield path, node
                child = Place(path, node.name)
                if child not in known:
                    known.add(child)
                    waiting.append(child)

    def _children(self, place: Place) -> Iterator[tuple[str, ast.ClassDef]]:
        hits = self.lookup.snapshot.grep([place.name])
        paths = sorted({path for path, _, _ in hits if path.endswith(".py")})
        for path in paths[:_MENTIONS]:
            module = self.lookup.modules.at(path)
            for node in class_definitions(module.tree) if module is not None else ():
                if any(self._base(path, base) == place for base in node.bases):
                    yield path, node
