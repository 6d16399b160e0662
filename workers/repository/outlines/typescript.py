"""Outline rules for TypeScript and TSX."""

from __future__ import annotations

from dataclasses import replace

import tree_sitter_typescript
from tree_sitter import Language

from workers.repository.outlines import javascript

_DEFINITIONS = (
    javascript.FUNCTIONS
    + """
(class_declaration name: (type_identifier) @name) @definition.class
(abstract_class_declaration name: (type_identifier) @name) @definition.class
(class_declaration name: (type_identifier) @name
  (class_heritage (extends_clause value: (_) @base))) @definition.class
(class_declaration name: (type_identifier) @name
  (class_heritage (implements_clause (_) @base))) @definition.class
(abstract_class_declaration name: (type_identifier) @name
  (class_heritage (extends_clause value: (_) @base))) @definition.class
(abstract_class_declaration name: (type_identifier) @name
  (class_heritage (implements_clause (_) @base))) @definition.class
(interface_declaration name: (type_identifier) @name) @definition.interface
(interface_declaration name: (type_identifier) @name
  (extends_type_clause (_) @base)) @definition.interface
(type_alias_declaration name: (type_identifier) @name) @definition.type
(enum_declaration name: (identifier) @name) @definition.enum
(function_signature name: (identifier) @name) @definition.function
(method_signature name: (property_identifier) @name) @definition.method
(abstract_method_signature name: (property_identifier) @name) @definition.method
(public_field_definition name: (property_identifier) @name) @definition.field
(property_signature name: (property_identifier) @name) @definition.field
(internal_module name: (identifier) @name) @definition.module
"""
)

RULES = replace(
    javascript.RULES,
    name="typescript",
    grammar=lambda: Language(tree_sitter_typescript.language_typescript()),
    definitions=_DEFINITIONS,
    uses=javascript.USES + "(type_identifier) @use",
)

TSX_RULES = replace(
    RULES, name="tsx", grammar=lambda: Language(tree_sitter_typescript.language_tsx())
)
