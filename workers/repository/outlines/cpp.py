"""Outline rules for C++. Namespaces lend their names to no definition, as packages do."""

from __future__ import annotations

import re
from dataclasses import replace

import tree_sitter_cpp
from tree_sitter import Language, Node

from workers.repository.outline import KEYWORD
from workers.repository.outlines import c
from workers.repository.outlines.language import holds, plain_receiver, text_of

_ONLY_CPP = re.compile(
    rb"^[ \t]*(?:template\s*<|namespace\b|(?:public|private|protected)\s*:|using\s+[\w:]+"
    rb"|class\s+[\w:]+(?:\s+[\w:]+)?\s*(?:final\s*)?[:{;]|constexpr\b|virtual\b|explicit\b)"
    rb"|\bstd::",
    re.MULTILINE,
)

_MACRO = re.compile(r"[A-Z][A-Z0-9_]*")
_LONGEST_NAME = 500
_TEMPLATE_ARGUMENTS = re.compile(r"<[^<>]*(?:<[^<>]*>[^<>]*)*>")
_NAME = """[(identifier) (field_identifier) (destructor_name) (operator_name)
  (qualified_identifier)] @name"""
_FUNCTION = c.declares_function(_NAME)

_DEFINITIONS = (
    c.VALUES
    + c.MACROS
    + c.TYPES
    + f"""
(function_definition declarator: {_FUNCTION}) @definition.function
(declaration declarator: {_FUNCTION}) @definition.function
(field_declaration declarator: {_FUNCTION}) @definition.method
(function_definition declarator: {c.declares_function("(template_function name: (_) @name)")}
  ) @definition.function
(field_declaration declarator: (reference_declarator (field_identifier) @name)) @definition.field
(class_specifier name: (type_identifier) @name body: (_)) @definition.class
(class_specifier name: (template_type name: (type_identifier) @name) body: (_)) @definition.class
(class_specifier name: (type_identifier) @name (base_class_clause [
  (type_identifier) (qualified_identifier) (template_type)] @base) body: (_)) @definition.class
(struct_specifier name: (template_type name: (type_identifier) @name) body: (_)
  ) @definition.struct
(struct_specifier name: (type_identifier) @name (base_class_clause [
  (type_identifier) (qualified_identifier) (template_type)] @base) body: (_)) @definition.struct
(alias_declaration name: (type_identifier) @name) @definition.type
(concept_definition name: (identifier) @name) @definition.type
"""
)

_TYPE = """type: [(type_identifier) (qualified_identifier) (template_type) (primitive_type)
  (sized_type_specifier)] @type"""
_AUTO = "type: (placeholder_type_specifier)"
_LOCAL = c.declares("(identifier) @name")
_REFERENCE = "[(reference_declarator (_) @name) (_ (reference_declarator (_) @name))]"
_MADE = "arguments: (template_argument_list . (type_descriptor type: (_) @type))"

_TYPED = f"""
(parameter_declaration {_TYPE} declarator: {_LOCAL})
(parameter_declaration {_TYPE} declarator: {_REFERENCE})
(optional_parameter_declaration {_TYPE} declarator: {_LOCAL})
(optional_parameter_declaration {_TYPE} declarator: {_REFERENCE})
(declaration {_TYPE} declarator: {_LOCAL})
(declaration {_TYPE} declarator: {_REFERENCE})
(field_declaration {_TYPE} declarator: {c.declares("(field_identifier) @field")})
(field_declaration {_TYPE} declarator: (reference_declarator (field_identifier) @field))
(for_range_loop {_TYPE} declarator: [(identifier) @name (_ (identifier) @name)])
(for_range_loop {_AUTO} declarator: [(identifier) @name (_ (identifier) @name)] right: (_) @item)
(declaration {_AUTO} declarator: (init_declarator declarator: {_LOCAL}
  value: (new_expression type: (_) @type)))
(declaration {_AUTO} declarator: (init_declarator declarator: {_LOCAL}
  value: [(call_expression) (identifier) (field_expression)] @value))
(declaration {_AUTO} declarator: (init_declarator declarator: {_LOCAL}
  value: (call_expression function: [
    (template_function name: (identifier) @maker {_MADE})
    (qualified_identifier name: (template_function name: (identifier) @maker {_MADE}))]))
  (#any-of? @maker "make_unique" "make_shared"))
(declaration {_AUTO} declarator: (init_declarator declarator: {_LOCAL}))
(function_definition {_TYPE} declarator: {c.declares_function("(_) @returned")})
(field_declaration {_TYPE} declarator: {c.declares_function("(_) @returned")})
"""


def split_qualified(text: str) -> tuple[str, str]:
    """The type and the name of `ns::A<int>::f`: "A", "f". A namespace before it lends no name."""
    parts = _TEMPLATE_ARGUMENTS.sub("", text[:_LONGEST_NAME]).split("::")
    return parts[-2].strip() if len(parts) > 1 else "", parts[-1].strip()


def is_cpp(source: bytes) -> bool:
    """Whether a header is C++ by what stands in it: C has no line that these patterns match.

    The neighbours of a file are not asked: one blob is then one outline, wherever it lies.
    """
    return _ONLY_CPP.search(source) is not None


def _whole(node: Node) -> Node:
    """The name with what stands before it: `a::b::f<int>`, `p->f`."""
    parent = node.parent
    while parent is not None and parent.type in (
        "qualified_identifier", "field_expression", "template_function", "template_method",
        "template_type", "dependent_name",
    ):  # fmt: skip
        last = parent.child_by_field_name("field") or parent.child_by_field_name("name")
        if last is None or last.id != node.id:
            break
        node, parent = parent, parent.parent
    return node


def _receiver(node: Node) -> str:
    whole = _whole(node)
    if _is_macro_argument(whole):
        return KEYWORD
    if whole.type == "field_expression":
        return plain_receiver(whole.child_by_field_name("argument")).replace("->", ".")
    scopes: list[str] = []
    inner: Node | None = whole
    while inner is not None and inner.type == "qualified_identifier":
        scopes.append(text_of(inner.child_by_field_name("scope")))
        inner = inner.child_by_field_name("name")
    return "::".join(scopes)


def _is_macro_argument(node: Node) -> bool:
    """`name` of `TEST(suite, name) { ... }`, which the grammar takes for a function's parameter."""
    parameter = node.parent
    if parameter is None or parameter.type != "parameter_declaration":
        return False
    function = parameter.parent.parent if parameter.parent is not None else None
    named = function.child_by_field_name("declarator") if function is not None else None
    bare = parameter.child_by_field_name("declarator") is None
    return bare and _MACRO.fullmatch(text_of(named)) is not None


def _is_call(node: Node) -> bool:
    whole = _whole(node)
    parent = whole.parent
    made = parent is not None and parent.type == "new_expression"
    return holds(parent, "type" if made else "function", whole)


RULES = replace(
    c.RULES,
    name="cpp",
    grammar=lambda: Language(tree_sitter_cpp.language()),
    definitions=_DEFINITIONS,
    uses=c.USES + " (namespace_identifier) @use",
    receiver=_receiver,
    is_call=_is_call,
    wrappers=frozenset({"template_declaration"}),
    split_name=split_qualified,
    typed=_TYPED,
)

HEADER_RULES = replace(c.RULES, refined=lambda source: RULES if is_cpp(source) else c.RULES)
"""For `.h`: C or C++."""
