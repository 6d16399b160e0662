"""The parameters of a definition, in each language's own grammar."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from tree_sitter import Node

from workers.repository.contracts.contract import Parameter, ParameterKind
from workers.repository.outlines.language import text_of

_KINDS: dict[str, ParameterKind] = {
    "list_splat_pattern": "rest",
    "dictionary_splat_pattern": "keywords",
    "rest_pattern": "rest",
    "splat_parameter": "rest",
    "hash_splat_parameter": "keywords",
    "keyword_parameter": "keyword",
    "block_parameter": "block",
    "spread_parameter": "rest",
    "variadic_parameter": "rest",
    "variadic_parameter_declaration": "rest",
}
_NAMES = ("name", "pattern", "left", "declarator")
_DEFAULTS = ("value", "default_value", "right")
_UNNAMED = {"object_pattern": "{...}", "array_pattern": "[...]"}
_RECEIVERS = ("self", "cls", "this")
_MOST = 60
"""More are cut: a contract stays a small value."""


def plain(node: Node | None) -> str:
    """A node's text without layout, cut where it is long."""
    text = re.sub(r"\s+", " ", text_of(node)).strip()
    text = re.sub(r" ?([()\[\]{}<>,.]) ?", r"\1", text) if "'" not in text + '"' else text
    return re.sub(r",(?=[)\]}>])", "", text.replace(",", ", "))[:200]


def declared_type(node: Node | None) -> str:
    """A type as written, without the mark that introduces it."""
    return plain(node).removeprefix(":").removeprefix("->").strip()


def parameters_of(language: str, node: Node) -> tuple[Parameter, ...] | None:
    """What a call of this definition passes; None where it cannot be called."""
    found = parameter_list(node)
    if found is None:
        return None
    read = _READERS.get(language, _generic)
    return tuple(read(found))[:_MOST]


def parameter_list(node: Node) -> Node | None:
    """The node that holds the parameters: the definition's, its value's or its declarator's."""
    holder: Node | None = node
    while holder is not None:
        for field in ("parameters", "parameter"):
            found = holder.child_by_field_name(field)
            if found is not None:
                return found
        for child in holder.named_children:
            if child.type in _LISTS:
                return child
            if child.type == "primary_constructor":
                return child.named_children[-1] if child.named_children else None
        holder = _inner(holder)
    return None


_LISTS = ("function_value_parameters", "parameter_list", "class_parameters")


def _inner(node: Node) -> Node | None:
    """An arrow function behind its name, or C's declarator around its name."""
    return function_value(node) or node.child_by_field_name("declarator")


def function_value(node: Node) -> Node | None:
    """The function that a name is given: `const f = () => 1`, `exports.f = function () {}`."""
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    return value if value is not None and value.type in _FUNCTION_VALUES else None


_FUNCTION_VALUES = ("arrow_function", "function_expression", "generator_function", "function")


def _generic(holder: Node) -> Iterator[Parameter]:
    if holder.type == "identifier":  # x => x + 1
        yield Parameter(text_of(holder))
        return
    for child in holder.named_children:
        if "comment" not in child.type:
            found = _one(child)
            if found.name not in _RECEIVERS and not _is_void(child):
                yield found


def _one(node: Node) -> Parameter:
    pattern = node.child_by_field_name("pattern") or node.child_by_field_name("left") or node
    if pattern.type in ("object_pattern", "array_pattern"):
        default = plain(_first(node, _DEFAULTS))
        return Parameter(_UNNAMED[pattern.type], plain(pattern), default)
    named = _first(node, _NAMES)
    default = plain(_first(node, _DEFAULTS))
    kind = _KINDS.get(node.type) or (_KINDS.get(named.type) if named is not None else None)
    declared = declared_type(node.child_by_field_name("type"))
    name = _bare(plain(named) if named is not None else _first_name(node))
    optional = node.type == "optional_parameter" and node.child_by_field_name("name") is None
    return Parameter(name, declared, default, kind or "plain", optional)


def _first(node: Node, fields: tuple[str, ...]) -> Node | None:
    return next((f for field in fields if (f := node.child_by_field_name(field))), None)


def _first_name(node: Node) -> str:
    found = next((child for child in node.named_children if "identifier" in child.type), None)
    return text_of(found) if found is not None else plain(node)


def _bare(name: str) -> str:
    return name.lstrip("*&.$ ")


def _is_void(node: Node) -> bool:
    """C's `f(void)`."""
    return node.type == "parameter_declaration" and text_of(node) == "void"


def _python(holder: Node) -> Iterator[Parameter]:
    """`/` and a bare `*` say how the others are passed."""
    found: list[Parameter] = []
    named_only = False
    for position, child in enumerate(c for c in holder.named_children if c.type != "comment"):
        if child.type == "positional_separator":
            found = [replace(each, kind="positional") for each in found]
            continue
        if child.type == "keyword_separator":
            named_only = True
            continue
        one = _python_one(child)
        if position == 0 and one.name in _RECEIVERS:
            continue
        if named_only and one.kind == "plain":
            one = replace(one, kind="keyword")
        named_only = named_only or one.kind == "rest"
        found.append(one)
    yield from found


def _python_one(node: Node) -> Parameter:
    if node.type != "typed_parameter":
        return _one(node)
    inner = node.named_children[0]
    declared = declared_type(node.child_by_field_name("type"))
    return Parameter(_bare(text_of(inner)), declared, "", _KINDS.get(inner.type, "plain"))


def _go(holder: Node) -> Iterator[Parameter]:
    """`a, b int` declares two; a result list without names has only types."""
    for child in holder.named_children:
        declared = child.child_by_field_name("type")
        kind = _KINDS.get(child.type, "plain")
        names = [text_of(name) for name in child.children_by_field_name("name")]
        for name in names or [""]:
            yield Parameter(name, plain(declared), "", kind)


def _ruby(holder: Node) -> Iterator[Parameter]:
    for child in holder.named_children:
        yield replace(_one(child), optional=child.type == "block_parameter")


def _java(holder: Node) -> Iterator[Parameter]:
    for child in holder.named_children:
        if child.type == "spread_parameter":
            *_, declared, named = child.named_children
            yield Parameter(text_of(named), f"{plain(declared)}...", "", "rest")
        elif child.type == "formal_parameter":
            yield _one(child)


def _declared(holder: Node) -> Iterator[Parameter]:
    """C and C++: the declarator holds the name and a part of the type."""
    for child in holder.named_children:
        if child.type == "variadic_parameter":
            yield Parameter("...", kind="rest")
        elif child.type == "identifier":  # of a macro
            yield Parameter(text_of(child))
        elif "parameter" in child.type and not _is_void(child):
            declarator = child.child_by_field_name("declarator")
            name = _innermost_name(declarator)
            default = plain(child.child_by_field_name("default_value"))
            whole = plain(child).removesuffix(default).rstrip("= ") if default else plain(child)
            declared = re.sub(rf"\b{re.escape(name)}\b(?!.*\b{re.escape(name)}\b)", "", whole)
            kind = _KINDS.get(child.type, "plain")
            yield Parameter(name, (declared if name else whole).strip(), default, kind)


def _innermost_name(node: Node | None) -> str:
    while node is not None and node.named_child_count:
        inner = node.child_by_field_name("declarator")
        names = (c for c in node.named_children if "identifier" in c.type)
        node = inner or next(names, node.named_children[0])
    return text_of(node) if node is not None and "identifier" in node.type else ""


def _csharp(holder: Node) -> Iterator[Parameter]:
    """`params int[] rest` stands in the list itself, without a node of its own."""
    for child in holder.named_children:
        if child.type == "parameter":
            named = child.child_by_field_name("name")
            after = [c for c in child.named_children if named and c.start_byte > named.end_byte]
            marks = [text_of(c) for c in child.named_children if c.type == "modifier"]
            declared = " ".join((*marks, plain(child.child_by_field_name("type"))))
            yield Parameter(text_of(named), declared, plain(after[-1]) if after else "")
    rest = holder.child_by_field_name("name")
    if rest is not None:
        yield Parameter(text_of(rest), plain(holder.child_by_field_name("type")), "", "rest")


def _kotlin(holder: Node) -> Iterator[Parameter]:
    """Modifiers and defaults of a function's parameter are its neighbours."""
    marks, found = "", list[Parameter]()
    assigned = False
    for child in holder.children:
        if child.type == "parameter_modifiers":
            marks = text_of(child)
        elif child.type in ("parameter", "class_parameter"):
            found.append(_kotlin_one(child, "vararg" in marks))
            marks = ""
        elif child.type == "=":
            assigned = True
        elif assigned and child.is_named and "comment" not in child.type:
            found[-1], assigned = replace(found[-1], default=plain(child)), False
    yield from found


def _kotlin_one(node: Node, rest: bool) -> Parameter:
    named = [child for child in node.named_children if child.type != "modifiers"]
    name = next((child for child in named if child.type == "identifier"), None)
    behind = [child for child in named if name is not None and child.start_byte > name.end_byte]
    declared = plain(behind[0]) if behind else ""
    default = plain(behind[1]) if len(behind) > 1 else ""
    return Parameter(text_of(name), declared, default, "rest" if rest else "plain")


def _rust(holder: Node) -> Iterator[Parameter]:
    for child in holder.named_children:
        if child.type == "parameter":
            yield _one(child)
        elif child.type == "variadic_parameter":
            yield Parameter("...", kind="rest")


_READERS: dict[str, Callable[[Node], Iterator[Parameter]]] = {
    "python": _python,
    "go": _go,
    "ruby": _ruby,
    "java": _java,
    "c": _declared,
    "cpp": _declared,
    "csharp": _csharp,
    "kotlin": _kotlin,
    "rust": _rust,
}
