"""What a JavaScript or TypeScript file imports and exports: ES modules, CommonJS, `import()`."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from workers.repository.outline import Import
from workers.repository.outlines.language import line_of, text_of

_DECLARED = frozenset({"function_declaration", "generator_function_declaration",
    "class_declaration", "abstract_class_declaration", "interface_declaration"})  # fmt: skip


def read_import(node: Node) -> Iterator[Import]:
    """Everything that one statement or call binds here or hands on.

    An export of the file itself has no module: `export {a as b}`, `export default a`,
    `module.exports = a`, `exports.b = a`.
    """
    if node.type == "call_expression":
        yield from _called(node)
    elif node.type == "expression_statement":
        yield from _assigned_exports(node.named_children[0])
    elif node.type == "export_statement" and node.child_by_field_name("source") is None:
        yield from _exported(node)
    else:
        yield from _with_source(node)


def _with_source(node: Node) -> Iterator[Import]:
    """`import … from "x"`, `import x = require("x")`, `export … from "x"`."""
    required = next((each for each in node.children if each.type == "import_require_clause"), None)
    source = (required or node).child_by_field_name("source")
    module, exported = _unquoted(source), node.type == "export_statement"
    if required is not None:
        yield Import(module, "", text_of(required.named_children[0]), line_of(node))
    elif module:
        found = list(_specifiers(node, module, exported))
        bare = Import(module, "*" if exported else "", "", line_of(node), exported)
        yield from found or [bare]


def _specifiers(node: Node, module: str, exported: bool) -> Iterator[Import]:
    for child in node.named_children:
        if child.type in ("import_specifier", "export_specifier"):
            name = _unquoted_name(child.child_by_field_name("name"))
            alias = _unquoted_name(child.child_by_field_name("alias")) or name
            yield Import(module, name, alias, line_of(child), exported)
        elif child.type in ("named_imports", "export_clause", "import_clause"):
            yield from _specifiers(child, module, exported)
        elif child.type in ("namespace_import", "namespace_export"):
            yield Import(module, "", text_of(child.named_children[-1]), line_of(child), exported)
        elif child.type == "identifier":
            yield Import(module, "default", text_of(child), line_of(child), exported)


def _exported(node: Node) -> Iterator[Import]:
    """What a file exports of its own under another name."""
    default = any(child.type == "default" for child in node.children)
    declared = node.child_by_field_name("declaration")
    value = node.child_by_field_name("value")
    if default and declared is not None and declared.type in _DECLARED:
        name = text_of(declared.child_by_field_name("name"))
        if name:
            yield Import("", name, "default", line_of(node), exported=True)
    elif default and value is not None and value.type == "identifier":
        yield Import("", text_of(value), "default", line_of(node), exported=True)
    elif any(child.type == "=" for child in node.children):  # export = name
        yield Import("", text_of(node.named_children[-1]), "default", line_of(node), exported=True)
    else:
        yield from _specifiers(node, "", exported=True)


def _called(node: Node) -> Iterator[Import]:
    """`require("x")` and `import("x")`, with what they are assigned to."""
    arguments = node.child_by_field_name("arguments")
    first = arguments.named_children[0] if arguments and arguments.named_children else None
    module = _unquoted(first)
    outer, name = node.parent, ""
    if outer is not None and outer.type == "member_expression":
        name = text_of(outer.child_by_field_name("property"))  # require("x").name
        outer = outer.parent
    if outer is not None and outer.type == "await_expression":
        outer = outer.parent
    target = outer.child_by_field_name("name") if outer is not None else None
    if outer is None or outer.type != "variable_declarator" or target is None:
        yield Import(module, name, "", line_of(node))
    elif target.type == "identifier":
        yield Import(module, name, text_of(target), line_of(node))
    else:
        yield from _destructured(target, module)


def _destructured(target: Node, module: str) -> Iterator[Import]:
    for child in target.named_children:
        if child.type == "shorthand_property_identifier_pattern":
            yield Import(module, text_of(child), text_of(child), line_of(child))
        elif child.type == "pair_pattern":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            yield Import(module, text_of(key), text_of(value), line_of(child))


def _assigned_exports(node: Node) -> Iterator[Import]:
    """`module.exports = a`, `module.exports = {a, b: c}`, `exports.b = a`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    name = text_of(left.child_by_field_name("property"))
    whole = text_of(left) == "module.exports"
    if right.type == "identifier":
        alias = "default" if whole else name
        yield Import("", text_of(right), alias, line_of(node), exported=True)
    elif whole and right.type == "call_expression":
        yield from _handed_on(right)
    elif whole and right.type in ("function_expression", "arrow_function", "class"):
        own = text_of(right.child_by_field_name("name")) or "exports"
        yield Import("", own, "default", line_of(node), exported=True)
    elif whole and right.type == "object":
        for child in right.named_children:
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if child.type == "shorthand_property_identifier":
                yield Import("", text_of(child), text_of(child), line_of(child), exported=True)
            elif value is not None and value.type == "identifier":
                yield Import("", text_of(value), text_of(key), line_of(child), exported=True)


def _handed_on(call: Node) -> Iterator[Import]:
    """`module.exports = require("x")`: everything, and the whole as the default."""
    arguments = call.child_by_field_name("arguments")
    first = arguments.named_children[0] if arguments and arguments.named_children else None
    if text_of(call.child_by_field_name("function")) == "require" and first is not None:
        module = _unquoted(first)
        yield Import(module, "*", "", line_of(call), exported=True)
        yield Import(module, "default", "default", line_of(call), exported=True)


def _unquoted(node: Node | None) -> str:
    return text_of(node)[1:-1] if node is not None and node.type == "string" else ""


def _unquoted_name(node: Node | None) -> str:
    return text_of(node).strip("\"'")
