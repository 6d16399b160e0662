"""The names that a Python function or class body binds, so that shadowed names are told apart."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.repository.python_module import Function, bound_names, own_nodes, written_module


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
    instances: dict[str, ast.expr]
    """Local names bound exactly once, to `Class(...)` or annotated as a class."""


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
    instances = {entry.arg: entry.annotation for entry in arguments if entry.annotation}
    stores = [child.id for child in inside if isinstance(child, ast.Name) and _stored(child)]
    for child in inside:
        target = _constructed(child)
        if target is not None and stores.count(target[0]) == 1:
            instances.setdefault(*target)
    for name in [name for name in instances if stores.count(name) > (name not in _args(arguments))]:
        del instances[name]
    return Scope(names, False, instances)


def _args(arguments: list[ast.arg]) -> set[str]:
    return {entry.arg for entry in arguments}


def _stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _constructed(node: ast.AST) -> tuple[str, ast.expr] | None:
    """`x` and `Foo` of `x = Foo(...)`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=function)):
            return name, function
    return None


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    extra = [entry for entry in (arguments.vararg, arguments.kwarg) if entry is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]
