"""Outline rules for Rust."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_rust
from tree_sitter import Language, Node

from workers.repository.outline import Import
from workers.repository.outlines.language import LanguageRules, line_of, plain_receiver, text_of

_DEFINITIONS = """
(function_item name: (identifier) @name) @definition.function
(function_signature_item name: (identifier) @name) @definition.function
(struct_item name: (type_identifier) @name) @definition.struct
(union_item name: (type_identifier) @name) @definition.struct
(enum_item name: (type_identifier) @name) @definition.enum
(trait_item name: (type_identifier) @name) @definition.trait
(type_item name: (type_identifier) @name) @definition.type
(mod_item name: (identifier) @name) @definition.module
(const_item name: (identifier) @name) @definition.constant
(static_item name: (identifier) @name) @definition.constant
(macro_definition name: (identifier) @name) @definition.function
(impl_item type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @scope
"""


def _paths(node: Node, prefix: str) -> Iterator[tuple[str, str, Node]]:
    """(full path, local name, node) of each leaf of a `use` tree."""
    if node.type == "scoped_use_list":
        path = text_of(node.child_by_field_name("path"))
        inner = node.child_by_field_name("list")
        if inner is not None:
            yield from _paths(inner, f"{prefix}{path}::")
    elif node.type == "use_list":
        for child in node.named_children:
            yield from _paths(child, prefix)
    elif node.type == "use_as_clause":
        path = text_of(node.child_by_field_name("path"))
        yield prefix + path, text_of(node.child_by_field_name("alias")), node
    elif node.type == "use_wildcard":
        yield prefix + text_of(node).removesuffix("*") + "*", "", node
    elif node.type in ("identifier", "scoped_identifier", "self", "crate"):
        path = prefix + text_of(node)
        yield path, path.rpartition("::")[2], node


def _read_import(node: Node) -> Iterator[Import]:
    argument = node.child_by_field_name("argument")
    exported = any(child.type == "visibility_modifier" for child in node.children)
    for path, alias, leaf in _paths(argument, "") if argument is not None else ():
        module, _, name = path.rpartition("::")
        if name == "self":
            module, _, name = module.rpartition("::")
        local = name if alias == "self" else alias
        yield Import(module, name, local, line_of(leaf), exported)


def _whole(node: Node) -> Node | None:
    parent = node.parent
    if parent is None:
        return None
    field = {"field_expression": "field"}.get(parent.type, "name")
    if parent.type not in ("field_expression", "scoped_identifier", "scoped_type_identifier"):
        return None
    named = parent.child_by_field_name(field)
    return parent if named is not None and named.id == node.id else None


def _receiver(node: Node) -> str:
    whole = _whole(node)
    if whole is None:
        return ""
    field = "value" if whole.type == "field_expression" else "path"
    return plain_receiver(whole.child_by_field_name(field))


def _is_call(node: Node) -> bool:
    whole = _whole(node) or node
    parent = whole.parent
    if parent is None:
        return False
    called = parent.child_by_field_name("function") or parent.child_by_field_name("macro")
    return called is not None and called.id == whole.id


RULES = LanguageRules(
    name="rust",
    grammar=lambda: Language(tree_sitter_rust.language()),
    definitions=_DEFINITIONS,
    imports="(use_declaration) @import",
    uses="(identifier) @use (field_identifier) @use (type_identifier) @use",
    read_import=_read_import,
    receiver=_receiver,
    is_call=_is_call,
)
