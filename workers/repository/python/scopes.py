"""The names that a Python function or class body binds, so that shadowed names are told apart."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workers.repository.python.module import Function, bound_names, own_nodes, written_module
from workers.repository.python.receivers import Instance, instances


@dataclass(frozen=True, slots=True)
class Imported:
    """What a name was imported as: `from module import name`; name "" for the module itself."""

    module: str
    name: str


@dataclass(slots=True)
class Scope:
    """A function's or class body's names: an import where that is all they can be, else None."""

    names: dict[str, Imported | None]
    is_class: bool
    instances: dict[str, Instance] = field(default_factory=dict)
    """Names whose class is known here."""
    receiver: str = ""
    """`self` or `cls` in a method's own scope."""


def _imports_of(node: ast.AST) -> Iterator[tuple[str, Imported]]:
    if isinstance(node, ast.Import):
        for entry in node.names:
            whole = entry.name if entry.asname else entry.name.partition(".")[0]
            yield entry.asname or whole, Imported(whole, "")
    elif isinstance(node, ast.ImportFrom):
        for entry in node.names:
            yield entry.asname or entry.name, Imported(written_module(node), entry.name)


def names_of(nodes: Sequence[ast.AST]) -> dict[str, Imported | None]:
    """Names to what they were imported as; None where anything else binds them too."""
    names: dict[str, Imported | None] = {}
    for node in nodes:
        imported = dict(_imports_of(node))
        for name in bound_names(node):
            new = imported.get(name)
            names[name] = new if names.get(name, new) == new else None
    return names


def function_scope(node: Function | ast.Lambda) -> Scope:
    """The scope of a function: its parameters, what it binds, less what it declares global."""
    inside = list(own_nodes(node))
    names = names_of(inside)
    arguments = _arguments(node.args)
    names.update(dict.fromkeys((entry.arg for entry in arguments), None))
    for child in inside:
        if isinstance(child, ast.Global):
            for name in child.names:
                names.pop(name, None)
    return Scope(names, False, instances(node))


def reference(node: ast.expr) -> list[str]:
    """`["a", "b"]` of `a.b`; empty for anything but a dotted name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    return [node.id, *parts] if isinstance(node, ast.Name) else []


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    extra = [entry for entry in (arguments.vararg, arguments.kwarg) if entry is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]
