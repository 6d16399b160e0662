"""What class a receiver is, by evidence in its own scope: annotations and single assignments."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from workers.repository.python.module import Function, own_nodes

_NARROWING = ("isinstance", "hasattr", "getattr", "callable", "type", "setattr")


@dataclass(frozen=True, slots=True)
class Instance:
    """An expression that names a class. `exact`: made by calling it, so no subclass of it."""

    class_: ast.expr
    exact: bool


def annotated(annotation: ast.expr | None) -> ast.expr | None:
    """`Foo` of `Foo`, `"Foo"`, `Foo | None` and `Optional[Foo]`; None for anything wider."""
    match annotation:
        case ast.Name() | ast.Attribute():
            return annotation
        case ast.Constant(value=str(text)):
            return annotated(_parsed(text))
        case (
            ast.BinOp(left=inner, op=ast.BitOr(), right=ast.Constant(value=None))
            | ast.BinOp(left=ast.Constant(value=None), op=ast.BitOr(), right=inner)
            | ast.Subscript(
                value=ast.Name(id="Optional") | ast.Attribute(attr="Optional"), slice=inner
            )
        ):
            return annotated(inner)
    return None


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None


def instances(node: Function | ast.Lambda) -> dict[str, Instance]:
    """Parameters annotated as a class, and local names bound once, to `Class(...)`."""
    inside = list(own_nodes(node))
    arguments = node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    found: dict[str, Instance] = {}
    for entry in named:
        class_ = annotated(entry.annotation)
        if class_ is not None:
            found[entry.arg] = Instance(class_, False)
    parameters = {entry.arg for entry in named}
    for child in inside:
        for name, instance in _assigned(child):
            if name not in parameters:
                found.setdefault(name, instance)
    if not found:
        return {}
    written = list(_written(node))
    narrowed = set(_narrowed(node))
    return {
        name: instance
        for name, instance in found.items()
        if written.count(name) == int(name not in parameters) and name not in narrowed
    }


def _assigned(node: ast.AST) -> Iterator[tuple[str, Instance]]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=function)):
            yield name, Instance(function, True)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call(func=function)):
            yield name, Instance(function, True)


def _written(node: ast.AST) -> Iterator[str]:
    """Every name stored below, nested functions included: they may be `nonlocal`."""
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and not isinstance(child.ctx, ast.Load):
            yield child.id


def _narrowed(node: ast.AST) -> Iterator[str]:
    """Names that the function asks about: what they are then is not their annotation alone."""
    for child in ast.walk(node):
        match child:
            case ast.Call(func=ast.Name(id=asked), args=[ast.Name(id=name), *_]):
                if asked in _NARROWING:
                    yield name
            case ast.Match(subject=ast.Name(id=name)):
                yield name


def receiver_name(node: Function) -> str:
    """The first parameter of a method, `self` or `cls`; "" where it may be something else."""
    marks = {ast.unparse(mark) for mark in node.decorator_list}
    first = next(iter([*node.args.posonlyargs, *node.args.args]), None)
    if first is None or first.annotation is not None or "staticmethod" in marks:
        return ""
    name = first.arg
    if name not in ("self", "cls") or name in _written(node) or name in _narrowed(node):
        return ""
    return name


def attributes(node: ast.ClassDef) -> dict[str, Instance]:
    """`attr` of `self.attr = Class(...)` or `= parameter` in `__init__`, assigned nowhere else."""
    stores = [
        child.attr
        for child in ast.walk(node)
        if isinstance(child, ast.Attribute) and not isinstance(child.ctx, ast.Load)
    ]
    init = next((c for c in node.body if isinstance(c, Function) and c.name == "__init__"), None)
    if init is None:
        return {}
    local = instances(init)
    found: dict[str, Instance] = {}
    for child in own_nodes(init):
        match child:
            case ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id="self"), attr=attr)], value=value
            ):
                instance = _value(value, local)
                if instance is not None and stores.count(attr) == 1:
                    found[attr] = instance
    return found


def _value(value: ast.expr, local: dict[str, Instance]) -> Instance | None:
    match value:
        case ast.Call(func=function):
            return Instance(function, False)  # a subclass may set another
        case ast.Name(id=name):
            return local.get(name)
    return None
