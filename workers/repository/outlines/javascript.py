"""Outline rules for JavaScript; TypeScript builds on them."""

from __future__ import annotations

import tree_sitter_javascript
from tree_sitter import Language, Node

from workers.repository.outline import KEYWORD
from workers.repository.outlines.javascript_modules import read_import
from workers.repository.outlines.language import (
    JAVADOC,
    CommentRules,
    LanguageRules,
    holds,
    plain_receiver,
)

FUNCTIONS = """
(function_declaration name: (identifier) @name) @definition.function
(generator_function_declaration name: (identifier) @name) @definition.function
(variable_declarator
  name: (identifier) @name
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.function
(program [
  (lexical_declaration (variable_declarator name: (identifier) @name) @definition.variable)
  (variable_declaration (variable_declarator name: (identifier) @name) @definition.variable)
  (export_statement declaration: (lexical_declaration
    (variable_declarator name: (identifier) @name) @definition.variable))])
(method_definition name: [(property_identifier) (private_property_identifier)] @name
  ) @definition.method
(assignment_expression
  left: (member_expression object: (_) @exports property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#any-of? @exports "exports" "module.exports")) @definition.function
(assignment_expression
  left: (member_expression object: (_) @exports property: (property_identifier) @name)
  right: (class) (#any-of? @exports "exports" "module.exports")) @definition.class
(assignment_expression
  left: (member_expression object: (identifier) @module property: (property_identifier) @name)
  right: [(arrow_function) (function_expression !name)] (#eq? @module "module")
  (#eq? @name "exports")) @definition.function
(assignment_expression
  left: (member_expression) @whole right: (function_expression name: (identifier) @name)
  (#eq? @whole "module.exports")) @definition.function
(assignment_expression
  left: (member_expression) @whole right: (class name: (_) @name)
  (#eq? @whole "module.exports")) @definition.class
(program (expression_statement (assignment_expression
  left: (member_expression object: (identifier) @container property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#not-match? @container "^(exports|module|window|global|globalThis)$")
  ) @definition.function))
(program (expression_statement (assignment_expression
  left: (member_expression
    object: (member_expression
      object: (identifier) @container property: (property_identifier) @prototype)
    property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#eq? @prototype "prototype")) @definition.method))
(export_statement "default" @name value: (class)) @definition.class
(export_statement "default" @name value: [
  (arrow_function) (function_expression) (generator_function)]) @definition.function
"""

_DEFINITIONS = (
    FUNCTIONS
    + """
(class_declaration name: (identifier) @name) @definition.class
(class_declaration
  name: (identifier) @name (class_heritage [(identifier) (member_expression)] @base)
  ) @definition.class
(field_definition property: (property_identifier) @name) @definition.field
"""
)

IMPORTS = """
(import_statement) @import
(export_statement) @import
(call_expression function: [(identifier) (import)] @required arguments: (arguments . (string))
  (#any-of? @required "require" "import")) @import
(expression_statement (assignment_expression
  left: (member_expression object: (identifier) @module property: (property_identifier) @exports)
  (#eq? @module "module") (#eq? @exports "exports"))) @import
(expression_statement (assignment_expression
  left: (member_expression object: (_) @exports) right: (identifier)
  (#any-of? @exports "exports" "module.exports"))) @import
"""

USES = """
(identifier) @use (shorthand_property_identifier) @use (shorthand_property_identifier_pattern) @use
(member_expression property: [(property_identifier) (private_property_identifier)] @use)
(pair_pattern key: (property_identifier) @use)
"""

TYPED = """
(variable_declarator name: (identifier) @name value: (_) @value)
(assignment_expression left: [(identifier) (member_expression)] @name right: (_) @value)
(for_in_statement left: (identifier) @name right: (_) @item)
(return_statement (_) @value) @returned
(variable_declarator
  name: (identifier) @returned value: (arrow_function body: (new_expression) @value))
(if_statement
  condition: (parenthesized_expression
    (binary_expression left: (_) @name operator: "instanceof" right: (_) @type))
  consequence: (_) @within)
"""

_TYPED = (
    TYPED
    + """
(field_definition property: (property_identifier) @field value: (_) @value)
(formal_parameters (identifier) @name)
(formal_parameters (object_pattern (shorthand_property_identifier_pattern) @name))
"""
)


def _member(node: Node) -> Node | None:
    parent = node.parent
    if parent is not None and parent.type == "member_expression":
        return parent if holds(parent, "property", node) else None
    return None


def receiver(node: Node) -> str:
    """`api` of `api.call()`. The own name of a function expression is nobody's use."""
    parent = node.parent
    named = parent is not None and parent.type in ("function_expression", "class")
    if named and holds(parent, "name", node):
        return KEYWORD
    member = _member(node)
    return "" if member is None else plain_receiver(member.child_by_field_name("object"))


def is_call(node: Node) -> bool:
    """Whether the name is called, constructed, or rendered as a JSX element."""
    whole = _member(node) or node
    parent = whole.parent
    if parent is not None and parent.type in ("jsx_opening_element", "jsx_self_closing_element"):
        return holds(parent, "name", whole)
    return holds(parent, "function", whole) or holds(parent, "constructor", whole)


RULES = LanguageRules(
    name="javascript",
    grammar=lambda: Language(tree_sitter_javascript.language()),
    definitions=_DEFINITIONS,
    imports=IMPORTS,
    uses=USES,
    read_import=read_import,
    receiver=receiver,
    is_call=is_call,
    wrappers=frozenset({"export_statement", "lexical_declaration", "variable_declaration"}),
    typed=_TYPED,
    comments=CommentRules(marked=JAVADOC),
)
