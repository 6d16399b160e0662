"""Outline rules for C#."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_c_sharp
from tree_sitter import Language, Node

from workers.repository.outline import Import
from workers.repository.outlines.language import (
    CommentRules,
    LanguageRules,
    holds,
    line_of,
    plain_receiver,
    text_of,
    without_conditionals,
)

_BASES = "(base_list [(identifier) (qualified_name) (generic_name)] @base)"

_DEFINITIONS = f"""
(class_declaration name: (identifier) @name) @definition.class
(class_declaration name: (identifier) @name {_BASES}) @definition.class
(struct_declaration name: (identifier) @name) @definition.struct
(struct_declaration name: (identifier) @name {_BASES}) @definition.struct
(record_declaration name: (identifier) @name) @definition.class
(record_declaration name: (identifier) @name {_BASES}) @definition.class
(record_declaration name: (identifier) @name
  (base_list (primary_constructor_base_type type: (_) @base))) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(interface_declaration name: (identifier) @name {_BASES}) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(enum_member_declaration name: (identifier) @name) @definition.constant
(delegate_declaration name: (identifier) @name) @definition.type
(method_declaration name: (identifier) @name) @definition.method
(method_declaration name: (identifier) @name parameters: (parameter_list .
  (parameter (modifier) @this type: (_) @extends)) (#eq? @this "this")) @definition.method
(local_function_statement name: (identifier) @name) @definition.function
(constructor_declaration name: (identifier) @name) @definition.method
(property_declaration name: (identifier) @name) @definition.field
(record_declaration (parameter_list
  (parameter name: (identifier) @name) @definition.field))
(field_declaration (variable_declaration
  (variable_declarator name: (identifier) @name))) @definition.field
(event_field_declaration (variable_declaration
  (variable_declarator name: (identifier) @name))) @definition.field
(event_declaration name: (identifier) @name) @definition.field
"""

_WRITTEN = """[(identifier) (generic_name) (qualified_name) (nullable_type) (array_type)] @type"""

_TYPED = f"""
(parameter type: {_WRITTEN} name: (identifier) @name)
(parameter !type name: (identifier) @name)
(variable_declaration type: {_WRITTEN} (variable_declarator name: (identifier) @name))
(field_declaration (variable_declaration type: {_WRITTEN}
  (variable_declarator name: (identifier) @field)))
(property_declaration type: {_WRITTEN} name: (identifier) @field)
(record_declaration (parameter_list (parameter type: {_WRITTEN} name: (identifier) @field)))
(variable_declaration type: (implicit_type) (variable_declarator name: (identifier) @name
  (object_creation_expression type: {_WRITTEN})))
(variable_declaration type: (implicit_type) (variable_declarator name: (identifier) @name
  [(invocation_expression) (await_expression) (identifier) (member_access_expression)] @value))
(variable_declaration type: (implicit_type) (variable_declarator name: (identifier) @name))
(variable_declaration type: (implicit_type) (variable_declarator name: (identifier) @name
  (as_expression right: {_WRITTEN})))
(variable_declaration type: (implicit_type) (variable_declarator name: (identifier) @name
  (cast_expression type: {_WRITTEN})))
(foreach_statement type: {_WRITTEN} left: (identifier) @name)
(foreach_statement type: (implicit_type) left: (identifier) @name right: (_) @item)
(declaration_pattern type: {_WRITTEN} name: (identifier) @name)
(declaration_expression type: {_WRITTEN} name: (identifier) @name)
(catch_declaration type: {_WRITTEN} name: (identifier) @name)
(method_declaration returns: {_WRITTEN} name: (identifier) @returned)
"""


def _read_import(node: Node) -> Iterator[Import]:
    """`using A.B`, `using static A.B.C` (its members), `using X = A.B.C`.

    `global` ones count for all files of the project; resolution reads those anew.
    """
    alias = text_of(node.child_by_field_name("name"))
    path = text_of(node.named_children[-1] if node.named_children else None).partition("<")[0]
    namespace, _, name = path.rpartition(".")
    if alias:
        yield Import(namespace, name, alias, line_of(node))
    elif any(child.type == "static" for child in node.children):
        yield Import(namespace, f"{name}.*", "", line_of(node))
    elif path:
        yield Import(path, "*", "", line_of(node))


def _whole(node: Node) -> Node:
    """The name with its type arguments and what stands before it."""
    parent = node.parent
    if parent is not None and parent.type == "generic_name":
        node, parent = parent, parent.parent
    if parent is not None and parent.type in (
        "member_access_expression", "qualified_name", "member_binding_expression",
    ):  # fmt: skip
        return parent if holds(parent, "name", node) else node
    return node


def _receiver(node: Node) -> str:
    whole = _whole(node)
    if whole.type == "member_access_expression":
        before = plain_receiver(whole.child_by_field_name("expression"))
        return before.replace("!", "").replace("?.", ".")
    if whole.type == "qualified_name":
        return plain_receiver(whole.child_by_field_name("qualifier"))
    if whole.type == "member_binding_expression":
        around = whole.parent
        while around is not None and around.type != "conditional_access_expression":
            around = around.parent
        return plain_receiver(around.child_by_field_name("condition")) if around else "?"
    return ""


def _is_call(node: Node) -> bool:
    whole = _whole(node)
    parent = whole.parent
    if whole.type == "member_binding_expression" and parent is not None:
        whole, parent = parent, parent.parent  # `a?.b()`: the call is around the whole access
    if parent is not None and parent.type == "object_creation_expression":
        return holds(parent, "type", whole)
    return holds(parent, "function", whole)


RULES = LanguageRules(
    name="csharp",
    grammar=lambda: Language(tree_sitter_c_sharp.language()),
    definitions=_DEFINITIONS,
    imports="(using_directive) @import",
    uses="(identifier) @use",
    read_import=_read_import,
    receiver=_receiver,
    is_call=_is_call,
    typed=_TYPED,
    comments=CommentRules(marked=r"///(?!/)|/\*\*(?![*/])"),
    readable=without_conditionals,
    package="""
(namespace_declaration name: (_) @package)
(file_scoped_namespace_declaration name: (_) @package)
""",
)
