"""Outline rules for Go."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter_go
from tree_sitter import Language, Node

from workers.repository.outline import Import
from workers.repository.outlines.language import (
    CommentRules,
    LanguageRules,
    holds,
    line_of,
    plain_receiver,
    text_of,
)

_MAJOR = re.compile(r"v\d+")
_VERSION_SUFFIX = re.compile(r"\.v\d+$")

_NAMED = """[
  (type_identifier) @container
  (generic_type type: (type_identifier) @container)
  (pointer_type [(type_identifier) @container
                 (generic_type type: (type_identifier) @container)])]"""

_DEFINITIONS = f"""
(function_declaration name: (identifier) @name) @definition.function
(method_declaration
  receiver: (parameter_list (parameter_declaration type: {_NAMED}))
  name: (field_identifier) @name) @definition.method
(type_spec name: (type_identifier) @name type: (struct_type)) @definition.struct
(type_spec name: (type_identifier) @name type: (struct_type (field_declaration_list
  (field_declaration !name type: (_) @base)))) @definition.struct
(field_declaration name: (field_identifier) @name) @definition.field
(type_spec name: (type_identifier) @name type: (interface_type)) @definition.interface
(type_spec name: (type_identifier) @name type: (interface_type
  (type_elem . [(type_identifier) (qualified_type)] @base .))) @definition.interface
(type_spec name: (type_identifier) @name) @definition.type
(type_alias name: (type_identifier) @name) @definition.type
(method_elem name: (field_identifier) @name) @definition.method
(source_file (const_declaration (const_spec name: (identifier) @name) @definition.constant))
(source_file (var_declaration
  (var_spec name: (identifier) @name) @definition.variable))
(source_file (var_declaration (var_spec_list
  (var_spec name: (identifier) @name) @definition.variable)))
"""

_RESULT = (
    """[(type_identifier) (pointer_type) (qualified_type) (generic_type) (slice_type)] @type"""
)

_TYPED = f"""
(parameter_declaration name: (identifier) @name type: (_) @type)
(parameter_declaration name: (identifier) @name)
(variadic_parameter_declaration name: (identifier) @name)
(var_spec name: (identifier) @name type: (_) @type)
(var_spec name: (identifier) @name !type value: (expression_list . (_) @value .))
(field_declaration name: (field_identifier) @field type: (_) @type)
(field_declaration !name type: (type_identifier) @field type: (type_identifier) @type)
(short_var_declaration left: (expression_list (identifier) @name))
(short_var_declaration
  left: (expression_list . (identifier) @name)
  right: (expression_list . [
    (composite_literal type: [(type_identifier) (qualified_type)] @type)
    (unary_expression operand: (composite_literal
      type: [(type_identifier) (qualified_type)] @type))
    (type_assertion_expression type: (_) @type)
    [(call_expression) (identifier) (selector_expression)] @value] .))
(range_clause left: (expression_list (identifier) @name))
(range_clause left: (expression_list (identifier) (identifier) @name) right: (_) @item)
(function_declaration name: (identifier) @returned result: {_RESULT})
(function_declaration name: (identifier) @returned
  result: (parameter_list . (parameter_declaration type: (_) @type)))
(method_declaration name: (field_identifier) @returned result: {_RESULT})
(method_declaration name: (field_identifier) @returned
  result: (parameter_list . (parameter_declaration type: (_) @type)))
"""


def package_name(path: str) -> str:
    """What a package most likely calls itself: the last part of its path that is no version."""
    parts = path.split("/")
    if len(parts) > 1 and _MAJOR.fullmatch(parts[-1]):
        parts.pop()
    return _VERSION_SUFFIX.sub("", parts[-1])


def _read_import(node: Node) -> Iterator[Import]:
    path = text_of(node.child_by_field_name("path")).strip('"`')
    alias = text_of(node.child_by_field_name("name"))
    if alias == ".":
        yield Import(path, "*", "", line_of(node))
    else:
        bound = "" if alias == "_" else alias or package_name(path)
        yield Import(path, "", bound, line_of(node))


_SELECTED = {"selector_expression": "field", "qualified_type": "name"}


def _selected(node: Node) -> Node | None:
    parent = node.parent
    field = _SELECTED.get(parent.type) if parent is not None else None
    return parent if field and holds(parent, field, node) else None


def _receiver(node: Node) -> str:
    whole = _selected(node)
    if whole is None:
        return ""
    field = "operand" if whole.type == "selector_expression" else "package"
    return plain_receiver(whole.child_by_field_name(field))


def _is_call(node: Node) -> bool:
    whole = _selected(node) or node
    return holds(whole.parent, "function", whole)


RULES = LanguageRules(
    name="go",
    grammar=lambda: Language(tree_sitter_go.language()),
    definitions=_DEFINITIONS,
    imports="(import_spec) @import",
    uses="(identifier) @use (field_identifier) @use (type_identifier) @use",
    read_import=_read_import,
    receiver=_receiver,
    is_call=_is_call,
    typed=_TYPED,
    comments=CommentRules(head="package_clause"),
    package="(package_clause (package_identifier) @package)",
    wrappers=frozenset({"type_declaration", "const_declaration", "var_declaration"}),
)
