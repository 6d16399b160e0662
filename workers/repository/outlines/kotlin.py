"""Outline rules for Kotlin.

Members of a companion object carry the name of the class around it, as their callers write it.
"""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_kotlin
from tree_sitter import Language, Node

from workers.repository.outline import Import
from workers.repository.outlines.java import split_at_type
from workers.repository.outlines.language import (
    JAVADOC,
    CommentRules,
    LanguageRules,
    line_of,
    plain_receiver,
    text_of,
)

_TYPE = "[(user_type) (nullable_type) (function_type)]"

_WRITTEN = "[(user_type) (nullable_type)] @type"

_DEFINITIONS = f"""
(class_declaration name: (identifier) @name) @definition.type
(class_declaration "class" name: (identifier) @name) @definition.class
(class_declaration "interface" name: (identifier) @name) @definition.interface
(class_declaration name: (identifier) @name (delegation_specifiers (delegation_specifier [
  (user_type) @base
  (constructor_invocation (user_type) @base)
  (explicit_delegation (user_type) @base)]))) @definition.type
(object_declaration name: (identifier) @name) @definition.class
(object_declaration name: (identifier) @name (delegation_specifiers (delegation_specifier [
  (user_type) @base (constructor_invocation (user_type) @base)]))) @definition.class
(companion_object name: (identifier) @name) @definition.class
(function_declaration name: (identifier) @name) @definition.function
(function_declaration {_TYPE} @extends . "." . name: (identifier) @name) @definition.function
(secondary_constructor "constructor" @name) @definition.method
(type_alias type: (identifier) @name) @definition.type
(source_file (property_declaration
  (variable_declaration (identifier) @name)) @definition.variable)
(source_file (property_declaration {_TYPE} @extends . "." .
  (variable_declaration (identifier) @name)) @definition.variable)
(class_body (property_declaration
  (variable_declaration (identifier) @name)) @definition.field)
(class_parameter ["val" "var"] (identifier) @name) @definition.field
(enum_entry (identifier) @name) @definition.constant
"""

_CALLED = "(call_expression . [(identifier) (navigation_expression)])"

_TYPED = f"""
(parameter (identifier) @name {_WRITTEN})
(class_parameter (identifier) @name {_WRITTEN})
(class_parameter ["val" "var"] (identifier) @field {_WRITTEN})
(property_declaration (variable_declaration (identifier) @name {_WRITTEN}))
(property_declaration (variable_declaration . (identifier) @name .) {_CALLED} @value)
(property_declaration (variable_declaration . (identifier) @name .) (identifier) @value)
(property_declaration (variable_declaration . (identifier) @name .) (as_expression
  right: {_WRITTEN}))
(property_declaration (variable_declaration . (identifier) @name .))
(for_statement (variable_declaration . (identifier) @name .) . "in" . (_) @item)
(for_statement (variable_declaration (identifier) @name {_WRITTEN}))
(catch_block (identifier) @name (user_type) @type)
(lambda_parameters (variable_declaration . (identifier) @name .))
(lambda_parameters (variable_declaration (identifier) @name {_WRITTEN}))
(function_declaration name: (identifier) @returned (function_value_parameters) . {_WRITTEN})
(if_expression condition: (is_expression . (identifier) @name {_WRITTEN}) . (_) @within)
"""

_COMMENTS = CommentRules(
    """[(line_comment) (block_comment)] @comment
(source_file (annotated_expression) @between)""",  # as some annotations of functions are parsed
    JAVADOC,
)


def _read_import(node: Node) -> Iterator[Import]:
    """As Java's; what stands in a companion object is named by the class around it."""
    path = text_of(next((c for c in node.named_children if c.type == "qualified_identifier"), None))
    package, name = split_at_type(path.replace(".Companion.", "."))
    if any(child.type == "*" for child in node.children):
        yield Import(package, f"{name}.*" if name else "*", "", line_of(node))
        return
    if not name:
        package, _, name = package.rpartition(".")
    alias = next((c for c in node.named_children if c.type == "identifier"), None)
    yield Import(package, name, text_of(alias) or name.rpartition(".")[2], line_of(node))


_MEMBERS = ("navigation_expression", "callable_reference", "user_type")


def _member(node: Node) -> Node | None:
    """The `a.b` of which this name is the `b`; for a type `a.B` too."""
    parent = node.parent
    if parent is None or parent.type not in _MEMBERS:
        return None
    names = [child for child in parent.named_children if child.type != "type_arguments"]
    return parent if len(names) > 1 and names[-1].id == node.id else None


def _is_infix(node: Node) -> bool:
    parent = node.parent
    return (
        parent is not None
        and parent.type == "infix_expression"
        and len(parent.named_children) == 3
        and parent.named_children[1].id == node.id
    )


def _receiver(node: Node) -> str:
    parent = node.parent
    if parent is not None and _is_infix(node):
        return plain_receiver(parent.named_children[0])
    member = _member(node)
    if member is None:
        return ""
    if member.type == "user_type":
        return ".".join(text_of(child) for child in member.named_children if child.id != node.id)
    before = plain_receiver(member.named_children[0])
    return before.removesuffix("!!").replace("?.", ".")


def _is_call(node: Node) -> bool:
    if _is_infix(node):
        return True
    whole = _member(node) or node
    parent = whole.parent
    if parent is not None and parent.type == "user_type":
        whole, parent = parent, parent.parent
    if parent is not None and whole.type == "user_type":
        return parent.type == "constructor_invocation"
    if parent is None or parent.type != "call_expression":
        return False
    return parent.named_children[0].id == whole.id


RULES = LanguageRules(
    name="kotlin",
    grammar=lambda: Language(tree_sitter_kotlin.language()),
    definitions=_DEFINITIONS,
    imports="(import) @import",
    uses="(identifier) @use",
    read_import=_read_import,
    receiver=_receiver,
    is_call=_is_call,
    typed=_TYPED,
    comments=_COMMENTS,
    package="(package_header (qualified_identifier) @package)",
)
