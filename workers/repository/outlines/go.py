"""Outline rules for Go."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_go
from tree_sitter import Language, Node

from workers.repository.outline import Import
from workers.repository.outlines.language import LanguageRules, line_of, plain_receiver, text_of

_DEFINITIONS = """
(function_declaration name: (identifier) @name) @definition.function
(method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @container
    (generic_type type: (type_identifier) @container)
    (pointer_type [(type_identifier) @container
                   (generic_type type: (type_identifier) @container)])]))
  name: (field_identifier) @name) @definition.method
(type_spec name: (type_identifier) @name type: (struct_type)) @definition.struct
(type_spec name: (type_identifier) @name type: (interface_type)) @definition.interface
(type_spec name: (type_identifier) @name) @definition.type
(type_alias name: (type_identifier) @name) @definition.type
(method_elem name: (field_identifier) @name) @definition.method
(source_file (const_declaration (const_spec name: (identifier) @name) @definition.constant))
(source_file (var_declaration (var_spec name: (identifier) @name) @definition.variable))
(source_file (var_declaration (var_spec_list
  (var_spec name: (identifier) @name) @definition.variable)))
"""


def _read_import(node: Node) -> Iterator[Import]:
    path = text_of(node.child_by_field_name("path")).strip('"`')
    alias = text_of(node.child_by_field_name("name"))
    if alias == ".":
        yield Import(path, "*", "", line_of(node))
    else:
        bound = "" if alias == "_" else alias or path.rpartition("/")[2]
        yield Import(path, "", bound, line_of(node))


def _selected(node: Node) -> Node | None:
    parent = node.parent
    if parent is None:
        return None
    if parent.type == "selector_expression":
        field = parent.child_by_field_name("field")
        return parent if field is not None and field.id == node.id else None
    if parent.type == "qualified_type":
        name = parent.child_by_field_name("name")
        return parent if name is not None and name.id == node.id else None
    return None


def _receiver(node: Node) -> str:
    whole = _selected(node)
    if whole is None:
        return ""
    field = "operand" if whole.type == "selector_expression" else "package"
    return plain_receiver(whole.child_by_field_name(field))


def _is_call(node: Node) -> bool:
    whole = _selected(node) or node
    parent = whole.parent
    called = parent.child_by_field_name("function") if parent is not None else None
    return called is not None and called.id == whole.id


RULES = LanguageRules(
    name="go",
    grammar=lambda: Language(tree_sitter_go.language()),
    definitions=_DEFINITIONS,
    imports="(import_spec) @import",
    uses="(identifier) @use (field_identifier) @use (type_identifier) @use",
    read_import=_read_import,
    receiver=_receiver,
    is_call=_is_call,
    wrappers=frozenset({"type_declaration", "const_declaration", "var_declaration"}),
)
