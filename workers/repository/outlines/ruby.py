"""Outline rules for Ruby."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_ruby
from tree_sitter import Language, Node

from workers.repository.outline import Import
from workers.repository.outlines.language import LanguageRules, line_of, plain_receiver, text_of

_DEFINITIONS = """
(class name: [(constant) (scope_resolution)] @name) @definition.class
(class name: [(constant) (scope_resolution)] @name superclass: (superclass (_) @base)
  ) @definition.class
(module name: [(constant) (scope_resolution)] @name) @definition.module
(method name: [(identifier) (constant) (operator) (setter)] @name) @definition.method
(singleton_method name: [(identifier) (constant) (operator) (setter)] @name) @definition.method
(assignment left: (constant) @name) @definition.constant
"""

_IMPORTS = """
(call method: (identifier) @word arguments: (argument_list (string))
  (#any-of? @word "require" "require_relative" "load")) @import
"""


def _read_import(node: Node) -> Iterator[Import]:
    arguments = node.child_by_field_name("arguments")
    if arguments is None or not arguments.named_children:
        return
    path = text_of(arguments.named_children[0]).strip("\"'")
    relative = text_of(node.child_by_field_name("method")) == "require_relative"
    yield Import(f"./{path}" if relative else path, "*", "", line_of(node))


def _receiver(node: Node) -> str:
    parent = node.parent
    if parent is None:
        return ""
    for named, before in (("method", "receiver"), ("name", "scope")):
        child = parent.child_by_field_name(named)
        if child is not None and child.id == node.id:
            return plain_receiver(parent.child_by_field_name(before))
    return ""


def _is_call(node: Node) -> bool:
    parent = node.parent
    called = parent.child_by_field_name("method") if parent is not None else None
    return called is not None and called.id == node.id


RULES = LanguageRules(
    name="ruby",
    grammar=lambda: Language(tree_sitter_ruby.language()),
    definitions=_DEFINITIONS,
    imports=_IMPORTS,
    uses="(identifier) @use (constant) @use",
    read_import=_read_import,
    receiver=_receiver,
    is_call=_is_call,
)
