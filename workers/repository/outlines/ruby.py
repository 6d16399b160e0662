"""Outline rules for Ruby."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_ruby
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

_CONSTANT = "[(constant) (scope_resolution)]"
_MIXED_IN = f"""body: (body_statement
  (call method: (identifier) @mixin arguments: (argument_list {_CONSTANT} @base)))
  (#any-of? @mixin "include" "extend" "prepend")"""
_DEFINITIONS = f"""
(class name: {_CONSTANT} @name) @definition.class
(class name: {_CONSTANT} @name superclass: (superclass (_) @base)) @definition.class
(class name: {_CONSTANT} @name {_MIXED_IN}) @definition.class
(module name: {_CONSTANT} @name) @definition.module
(module name: {_CONSTANT} @name {_MIXED_IN}) @definition.module
(method name: [(identifier) (constant) (operator) (setter)] @name) @definition.method
(singleton_method name: [(identifier) (constant) (operator) (setter)] @name) @definition.method
(assignment left: (constant) @name) @definition.constant
(call method: (identifier) @made arguments: (argument_list (simple_symbol) @name @definition.field)
  (#any-of? @made "attr_accessor" "attr_reader" "attr_writer"))
(call method: (identifier) @made
  arguments: (argument_list . (simple_symbol) @name) (#any-of? @made "define_method" "alias_method")
  ) @definition.method
"""

_IMPORTS = """
(call method: (identifier) @word arguments: (argument_list (string))
  (#any-of? @word "require" "require_relative" "load" "autoload")) @import
"""

_TYPED = """
(assignment left: [(identifier) (instance_variable) (class_variable) (constant)] @name
  right: (_) @value)
(operator_assignment left: [(identifier) (instance_variable) (class_variable)] @name
  right: (_) @value)
(method_parameters (identifier) @name)
(optional_parameter name: (identifier) @name)
(keyword_parameter name: (identifier) @name)
(block_parameters (identifier) @name)
(return (argument_list (_) @value)) @returned
(method body: (body_statement (_) @value .)) @returned
(singleton_method body: (body_statement (_) @value .)) @returned
(singleton_method body: (call) @value) @returned
(method body: (body_statement [(assignment right: (_) @value)
  (operator_assignment right: (_) @value)] .)) @returned
(rescue exceptions: (exceptions (_) @type) variable: (exception_variable (identifier) @name))
(if condition: (call receiver: (identifier) @name method: (identifier) @test
    arguments: (argument_list (_) @type))
  consequence: (then) @within (#any-of? @test "is_a?" "kind_of?" "instance_of?"))
"""


_COMMENTS = CommentRules(
    """(comment) @comment
(call !receiver method: (identifier) @sig (#eq? @sig "sig")) @between""",
    around=frozenset({"argument_list", "call"}),  # private def f
)


def _read_import(node: Node) -> Iterator[Import]:
    arguments = node.child_by_field_name("arguments")
    if arguments is None or not arguments.named_children:
        return
    word = text_of(node.child_by_field_name("method"))
    path = text_of(arguments.named_children[-1]).strip("\"'")
    if word == "autoload":
        name = text_of(arguments.named_children[0]).lstrip(":")
        yield Import(path, name, name, line_of(node), exported=True)
        return
    yield Import(f"./{path}" if word == "require_relative" else path, "*", "", line_of(node))


def _receiver(node: Node) -> str:
    """What stands before the name; `::` alone where that is all."""
    parent = node.parent
    if parent is None:
        return ""
    for named, before in (("method", "receiver"), ("name", "scope")):
        if holds(parent, named, node):
            receiver = plain_receiver(parent.child_by_field_name(before))
            return receiver or ("::" if parent.type == "scope_resolution" else "")
    return ""


def _is_call(node: Node) -> bool:
    """Whether the name is called; a class is by its `new`."""
    parent = node.parent
    if parent is not None and parent.type == "scope_resolution":
        node, parent = parent, parent.parent
    called = parent.child_by_field_name("method") if parent is not None else None
    if called is None or called.id == node.id:
        return called is not None
    return node.type in ("constant", "scope_resolution") and text_of(called) == "new"


RULES = LanguageRules(
    name="ruby",
    grammar=lambda: Language(tree_sitter_ruby.language()),
    definitions=_DEFINITIONS,
    imports=_IMPORTS,
    uses="(identifier) @use (constant) @use",
    read_import=_read_import,
    receiver=_receiver,
    is_call=_is_call,
    typed=_TYPED,
    comments=_COMMENTS,
)
