"""Outline rules for PHP."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

import tree_sitter_php
from tree_sitter import Language, Node

from workers.repository.outline import Import
from workers.repository.outlines.language import (
    JAVADOC,
    CommentRules,
    LanguageRules,
    holds,
    line_of,
    plain_receiver,
    text_of,
)

_NAME = "[(name) (qualified_name)]"
_DEFINITIONS = f"""
(class_declaration name: (name) @name) @definition.class
(class_declaration name: (name) @name (base_clause {_NAME} @base)) @definition.class
(class_declaration name: (name) @name (class_interface_clause {_NAME} @base)) @definition.class
(class_declaration name: (name) @name
  body: (declaration_list (use_declaration {_NAME} @base))) @definition.class
(interface_declaration name: (name) @name) @definition.interface
(interface_declaration name: (name) @name (base_clause {_NAME} @base)) @definition.interface
(trait_declaration name: (name) @name) @definition.trait
(trait_declaration name: (name) @name
  body: (declaration_list (use_declaration {_NAME} @base))) @definition.trait
(enum_declaration name: (name) @name) @definition.enum
(enum_declaration name: (name) @name (class_interface_clause {_NAME} @base)) @definition.enum
(function_definition name: (name) @name) @definition.function
(method_declaration name: (name) @name) @definition.method
(property_declaration (property_element name: (variable_name (name) @name)) @definition.field)
(property_promotion_parameter name: (variable_name (name) @name)) @definition.field
(const_declaration (const_element (name) @name) @definition.constant)
(enum_case name: (name) @name) @definition.constant
"""

_IMPORTS = """
(namespace_use_declaration) @import
[(include_expression) (include_once_expression)
 (require_expression) (require_once_expression)] @import
"""

_NAMED = "[(name) @use (qualified_name (name) @use)]"
_USES = f"""
(function_call_expression function: {_NAMED})
(member_call_expression name: (name) @use)
(nullsafe_member_call_expression name: (name) @use)
(member_access_expression name: (name) @use)
(nullsafe_member_access_expression name: (name) @use)
(scoped_call_expression scope: {_NAMED})
(scoped_call_expression name: (name) @use)
(scoped_property_access_expression scope: {_NAMED})
(scoped_property_access_expression name: (variable_name (name) @use))
(class_constant_access_expression {_NAMED})
(object_creation_expression {_NAMED})
(named_type {_NAMED})
(base_clause {_NAMED})
(class_interface_clause {_NAMED})
(use_declaration {_NAMED})
(namespace_use_clause {_NAMED})
(binary_expression operator: "instanceof" right: {_NAMED})
(attribute {_NAMED})
"""

_TYPED = """
(simple_parameter type: (_) @type name: (variable_name) @name)
(simple_parameter !type name: (variable_name) @name)
(property_promotion_parameter type: (_) @type name: (variable_name) @field)
(property_declaration type: (_) @type (property_element name: (variable_name) @field))
(assignment_expression left: [(variable_name) (member_access_expression)
  (scoped_property_access_expression)] @name right: (_) @value)
(function_definition name: (name) @returned return_type: (_) @type)
(method_declaration name: (name) @returned return_type: (_) @type)
(return_statement (_) @value) @returned
(foreach_statement . (_) @item . (variable_name) @name)
(catch_clause type: (type_list (named_type) @type) name: (variable_name) @name)
(if_statement
  condition: (parenthesized_expression
    (binary_expression left: (variable_name) @name operator: "instanceof" right: (_) @type))
  body: (_) @within)
"""

_BEFORE = {
    "member_call_expression": "object",
    "nullsafe_member_call_expression": "object",
    "member_access_expression": "object",
    "nullsafe_member_access_expression": "object",
    "scoped_call_expression": "scope",
    "scoped_property_access_expression": "scope",
}
"""Where what stands before a member's name is."""
_CALLS = frozenset({"member_call_expression", "nullsafe_member_call_expression",
    "scoped_call_expression"})  # fmt: skip


def _read_import(node: Node) -> Iterator[Import]:
    """`use`, its groups and functions, and files that are included by a literal path."""
    if node.type != "namespace_use_declaration":
        yield from _included(node)
        return
    group = node.child_by_field_name("body")
    prefix = text_of(node.named_children[0]).strip("\\") if group is not None else ""
    for clause in (group or node).named_children:
        if clause.type == "namespace_use_clause":
            alias = clause.child_by_field_name("alias")
            written = text_of(clause.named_children[0]).strip("\\")
            whole = f"{prefix}\\{written}" if prefix else written
            name = whole.rpartition("\\")[2]
            yield Import(whole, name, text_of(alias) or name, line_of(clause))


def _included(node: Node) -> Iterator[Import]:
    """A path after `__DIR__` is relative to the file; so is any other, as a guess."""
    strings = [each for each in _below(node) if each.type == "string"]
    if len(strings) == 1:
        path = text_of(strings[0])[1:-1].lstrip("/")
        yield Import(f"./{posixpath.normpath(path)}", "*", "", line_of(node))


def _below(node: Node) -> Iterator[Node]:
    for child in node.named_children:
        yield child
        if child.type in ("binary_expression", "parenthesized_expression"):
            yield from _below(child)


def _receiver(node: Node) -> str:
    """What stands before `->` or `::`; for `A\\B` the namespace with its last backslash."""
    parent = node.parent
    if parent is not None and parent.type == "qualified_name":
        return text_of(parent)[: -len(text_of(node))]
    if parent is not None and parent.type == "variable_name":
        node, parent = parent, parent.parent
    if parent is None:
        return ""
    if parent.type == "class_constant_access_expression":
        first = parent.named_children[0]
        return plain_receiver(first) if first.id != node.id else ""
    before = _BEFORE.get(parent.type)
    if before is None or not holds(parent, "name", node):
        return ""
    return plain_receiver(parent.child_by_field_name(before))


def _is_call(node: Node) -> bool:
    whole: Node = node
    parent = whole.parent
    if parent is not None and parent.type == "qualified_name":
        whole, parent = parent, parent.parent
    if parent is None or parent.type == "object_creation_expression":
        return parent is not None
    return holds(parent, "name" if parent.type in _CALLS else "function", whole)


RULES = LanguageRules(
    name="php",
    grammar=lambda: Language(tree_sitter_php.language_php()),
    definitions=_DEFINITIONS,
    imports=_IMPORTS,
    uses=_USES,
    read_import=_read_import,
    receiver=_receiver,
    is_call=_is_call,
    wrappers=frozenset({"property_declaration", "const_declaration"}),
    typed=_TYPED,
    comments=CommentRules(marked=JAVADOC),
    package="(namespace_definition name: (namespace_name) @package)",
)
