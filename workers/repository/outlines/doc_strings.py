"""Python's doc strings: the string that a body begins with, or that follows a value.

https://peps.python.org/pep-0257/
"""

from __future__ import annotations

import re

from tree_sitter import Node

from workers.repository.documentation import Documentation, prose
from workers.repository.outlines.language import line_of, text_of

_NO_DOC_STRING = re.compile(r"[rRuU]*[bBfFtT]")


class DocStrings:
    """The doc strings of one file."""

    def __init__(self, root: Node) -> None:
        self._root = root

    def of(self, node: Node, outer: Node) -> Documentation | None:
        """What documents a definition; one that does not begin its line is not looked for."""
        body = node.child_by_field_name("body")
        if body is not None:
            return _documentation(_first(body))
        return _documentation(outer.next_named_sibling)

    def of_file(self) -> Documentation | None:
        """What documents the module."""
        return _documentation(_first(self._root))


def is_string_alone(statement: Node) -> bool:
    """Whether a statement is a string and nothing else; one with `{...}` in it runs code."""
    if statement.type != "expression_statement" or statement.named_child_count != 1:
        return False
    inner = statement.named_children[0]
    return inner.type == "string" and not _NO_DOC_STRING.match(text_of(inner))


def _first(block: Node) -> Node | None:
    return next((child for child in block.named_children if child.type != "comment"), None)


def _documentation(statement: Node | None) -> Documentation | None:
    if statement is None or not is_string_alone(statement) or not _begins_line(statement):
        return None
    lines = text_of(statement).split("\n")
    place = Documentation(line_of(statement), statement.end_point.row + 1)
    return place if any(prose(lines)) else None


def _begins_line(statement: Node) -> bool:
    """Not `def f(): "doc"`: the colon stands before the block."""
    around = statement.parent
    before = statement.prev_sibling or (around.prev_sibling if around is not None else None)
    return before is None or before.end_point.row < statement.start_point.row
