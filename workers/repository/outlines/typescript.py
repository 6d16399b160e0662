"""Outline rules for TypeScript and TSX."""

from __future__ import annotations

from dataclasses import replace

import tree_sitter_typescript
from tree_sitter import Language

from workers.repository.outlines import javascript
from workers.repository.outlines.language import JAVADOC, CommentRules

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

_TYPED = (
    javascript.TYPED
    + """
(variable_declarator name: (identifier) @name type: (type_annotation (_) @type))
(variable_declarator name: (identifier) @name value: (as_expression (_) (_) @type .))
(public_field_definition name: (_) @field type: (type_annotation (_) @type))
(public_field_definition name: (_) @field value: (_) @value)
(property_signature name: (property_identifier) @field type: (type_annotation (_) @type))
(required_parameter pattern: (identifier) @name type: (type_annotation (_) @type))
(optional_parameter pattern: (identifier) @name type: (type_annotation (_) @type))
(required_parameter (accessibility_modifier)
  pattern: (identifier) @field type: (type_annotation (_) @type))
(required_parameter pattern: (identifier) @name)
(required_parameter pattern: (object_pattern (shorthand_property_identifier_pattern) @name))
(function_declaration name: (identifier) @returned return_type: (type_annotation (_) @type))
(function_signature name: (identifier) @returned return_type: (type_annotation (_) @type))
(method_definition name: (_) @returned return_type: (type_annotation (_) @type))
(method_signature name: (_) @returned return_type: (type_annotation (_) @type))
(abstract_method_signature name: (_) @returned return_type: (type_annotation (_) @type))
(variable_declarator name: (identifier) @returned
  value: (arrow_function return_type: (type_annotation (_) @type)))
"""
)

RULES = replace(
    javascript.RULES,
    name="typescript",
    grammar=lambda: Language(tree_sitter_typescript.language_typescript()),
    definitions=_DEFINITIONS,
    uses=javascript.USES + "(type_identifier) @use",
    typed=_TYPED,
    comments=CommentRules(
        "(comment) @comment (decorator) @between",
        JAVADOC,
        around=frozenset({"ambient_declaration", "export_statement"}),
    ),
)

TSX_RULES = replace(
    RULES, name="tsx", grammar=lambda: Language(tree_sitter_typescript.language_tsx())
)
