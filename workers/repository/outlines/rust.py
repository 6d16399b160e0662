"""Outline rules for Rust."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter_rust
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

_DEFINITIONS = """
(function_item name: (identifier) @name) @definition.function
(function_signature_item name: (identifier) @name) @definition.function
(struct_item name: (type_identifier) @name) @definition.struct
(union_item name: (type_identifier) @name) @definition.struct
(field_declaration name: (field_identifier) @name) @definition.field
(enum_item name: (type_identifier) @name) @definition.enum
(enum_variant name: (identifier) @name) @definition.constant
(trait_item name: (type_identifier) @name) @definition.trait
(trait_item name: (type_identifier) @name bounds: (trait_bounds [
  (type_identifier) (scoped_type_identifier) (generic_type)] @base)) @definition.trait
(type_item name: (type_identifier) @name) @definition.type
(associated_type name: (type_identifier) @name) @definition.type
(mod_item name: (identifier) @name body: (_)) @definition.module
(const_item name: (identifier) @name) @definition.constant
(static_item name: (identifier) @name) @definition.constant
(macro_definition name: (identifier) @name) @definition.function
(impl_item trait: (_)? @base type: [
  (type_identifier) @name
  (generic_type type: (type_identifier) @name)
  (scoped_type_identifier name: (type_identifier) @name)
  (reference_type type: (type_identifier) @name)]) @scope
"""

_NAME = "[(identifier) @name (mut_pattern (identifier) @name)]"

_TYPED = f"""
(parameter pattern: {_NAME} type: (_) @type)
(field_declaration name: (field_identifier) @field type: (_) @type)
(static_item name: (identifier) @name type: (_) @type)
(let_declaration pattern: (identifier) @name)
(let_declaration pattern: (identifier) @name type: (_) @type)
(let_declaration pattern: (identifier) @name !type value: (struct_expression name: (_) @type))
(let_declaration pattern: (identifier) @name !type
  value: [(call_expression) (identifier) (field_expression)] @value)
(let_declaration pattern: (identifier) @name !type
  value: (reference_expression value: [(identifier) (field_expression)] @value))
(let_declaration pattern: (identifier) @name !type
  value: (try_expression (call_expression) @value))
(for_expression pattern: (identifier) @name value: (_) @item)
(closure_parameters (identifier) @name)
(closure_parameters (parameter pattern: (identifier) @name type: (_) @type))
(function_item name: (identifier) @returned return_type: (_) @type)
(function_signature_item name: (identifier) @returned return_type: (_) @type)
"""

_COMMENTS = CommentRules(
    "[(line_comment) (block_comment)] @comment (attribute_item) @between",
    marked=r"///(?!/)|/\*\*(?![*/])",
    inner=r"//!|/\*!",
)

_MODULE_PATH = re.compile(r"[a-z]\w*(?:::[a-z]\w*)*")
_WORDS = ("identifier", "self", "super", "crate")


def _paths(node: Node, prefix: str) -> Iterator[tuple[str, str, Node]]:
    """(full path, local name, node) of each leaf of a `use` tree."""
    if node.type == "scoped_use_list":
        path = text_of(node.child_by_field_name("path"))
        inner = node.child_by_field_name("list")
        if inner is not None:
            yield from _paths(inner, f"{prefix}{path}::")
    elif node.type == "use_list":
        for child in node.named_children:
            yield from _paths(child, prefix)
    elif node.type == "use_as_clause":
        path = text_of(node.child_by_field_name("path"))
        yield prefix + path, text_of(node.child_by_field_name("alias")), node
    elif node.type == "use_wildcard":
        yield prefix + text_of(node).removesuffix("*") + "*", "", node
    elif node.type in ("identifier", "scoped_identifier", "self", "crate"):
        path = prefix + text_of(node)
        yield path, path.rpartition("::")[2], node


def _read_import(node: Node) -> Iterator[Import]:
    """`use` trees, `mod x;`, and the modules that a path in the code names (on line 0)."""
    if node.type == "use_declaration":
        yield from _used(node)
    elif node.type == "mod_item":
        name = text_of(node.child_by_field_name("name"))
        yield Import(f"self::{name}", "", name, line_of(node), _is_public(node))
    elif node.type == "extern_crate_declaration":
        name = text_of(node.child_by_field_name("name"))
        alias = text_of(node.child_by_field_name("alias")) or name
        yield Import(name, "", alias, line_of(node), _is_public(node))
    else:
        path = text_of(node)
        if _MODULE_PATH.fullmatch(path) and not _is_in_use(node):
            yield Import(path, "", path.replace("::", "."), 0)


def _used(node: Node) -> Iterator[Import]:
    argument = node.child_by_field_name("argument")
    exported = _is_public(node)
    for path, alias, leaf in _paths(argument, "") if argument is not None else ():
        module, _, name = path.rpartition("::")
        if name == "self":
            module, _, name = module.rpartition("::")
        local = name if alias == "self" else alias
        if not module and name != "*":
            module, name = name, ""  # a whole crate, or a module beside this one
        yield Import(module, name, local, line_of(leaf), exported)


def _is_in_use(node: Node) -> bool:
    around = node.parent
    while around is not None and around.type.startswith("scoped_"):
        around = around.parent
    return around is not None and around.type.startswith("use_")


def _is_public(node: Node) -> bool:
    return any(child.type == "visibility_modifier" for child in node.children)


def _whole(node: Node) -> Node | None:
    """The `a.b` or `a::b` of which this name is the `b`."""
    parent = node.parent
    if parent is None:
        return None
    field = {"field_expression": "field"}.get(parent.type, "name")
    if parent.type not in ("field_expression", "scoped_identifier", "scoped_type_identifier"):
        return None
    return parent if holds(parent, field, node) else None


def _receiver(node: Node) -> str:
    if node.parent is not None and node.parent.type == "token_tree":
        return _receiver_in_tokens(node)
    whole = _whole(node)
    if whole is None:
        return ""
    field = "value" if whole.type == "field_expression" else "path"
    return plain_receiver(whole.child_by_field_name(field))


def _receiver_in_tokens(node: Node) -> str:
    """Inside a macro's brackets there are tokens only: `total` in `assert!(shop.total() > 0)`."""
    words: list[str] = []
    dot = node.prev_sibling
    while dot is not None and dot.type in (".", "::") and len(words) < 8:
        before = dot.prev_sibling
        if before is None or before.type not in _WORDS:
            return "?"
        words += [dot.type, text_of(before)]
        dot = before.prev_sibling
    return "".join(reversed(words[1:]))


def _is_call(node: Node) -> bool:
    parent = node.parent
    if parent is not None and parent.type == "token_tree":
        after = node.next_sibling
        return after is not None and after.type == "token_tree" and text_of(after)[:1] == "("
    whole = _whole(node) or node
    parent = whole.parent
    if parent is not None and parent.type == "generic_function":
        whole, parent = parent, parent.parent
    return holds(parent, "function", whole) or holds(parent, "macro", whole)


RULES = LanguageRules(
    name="rust",
    grammar=lambda: Language(tree_sitter_rust.language()),
    definitions=_DEFINITIONS,
    imports="""
(use_declaration) @import (mod_item !body) @import (extern_crate_declaration) @import
(scoped_identifier path: (_) @import) (scoped_type_identifier path: (_) @import)
""",
    uses="(identifier) @use (field_identifier) @use (type_identifier) @use",
    read_import=_read_import,
    receiver=_receiver,
    is_call=_is_call,
    typed=_TYPED,
    comments=_COMMENTS,
)
