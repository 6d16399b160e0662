"""Outline rules for Python."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_python
from tree_sitter import Language, Node

from workers.repository.outline import KEYWORD, Import
from workers.repository.outlines.language import (
    LanguageRules,
    holds,
    line_of,
    plain_receiver,
    text_of,
)

_DEFINITIONS = """
(function_definition name: (identifier) @name) @definition.function
(class_definition name: (identifier) @name) @definition.class
(class_definition
  name: (identifier) @name
  superclasses: (argument_list [(identifier) (attribute) (subscript)] @base)) @definition.class
(module (expression_statement
  (assignment left: (identifier) @name)) @definition.variable)
(class_definition body: (block (expression_statement
  (assignment left: (identifier) @name)) @definition.field))
(type_alias_statement left: (type (identifier) @name)) @definition.type
"""

_TYPED = """
(typed_parameter . (identifier) @name type: (type) @type)
(typed_default_parameter name: (identifier) @name type: (type) @type)
(parameters (identifier) @name)
(default_parameter name: (identifier) @name)
(assignment left: [(identifier) (attribute)] @name type: (type) @type)
(assignment left: [(identifier) (attribute)] @name right: (_) @value)
(assignment left: [(identifier) (attribute)] @name
  right: [(conditional_expression . (_) @value)
          (conditional_expression (_) @value .)
          (boolean_operator (_) @value)])
(assignment left: (identifier) @name
  right: (call function: (_) @cast arguments: (argument_list . (_) @type))
  (#any-of? @cast "cast" "typing.cast" "t.cast"))
(named_expression name: (identifier) @name value: (_) @value)
(with_item value: (as_pattern (_) @value alias: (as_pattern_target (identifier) @name)))
(except_clause (as_pattern (_) @type alias: (as_pattern_target (identifier) @name)))
(for_statement left: (identifier) @name right: (_) @item)
(for_in_clause left: (identifier) @name right: (_) @item)
(function_definition name: (identifier) @returned return_type: (type) @type)
(return_statement (_) @value) @returned
(if_statement
  condition: [(call function: (identifier) @test arguments: (argument_list . (_) @name . (_) @type))
    (boolean_operator left: (call
      function: (identifier) @test arguments: (argument_list . (_) @name . (_) @type)))]
  consequence: (block) @within (#eq? @test "isinstance"))
(assert_statement (call
  function: (identifier) @test arguments: (argument_list . (_) @name . (_) @type))
  (#eq? @test "isinstance"))
"""


def _names(node: Node, module: str) -> Iterator[Import]:
    for child in node.children_by_field_name("name"):
        if child.type == "aliased_import":
            written = text_of(child.child_by_field_name("name"))
            alias = text_of(child.child_by_field_name("alias"))
        else:
            written, alias = text_of(child), text_of(child)
        if module:
            yield Import(module, written, alias, line_of(child))
        else:
            yield Import(written, "", alias, line_of(child))


def _read_import(node: Node) -> Iterator[Import]:
    module = text_of(node.child_by_field_name("module_name"))
    if any(child.type == "wildcard_import" for child in node.children):
        yield Import(module, "*", "", line_of(node))
        return
    yield from _names(node, module)


def _attribute(node: Node) -> Node | None:
    parent = node.parent
    if parent is not None and parent.type == "attribute":
        return parent if holds(parent, "attribute", node) else None
    return None


def _receiver(node: Node) -> str:
    parent = node.parent
    if parent is not None and parent.type == "keyword_argument" and holds(parent, "name", node):
        return KEYWORD
    attribute = _attribute(node)
    return "" if attribute is None else plain_receiver(attribute.child_by_field_name("object"))


def _is_call(node: Node) -> bool:
    whole = _attribute(node) or node
    return holds(whole.parent, "function", whole)


RULES = LanguageRules(
    name="python",
    grammar=lambda: Language(tree_sitter_python.language()),
    definitions=_DEFINITIONS,
    imports="(import_statement) @import (import_from_statement) @import",
    uses="(identifier) @use",
    read_import=_read_import,
    receiver=_receiver,
    is_call=_is_call,
    wrappers=frozenset({"decorated_definition"}),
    typed=_TYPED,
)
