"""Outline rules for Java."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter_java
from tree_sitter import Language, Node

from workers.repository.outline import Import
from workers.repository.outlines.language import (
    JAVADOC,
    CommentRules,
    LanguageRules,
    holds,
    line_of,
    plain_receiver,
    text_of,
)

_DEFINITIONS = """
(class_declaration name: (identifier) @name) @definition.class
(class_declaration name: (identifier) @name superclass: (superclass (_) @base)) @definition.class
(class_declaration name: (identifier) @name
  interfaces: (super_interfaces (type_list (_) @base))) @definition.class
(record_declaration name: (identifier) @name) @definition.class
(record_declaration name: (identifier) @name
  interfaces: (super_interfaces (type_list (_) @base))) @definition.class
(record_declaration parameters: (formal_parameters
  (formal_parameter name: (identifier) @name) @definition.field))
(interface_declaration name: (identifier) @name) @definition.interface
(interface_declaration name: (identifier) @name
  (extends_interfaces (type_list (_) @base))) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(enum_declaration name: (identifier) @name
  interfaces: (super_interfaces (type_list (_) @base))) @definition.enum
(enum_constant name: (identifier) @name) @definition.constant
(annotation_type_declaration name: (identifier) @name) @definition.interface
(annotation_type_element_declaration name: (identifier) @name) @definition.method
(method_declaration name: (identifier) @name) @definition.method
(constructor_declaration name: (identifier) @name) @definition.method
(compact_constructor_declaration name: (identifier) @name) @definition.method
(field_declaration
  declarator: (variable_declarator name: (identifier) @name)) @definition.field
(constant_declaration
  declarator: (variable_declarator name: (identifier) @name)) @definition.field
"""

_WRITTEN = "type: (_) @type"
_NOT_VAR = '(#not-eq? @type "var")'

_TYPED = f"""
(formal_parameter {_WRITTEN} name: (identifier) @name)
(record_declaration parameters: (formal_parameters
  (formal_parameter {_WRITTEN} name: (identifier) @field)))
(catch_formal_parameter (catch_type . (_) @type .) name: (identifier) @name)
(field_declaration {_WRITTEN} declarator: (variable_declarator name: (identifier) @field))
(local_variable_declaration {_WRITTEN}
  declarator: (variable_declarator name: (identifier) @name) {_NOT_VAR})
(local_variable_declaration type: (type_identifier) @var declarator: (variable_declarator
  name: (identifier) @name value: (object_creation_expression {_WRITTEN})) (#eq? @var "var"))
(local_variable_declaration type: (type_identifier) @var declarator: (variable_declarator
  name: (identifier) @name value: [
    (method_invocation) (identifier) (field_access)] @value) (#eq? @var "var"))
(local_variable_declaration type: (type_identifier) @var declarator: (variable_declarator
  name: (identifier) @name value: (cast_expression {_WRITTEN})) (#eq? @var "var"))
(enhanced_for_statement {_WRITTEN} name: (identifier) @name {_NOT_VAR})
(enhanced_for_statement type: (type_identifier) @var name: (identifier) @name value: (_) @item
  (#eq? @var "var"))
(resource {_WRITTEN} name: (identifier) @name {_NOT_VAR})
(resource type: (type_identifier) @var name: (identifier) @name value: (_) @value
  (#eq? @var "var"))
(instanceof_expression right: (_) @type name: (identifier) @name)
(lambda_expression parameters: (identifier) @name)
(inferred_parameters (identifier) @name)
(method_declaration {_WRITTEN} name: (identifier) @returned)
"""


_KOTLIN_OBJECT = re.compile(r"\.(?:Companion|INSTANCE)$")
"""How Java reaches what Kotlin names by the class alone."""


def _read_import(node: Node) -> Iterator[Import]:
    """`import a.b.C` binds C of a.b; nested types and static members keep their type's name."""
    path = text_of(next((c for c in node.named_children if "identifier" in c.type), None))
    package, name = split_at_type(path)
    if any(child.type == "asterisk" for child in node.children):
        yield Import(package, f"{name}.*" if name else "*", "", line_of(node))
    else:
        yield Import(package, name, name.rpartition(".")[2], line_of(node))


def split_at_type(path: str) -> tuple[str, str]:
    """`a.b`, `C.d` of `a.b.C.d`: the first capital begins a type, by the convention of the JVM."""
    parts = path.split(".")
    at = next((n for n, part in enumerate(parts) if part[:1].isupper()), None)
    if at is None:
        return path, ""
    return ".".join(parts[:at]), ".".join(parts[at:])


def _whole(node: Node) -> Node:
    """The name with its type arguments and, for a type, what stands before it."""
    parent = node.parent
    while parent is not None and parent.type in ("generic_type", "scoped_type_identifier"):
        last = parent.named_children[0 if parent.type == "generic_type" else -1]
        if last.id != node.id:
            break
        node, parent = parent, parent.parent
    return node


def _receiver(node: Node) -> str:
    return _KOTLIN_OBJECT.sub("", _written_receiver(node))


def _written_receiver(node: Node) -> str:
    whole = _whole(node)
    if whole.type == "generic_type":
        whole = whole.named_children[0]
    if whole.type == "scoped_type_identifier":
        return plain_receiver(whole.named_children[0])
    parent = node.parent
    if parent is None:
        return ""
    if parent.type == "method_reference" and parent.named_children[0].id != node.id:
        return plain_receiver(parent.named_children[0])
    for field in ("name", "field"):
        if holds(parent, field, node):
            return plain_receiver(parent.child_by_field_name("object"))
    return ""


def _is_call(node: Node) -> bool:
    whole = _whole(node)
    parent = whole.parent
    if parent is None:
        return False
    field = {"method_invocation": "name", "object_creation_expression": "type"}.get(parent.type)
    return field is not None and holds(parent, field, whole)


RULES = LanguageRules(
    name="java",
    grammar=lambda: Language(tree_sitter_java.language()),
    definitions=_DEFINITIONS,
    imports="(import_declaration) @import",
    uses="(identifier) @use (type_identifier) @use",
    read_import=_read_import,
    receiver=_receiver,
    is_call=_is_call,
    typed=_TYPED,
    comments=CommentRules("[(line_comment) (block_comment)] @comment", JAVADOC),
    package="(package_declaration (_) @package .)",
)
