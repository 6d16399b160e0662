"""Outline rules for JavaScript; TypeScript builds on them."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node

from workers.repository.outline import Import
from workers.repository.outlines.language import LanguageRules, line_of, plain_receiver, text_of

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
(export_statement source: (string)) @import
(variable_declarator value: (call_expression function: (identifier) @required)
  (#eq? @required "require")) @import
"""

USES = """
(identifier) @use (property_identifier) @use (private_property_identifier) @use
(shorthand_property_identifier) @use (shorthand_property_identifier_pattern) @use
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
"""
)


def _unquoted(node: Node | None) -> str:
    return text_of(node)[1:-1]


def _specifiers(node: Node, module: str, exported: bool) -> Iterator[Import]:
    for child in node.named_children:
        if child.type in ("import_specifier", "export_specifier"):
            name = text_of(child.child_by_field_name("name"))
            alias = text_of(child.child_by_field_name("alias")) or name
            yield Import(module, name, alias, line_of(child), exported)
        elif child.type in ("named_imports", "export_clause", "import_clause"):
            yield from _specifiers(child, module, exported)
        elif child.type in ("namespace_import", "namespace_export"):
            yield Import(module, "", text_of(child.named_children[-1]), line_of(child), exported)
        elif child.type == "identifier":
            yield Import(module, "default", text_of(child), line_of(child), exported)


def _required(node: Node) -> Iterator[Import]:
    call = node.child_by_field_name("value")
    arguments = call.child_by_field_name("arguments") if call is not None else None
    first = arguments.named_children[0] if arguments and arguments.named_children else None
    target = node.child_by_field_name("name")
    if first is None or first.type != "string" or target is None:
        return
    module = _unquoted(first)
    if target.type == "identifier":
        yield Import(module, "", text_of(target), line_of(node))
        return
    for child in target.named_children:
        if child.type == "shorthand_property_identifier_pattern":
            yield Import(module, text_of(child), text_of(child), line_of(child))
        elif child.type == "pair_pattern":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            yield Import(module, text_of(key), text_of(value), line_of(child))


def read_import(node: Node) -> Iterator[Import]:
    """`import`, `export … from` and `const … = require(…)`."""
    if node.type == "variable_declarator":
        yield from _required(node)
        return
    module = _unquoted(node.child_by_field_name("source"))
    exported = node.type == "export_statement"
    found = list(_specifiers(node, module, exported)) if module else []
    if not found and module:
        found = [Import(module, "*" if exported else "", "", line_of(node), exported)]
    yield from found


def _member(node: Node) -> Node | None:
    parent = node.parent
    if parent is not None and parent.type == "member_expression":
        named = parent.child_by_field_name("property")
        return parent if named is not None and named.id == node.id else None
    return None


def receiver(node: Node) -> str:
    """`api` of `api.call()`."""
    member = _member(node)
    return "" if member is None else plain_receiver(member.child_by_field_name("object"))


def is_call(node: Node) -> bool:
    """Whether the name is called or constructed."""
    whole = _member(node) or node
    parent = whole.parent
    if parent is None:
        return False
    called = parent.child_by_field_name("function") or parent.child_by_field_name("constructor")
    return called is not None and called.id == whole.id


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
)
