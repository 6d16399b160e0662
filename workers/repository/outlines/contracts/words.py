"""The words of a file's code with their structure; layout, comments and doc strings apart.

Two texts of equal words parse alike: each inner node of the tree is bracketed, so that Python's
indentation counts and superfluous parentheses, trailing commas and semicolons do not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable

from tree_sitter import Node, TreeCursor

from workers.repository.outlines.doc_strings import is_string_alone
from workers.repository.outlines.language import text_of

Span = tuple[int, int]
"""Where a node's words begin and end in the list of words."""

_ENTER, _LEAVE = "\x01", "\x02"
_CLOSERS = frozenset((")", "]", "}", ">"))
_EITHER_QUOTE = ("python", "javascript", "typescript", "tsx")
_PROSE = ("jsx_text", "line_continuation")


class Words:
    """Every word of one tree, and the spans of the nodes that were asked for (by their id)."""

    def __init__(self, root: Node, wanted: Collection[int], language: str) -> None:
        self._wanted = wanted
        self._either_quote = language in _EITHER_QUOTE
        self._says = _is_prose if language == "python" else _is_comment
        self._comma = False
        self._words: list[str] = []
        self.spans: dict[int, Span] = {}
        self._walk(root.walk())

    def digest(self, span: Span, without: Iterable[Span] = (), flat: bool = False) -> str:
        """A short digest of the words of a span, those of inner spans left out.

        `flat`: the words alone, without their structure.
        """
        kept: list[str] = []
        start = span[0]
        for begin, end in sorted(without):
            if begin >= start:
                kept += self._words[start:begin]
                start = end
        kept += self._words[start : span[1]]
        if flat:
            kept = [word for word in kept if word not in (_ENTER, _LEAVE)]
        return hashlib.blake2b("\0".join(kept).encode(), digest_size=12).hexdigest()

    def _walk(self, cursor: TreeCursor) -> None:
        """Depth first without recursion: hostile files nest deeper than Python's stack."""
        open_nodes: list[tuple[int, int, bool]] = []
        while True:
            node = cursor.node
            if node is None:
                return
            bracketed = self._enter(node)
            open_nodes.append((node.id, self._began, bracketed))
            if self._inner and cursor.goto_first_child():
                continue
            while True:
                self._leave(*open_nodes.pop())
                if cursor.goto_next_sibling():
                    break
                if not cursor.goto_parent():
                    return

    def _enter(self, node: Node) -> bool:
        self._began = len(self._words)
        self._inner = node.child_count > 0 and not self._says(node)
        if not self._inner:
            self._leaf(node)
            return False
        if not node.is_named or node.type == "parenthesized_expression":
            return False
        self._words.append(_ENTER)
        return True

    def _leave(self, identity: int, began: int, bracketed: bool) -> None:
        if bracketed:
            self._words.append(_LEAVE)
        if identity in self._wanted:
            self.spans[identity] = (began, len(self._words))

    def _leaf(self, node: Node) -> None:
        if self._says(node) or node.type == ";" or _is_wrapping(node):
            return
        text = self._text(node)
        if not text:
            return
        if self._comma and text not in _CLOSERS:
            self._words.append(",")
        self._comma = text == ","
        if not self._comma:
            self._words.append(text)

    def _text(self, node: Node) -> str:
        text = text_of(node)
        if node.type in _PROSE:
            return " ".join(text.split())
        if self._either_quote and text == "'":
            return '"'
        return "" if text.isspace() else text


def _is_wrapping(node: Node) -> bool:
    """A parenthesis that only groups; the tree's shape says what it groups."""
    parent = node.parent if node.type in ("(", ")") else None
    return parent is not None and parent.type == "parenthesized_expression"


def _is_comment(node: Node) -> bool:
    return "comment" in node.type


def _is_prose(node: Node) -> bool:
    """Python's, which documents by strings too: one that stands alone does nothing when it runs."""
    return _is_comment(node) or is_string_alone(node)
