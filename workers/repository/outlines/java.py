"""Outline rules for Java."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_java
from tree_sitter import Language, Node

from workers.repository.outline import Import
from workers.repository.outlines.language import LanguageRules, line_of, plain_receiver, text_of

_DEFINITIONS = """
(class_declaration name: (identifier) @name) @definition.class
(class_declaration name: (identifier) @name superclass: (superclass (_) @base)) @definition.class
(class_declaration name: (identifier) @name
  interfaces: (super_interfaces (type_list (_) @base))) @definition.class
(record_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(interface_declaration name: (identifier) @name
  (extends_interfaces (type_list (_) @base))) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(annotation_type_declaration name: (identifier) @name) @definition.interface
(method_declaration name: (identifier) @name) @definition.method
(constructor_declaration name: (identifier) @name) @definition.method
(field_declaration declarator: (variable_declarator name: (identifier) @name)) @definition.field
"""


def _read_import(node: Node) -> Iterator[Import]:
    path = text_of(next((c for c in node.named_children if "identifier" in c.type), None))
    if any(child.type == "asterisk" for child in node.children):
        yield Import(path, "*", "", line_of(node))
        return
    module, _, name = path.rpartition(".")
    yield Import(module, name, name, line_of(node))


def _receiver(node: Node) -> str:
    parent = node.parent
    if parent is None:
        return ""
    for named, before in (("name", "object"), ("field", "object")):
        child = parent.child_by_field_name(named)
        if child is not None and child.id == node.id:
            return plain_receiver(parent.child_by_field_name(before))
    return ""


def _is_call(node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return False
    field = {"method_invocation": "name", "object_creation_expression": "type"}.get(parent.type)
    named = parent.child_by_field_name(field) if field else None
    return named is not None and named.id == node.id


RULES = LanguageRules(
    name="java",
    grammar=lambda: Language(tree_sitter_java.language()),
    definitions=_DEFINITIONS,
    imports="(import_declaration) @import",
    uses="(identifier) @use (type_identifier) @use",
    read_import=_read_import,
    receiver=_receiver,
    is_call=_is_call,
)
