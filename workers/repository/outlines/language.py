"""What one language has to say about itself so that the shared walker can outline its files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tree_sitter import Language, Node

from workers.repository.outline import Import

JAVADOC = r"/\*\*(?![*/])"
"""What begins a comment that its first characters mark as documentation."""


@dataclass(frozen=True, slots=True)
class CommentRules:
    """How a language documents by comments; a documentation comment begins its line.

    `query` captures every `@comment`, and as `@between` what may stand between a comment and its
    definition without being part of either (attributes that are nodes of their own).
    """

    query: str = "(comment) @comment"
    marked: str = ""
    """What begins a documentation comment; blank lines may follow it. "": any, directly above."""
    inner: str = ""
    """What begins one inside of what it documents; "" where there are none."""
    around: frozenset[str] = frozenset()
    """Types of nodes around a definition above which its comment may stand."""
    head: str = ""
    """The type of the node above which the file's own comment stands."""


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """A grammar, a query and the few rules that a query cannot say.

    `definitions` is a tree-sitter query. Each pattern captures `@definition.KIND` (the whole node)
    or `@scope` (a node that only lends its name, such as Rust's `impl`), `@name`, and optionally
    `@container` (the type a method hangs on, where the text does not nest) and `@base` (a class it
    extends; repeated) and `@extends` (what an extension function adds to). `imports` captures
    `@import`, each handed to `read_import`. `uses` captures every `@use`, an identifier that may
    refer to a definition.

    `typed` is a query for evidence of types (`outline.Typed`). Each pattern captures what holds the
    instance, `@name` (a local, or `self.x` as written), `@field` (declared in a type's body) or
    `@returned` (any node inside a function whose result it is), and what it is: `@type`, `@value`,
    `@item` (what it is one of), or none of them, for a name that is bound to something unknown.
    `@within` narrows it to that node's lines. `package` captures `@package`.
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
    typed: str = ""
    package: str = ""
    split_name: Callable[[str], tuple[str, str]] | None = None
    """Container and name of a `@name` that is written with its type: C++'s `A::f`."""
    nested_functions: bool = True
    """Whether functions stand inside functions; else they only seem to, after a syntax error."""
    readable: Callable[[bytes], bytes] | None = None
    """The text as it is parsed: what the grammar cannot read is blanked, its length kept."""
    comments: CommentRules | None = None
    """None where strings document: Python."""
    refined: Callable[[bytes], LanguageRules] | None = None
    """The rules by what stands in the file, where its suffix does not tell: a C or C++ header."""


_CONDITIONALS = re.compile(
    rb"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|else|endif|region|endregion)\b[^\n]*", re.MULTILINE
)


def without_conditionals(source: bytes) -> bytes:
    """The text of all branches at once: `#if` cuts declarations where no grammar expects it."""
    return _CONDITIONALS.sub(lambda line: b" " * len(line[0]), source)


def text_of(node: Node | None) -> str:
    """A node's source text; "" for no node."""
    return "" if node is None or node.text is None else node.text.decode("utf-8", "replace")


def line_of(node: Node) -> int:
    """1-based line of a node's start."""
    return node.start_point.row + 1


def holds(parent: Node | None, field: str, node: Node) -> bool:
    """Whether this very node stands in that field of its parent."""
    held = parent.child_by_field_name(field) if parent is not None else None
    return held is not None and held.id == node.id


EXPRESSION_CAP = 80
_ARGUMENTS = frozenset({"arguments", "argument_list", "value_arguments", "call_suffix"})
_TYPE_ARGUMENTS = frozenset({"type_arguments", "type_argument_list"})
_PARENTHESES = re.compile(r"^\((?:await |new )?((?:[^()]|\(\))+)\)")
_PREFIXES = ("await ", "new ", "&mut ", "&", "*")


def plain_receiver(node: Node | None) -> str:
    """What stands before the dot, as `expression` has it; "" for nothing."""
    return "" if node is None else expression(node)


def expression(node: Node) -> str:
    """An expression without arguments and decoration: `(await a.b(1)!).c` is `a.b().c`.

    `new Foo(1)` is `Foo()`. "?" where it is too long to be resolved.
    """
    text = _without_arguments(node)
    while True:
        bare = text.strip().removesuffix("!").removesuffix("?").replace("!.", ".")
        bare = _PARENTHESES.sub(r"\1", bare, count=1)
        for prefix in _PREFIXES:
            bare = bare.removeprefix(prefix)
        if bare == text:
            break
        text = bare
    text = text.replace("?.", ".").replace("?->", "->")
    return text if text and len(text) <= EXPRESSION_CAP and "\n" not in text else "?"


def _without_arguments(node: Node) -> str:
    """The node's text with `()` for each argument list on the way to its first name."""
    text, begin = node.text or b"", node.start_byte
    current: Node | None = node
    cuts: list[tuple[int, int, bytes]] = []
    while current is not None:
        for child in current.named_children:
            if child.type in _ARGUMENTS:
                cuts.append((child.start_byte - begin, child.end_byte - begin, b"()"))
            elif child.type in _TYPE_ARGUMENTS:
                cuts.append((child.start_byte - begin, child.end_byte - begin, b""))
        current = current.named_children[0] if current.named_children else None
    for start, end, put in sorted(cuts, reverse=True):
        text = text[:start] + put + text[end:]
    joined = re.sub(rb"\s*\n\s*(?=[.?:)(-])", b"", text)  # a chain of calls over several lines
    return joined.decode("utf-8", "replace")
