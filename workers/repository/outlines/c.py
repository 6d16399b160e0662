"""Outline rules for C; C++ builds on them.

A prototype and the function that it announces are two definitions of one name: `signature` ends
in `;` for the prototype.
"""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_c
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


def declares(name: str) -> str:
    """A query for what declares a name: alone, or in a declarator of up to three levels."""
    levels = ["(_ declarator: " * depth + name + ")" * depth for depth in range(4)]
    return f"[{' '.join(levels)}]"


def declares_function(name: str) -> str:
    """The same for a function, which may return a pointer."""
    function = f"(function_declarator declarator: {name})"
    return f"[{function} (_ {function}) (_ (_ {function}))]"


def _outside(pattern: str) -> str:
    """The pattern wherever it stands outside functions and types."""
    parents = (
        "translation_unit declaration_list linkage_specification"
        " preproc_if preproc_ifdef preproc_else preproc_elif"
    )
    return "\n".join(f"({parent} {pattern})" for parent in parents.split())


_FUNCTION = declares_function("(identifier) @name")
FUNCTIONS = f"""
(function_definition declarator: {_FUNCTION}) @definition.function
(declaration declarator: {_FUNCTION}) @definition.function
"""

VALUES = _outside(
    f"(declaration declarator: {declares('(identifier) @name')}) @definition.variable"
)

MACROS = """
(preproc_function_def name: (identifier) @name) @definition.function
(preproc_def name: (identifier) @name) @definition.constant
"""

TYPES = f"""
(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
(union_specifier name: (type_identifier) @name body: (_)) @definition.struct
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(enumerator name: (identifier) @name) @definition.constant
(field_declaration declarator: {declares("(field_identifier) @name")}) @definition.field
(field_declaration declarator: (function_declarator declarator: (parenthesized_declarator
  (pointer_declarator declarator: (field_identifier) @name)))) @definition.field
(type_definition type: [
    (type_identifier) (primitive_type) (sized_type_specifier) (enum_specifier !body)]
  declarator: {declares("(type_identifier) @name")}) @definition.type
(type_definition type: [(struct_specifier name: (_) @base !body)
    (union_specifier name: (_) @base !body)]
  declarator: {declares("(type_identifier) @name")}) @definition.struct
(type_definition type: [(struct_specifier name: (_) @base body: (_))
    (union_specifier name: (_) @base body: (_))]
  declarator: {declares("(type_identifier) @name @definition.struct")})
(type_definition type: (enum_specifier name: (_) body: (_))
  declarator: {declares("(type_identifier) @name @definition.type")})
(type_definition declarator: (function_declarator declarator: (parenthesized_declarator
  (pointer_declarator declarator: (type_identifier) @name)))) @definition.type
(type_definition type: (struct_specifier !name body: (_))
  declarator: (type_identifier) @name) @definition.struct
(type_definition type: (union_specifier !name body: (_))
  declarator: (type_identifier) @name) @definition.struct
(type_definition type: (enum_specifier !name body: (_))
  declarator: (type_identifier) @name) @definition.enum
"""

_TYPE = "type: [(struct_specifier name: (_) @type) (_) @type]"
TYPED = f"""
(parameter_declaration {_TYPE} declarator: {declares("(identifier) @name")})
(declaration {_TYPE} declarator: {declares("(identifier) @name")})
(field_declaration {_TYPE} declarator: {declares("(field_identifier) @field")})
(function_definition {_TYPE} declarator: {declares_function("(_) @returned")})
(declaration {_TYPE} declarator: {declares_function("(_) @returned")})
"""

USES = "(identifier) @use (field_identifier) @use (type_identifier) @use"


def read_import(node: Node) -> Iterator[Import]:
    """`#include "path"`; `<path>` keeps its brackets. It binds no name: resolution follows it."""
    path = text_of(node.child_by_field_name("path"))
    yield Import(path.strip('"'), "", "", line_of(node))


def _member(node: Node) -> Node | None:
    parent = node.parent
    if parent is not None and parent.type == "field_expression":
        return parent if holds(parent, "field", node) else None
    return None


def _receiver(node: Node) -> str:
    member = _member(node)
    text = "" if member is None else plain_receiver(member.child_by_field_name("argument"))
    return text.replace("->", ".")


def _is_call(node: Node) -> bool:
    whole = _member(node) or node
    return holds(whole.parent, "function", whole)


RULES = LanguageRules(
    name="c",
    grammar=lambda: Language(tree_sitter_c.language()),
    definitions=FUNCTIONS + VALUES + MACROS + TYPES,
    imports="(preproc_include) @import",
    uses=USES,
    read_import=read_import,
    receiver=_receiver,
    is_call=_is_call,
    typed=TYPED,
    comments=CommentRules(around=frozenset({"type_definition", "pointer_declarator"})),
    nested_functions=False,
    readable=without_conditionals,
)
