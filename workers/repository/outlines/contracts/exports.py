"""Names that a file exports apart from where it defines them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from workers.repository.outlines.language import text_of

_SCRIPTS = ("javascript", "typescript", "tsx")
_COMMON_JS = re.compile(r"(?:module\.)?exports(?:\.(\w+))?$")


def exported_apart(language: str, root: Node) -> dict[str, str]:
    """Local name -> "exported": `export {a}`, `module.exports = {a}`, Python's `__all__`."""
    found: dict[str, str] = {}
    for node in root.named_children:
        if language in _SCRIPTS and node.type == "export_statement":
            found.update(_clause(node))
        elif node.type == "expression_statement" and node.named_children:
            assigned = node.named_children[0]
            if language in _SCRIPTS and assigned.type == "assignment_expression":
                found.update(dict.fromkeys(_common_js(assigned), "exported"))
            elif language == "python" and assigned.type == "assignment":
                found.update(dict.fromkeys(_all(assigned), "listed in `__all__`"))
    return found


def _clause(node: Node) -> Iterator[tuple[str, str]]:
    default = any(child.type == "default" for child in node.children)
    value = node.child_by_field_name("value")
    if default and value is not None and value.type == "identifier":
        yield text_of(value), "exported as default"
    for child in node.named_children:
        if child.type == "export_clause" and node.child_by_field_name("source") is None:
            for entry in child.named_children:
                yield text_of(entry.child_by_field_name("name")), "exported"


def _common_js(assigned: Node) -> Iterator[str]:
    left, right = assigned.child_by_field_name("left"), assigned.child_by_field_name("right")
    match = _COMMON_JS.match(text_of(left)) if left is not None and right is not None else None
    if match is None or right is None:
        return
    if right.type == "identifier":
        yield text_of(right)
    elif match[1] is None and right.type == "object":
        for entry in right.named_children:
            value = entry.child_by_field_name("value")
            yield text_of(entry if entry.type == "shorthand_property_identifier" else value)


def _all(assigned: Node) -> Iterator[str]:
    if text_of(assigned.child_by_field_name("left")) == "__all__":
        right = assigned.child_by_field_name("right")
        for entry in right.named_children if right is not None else ():
            if entry.type == "string":
                yield text_of(entry).strip("\"'")
