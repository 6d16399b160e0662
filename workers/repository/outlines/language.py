"""What one language has to say about itself so that the shared walker can outline its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tree_sitter import Language, Node

from workers.repository.outline import Import


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """A grammar, a query and the few rules that a query cannot say.

    `definitions` is a tree-sitter query. Each pattern captures `@definition.KIND` (the whole node)
    or `@scope` (a node that only lends its name, such as Rust's `impl`), `@name`, and optionally
    `@container` (the type a method hangs on, where the text does not nest) and `@base` (a class it
    extends; repeated). `imports` captures `@import`, each handed to `read_import`. `uses` captures
    every `@use`, an identifier that may refer to a definition.
    """

    name: str
    grammar: Callable[[], Language]
    definitions: str
    imports: str
    uses: str
    read_import: Callable[[Node], Iterable[Import]]
    receiver: Callable[[Node], str]
    is_call: Callable[[Node], bool]
    wrappers: frozenset[str] = frozenset()
    """Node types around a definition that belong to it: decorators, `export`."""


def text_of(node: Node | None) -> str:
    """A node's source text; "" for no node."""
    return "" if node is None or node.text is None else node.text.decode("utf-8", "replace")


def line_of(node: Node) -> int:
    """1-based line of a node's start."""
    return node.start_point.row + 1


def plain_receiver(node: Node | None) -> str:
    """The text of what stands before the dot, if it is short enough to be resolved."""
    text = text_of(node)
    return text if len(text) <= 80 and "\n" not in text else "?"
