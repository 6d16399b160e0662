"""What a Python module binds at its top, by the standard library's own parser."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from workers.repository.outline import SIZE_CAP_BYTES
from workers.repository.snapshot import Snapshot

Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_DYNAMIC_NAMES = frozenset({"globals", "exec", "vars", "__getattr__", "lazy_import"})
_DYNAMIC_TEXT = re.compile(rf"\b(?:{'|'.join(sorted(_DYNAMIC_NAMES))}|modules)\b")
"""What a module's text must hold before its tree is searched for it."""


@dataclass(frozen=True, slots=True)
class PythonModule:
    """A parsed module. `bindings` maps each top-level name to the statements that may bind it.

    `dynamic` modules make names at run time (module `__getattr__`, `globals()`, `sys.modules`):
    nothing can be said about a name they lack. `stars` are the modules of `from x import *`;
    `top` is every node of the module's own scope.
    """

    path: str
    tree: ast.Module
    lines: tuple[str, ...]
    top: tuple[ast.AST, ...]
    bindings: dict[str, tuple[ast.AST, ...]]
    stars: tuple[str, ...]
    dynamic: bool

    def definition(self, name: str) -> Function | ast.ClassDef | None:
        """The one function or class that `name` (or `Class.method`) always means here."""
        outer, _, inner = name.partition(".")
        bound = self.bindings.get(outer, ())
        if len(bound) != 1:
            return None
        node = bound[0]
        if inner and isinstance(node, ast.ClassDef):
            members = class_bindings(node).get(inner, ())
            member = members[0] if len(members) == 1 else None
            return member if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) else None
        if inner:
            return None
        return node if isinstance(node, Function | ast.ClassDef) else None

    def callables(self) -> dict[str, Function]:
        """The functions and methods that are the only thing their qualified name means."""
        found: dict[str, Function] = {}
        for name in self.bindings:
            node = self.definition(name)
            if isinstance(node, Function):
                found[name] = node
            elif isinstance(node, ast.ClassDef):
                for member, bound in class_bindings(node).items():
                    if len(bound) == 1 and isinstance(bound[0], Function):
                        found[f"{name}.{member}"] = bound[0]
        return found


class PythonModules:
    """The modules of one snapshot, each parsed once. None: this Python cannot parse it.

    A text that the other side of the change holds too is parsed once for both.
    """

    def __init__(self, snapshot: Snapshot, other: PythonModules | None = None) -> None:
        self.snapshot = snapshot
        self._known: dict[str, PythonModule | None] = {}
        self._by_text: dict[str, PythonModule | None] = other._by_text if other else {}

    def at(self, path: str) -> PythonModule | None:
        """The module of a path; None if absent, too large, or of a syntax unknown here."""
        if path not in self._known:
            content = self.snapshot.content(path)
            fits = content is not None and len(content) <= SIZE_CAP_BYTES
            self._known[path] = self._parsed(path) if fits else None
        return self._known[path]

    def _parsed(self, path: str) -> PythonModule | None:
        text = self.snapshot.text(path) or ""
        if text not in self._by_text:
            self._by_text[text] = parse_module(path, text)
        known = self._by_text[text]
        return known if known is None or known.path == path else replace(known, path=path)

    def is_broken(self, path: str) -> bool:
        """Whether the file is there, of a size that is parsed, and does not parse."""
        content = self.snapshot.content(path)
        if content is None or len(content) > SIZE_CAP_BYTES:
            return False
        return self.at(path) is None


def parse_module(path: str, text: str) -> PythonModule | None:
    """Parse a module's text; None where the running Python cannot."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in reviewed code are not our news
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    top = tuple(own_nodes(tree))
    bindings = _bound(top)
    for node in ast.walk(tree) if "global " in text else ():
        if isinstance(node, ast.Global):
            for name in node.names:
                bindings.setdefault(name, []).append(node)
    stars = tuple(
        _written_module(node)
        for node in top
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    )
    return PythonModule(
        path=path,
        tree=tree,
        lines=tuple(text.split("\n")),
        top=top,
        bindings={name: tuple(nodes) for name, nodes in bindings.items()},
        stars=stars,
        dynamic="__getattr__" in bindings or _is_dynamic(tree, text),
    )


def _is_dynamic(tree: ast.Module, text: str) -> bool:
    lines = [at for at, line in enumerate(text.split("\n"), 1) if _DYNAMIC_TEXT.search(line)]
    for node in nodes_near(tree, lines):
        if isinstance(node, ast.Name) and node.id in _DYNAMIC_NAMES:
            return True
        if isinstance(node, ast.Attribute) and node.attr == "modules":
            return True
    return False


def own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Every node of a scope without those of the functions and classes inside it."""
    waiting = list(ast.iter_child_nodes(scope))[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _SCOPES):
            waiting += list(ast.iter_child_nodes(node))[::-1]


def nodes_near(node: ast.AST, lines: Sequence[int]) -> Iterator[ast.AST]:
    """The nodes below whose text spans one of these lines (ascending), like `ast.walk`."""
    waiting = [node] if lines else []
    while waiting:
        current = waiting.pop()
        yield current
        waiting += [child for child in ast.iter_child_nodes(current) if spans(child, lines)]


def spans(node: ast.AST, lines: Sequence[int]) -> bool:
    """Whether a node, its decorators included, stands on one of these lines (ascending).

    True for a node without a place of its own, such as a function's parameters.
    """
    start, end = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
    if start is None or end is None:
        return True
    marks = getattr(node, "decorator_list", ())
    first = min([start, *(mark.lineno for mark in marks)])
    at = bisect_left(lines, first)
    return at < len(lines) and lines[at] <= end


def class_definitions(tree: ast.Module) -> Iterator[ast.ClassDef]:
    """Every class statement of a module, nested ones too, without a look into expressions."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ClassDef):
            yield node
        for name in ("body", "orelse", "handlers", "finalbody", "cases"):
            held = getattr(node, name, ())
            waiting += held if isinstance(held, list) else ()


def class_bindings(node: ast.ClassDef) -> dict[str, list[ast.AST]]:
    """The names that a class body binds."""
    return _bound(own_nodes(node))


def _bound(nodes: Iterable[ast.AST]) -> dict[str, list[ast.AST]]:
    bound: dict[str, list[ast.AST]] = {}
    for node in nodes:
        for name in bound_names(node):
            bound.setdefault(name, []).append(node)
    return bound


def bound_names(node: ast.AST) -> Iterator[str]:
    """The names that this one node binds in its scope."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Name(ctx=ast.Store()):
            yield node.id
        case ast.Import():
            yield from (entry.asname or entry.name.partition(".")[0] for entry in node.names)
        case ast.ImportFrom():
            yield from (entry.asname or entry.name for entry in node.names if entry.name != "*")
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name


def _written_module(node: ast.ImportFrom) -> str:
    return "." * node.level + (node.module or "")


def written_module(node: ast.ImportFrom) -> str:
    """`..pkg` of `from ..pkg import name`."""
    return _written_module(node)
