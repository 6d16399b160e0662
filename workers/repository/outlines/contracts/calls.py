"""What the calls on some lines of a file pass, and what becomes of their results."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from tree_sitter import Node

from workers.repository.contracts.contract import Call
from workers.repository.outlines.language import text_of
from workers.repository.outlines.walker import placed

_CALLS = frozenset(
    "call call_expression new_expression method_invocation object_creation_expression"
    " invocation_expression function_call_expression member_call_expression"
    " scoped_call_expression nullsafe_member_call_expression".split()
)
_NAMED_BY = ("function", "method", "constructor", "name", "type")
_RECEIVERS = ("receiver", "object", "scope")
_LAST_NAME = re.compile(r"(?:(?P<receiver>.*)(?:\.|::|->))?(?P<name>[\w$]+[?!]?)$", re.DOTALL)
_SPREAD = frozenset(
    "list_splat dictionary_splat spread_element splat_argument hash_splat_argument"
    " variadic_unpacking spread_expression".split()
)
_KEYWORDS = frozenset(("keyword_argument", "pair"))
_BLOCKS = frozenset(("block_argument", "comment", "line_comment", "block_comment"))
_AWAITS = frozenset(("await", "await_expression"))
_PATTERNS = frozenset(("pattern_list", "tuple_pattern", "array_pattern", "left_assignment_list"))


def read_calls(path: str, source: bytes, lines: Collection[int]) -> tuple[Call, ...]:
    """The calls whose name stands on one of these lines (1-based), in order."""
    _, root, _ = placed(path, source)
    wanted = sorted(set(lines))
    if root is None or not wanted:
        return ()
    found = (_call(node) for node in _on(root, wanted) if node.type in _CALLS)
    return tuple(sorted(filter(None, found), key=lambda call: (call.line, call.name)))


def _on(root: Node, lines: list[int]) -> Iterator[Node]:
    """The nodes that reach over one of the lines."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        first, last = node.start_point.row + 1, node.end_point.row + 1
        if any(first <= line <= last for line in lines):
            yield node
            waiting += node.named_children


def _call(node: Node) -> Call | None:
    named = next((f for field in _NAMED_BY if (f := node.child_by_field_name(field))), None)
    if named is None:
        named = next(iter(node.named_children), None)
    match = _LAST_NAME.match(_without_types(text_of(named)))
    if named is None or match is None:
        return None
    before = next((f for field in _RECEIVERS if (f := node.child_by_field_name(field))), None)
    receiver = match["receiver"] or text_of(before)
    positional, keywords, spread = _passed(node)
    outer = _outermost(node)
    awaited = outer.id != node.id and outer.type in _AWAITS
    return Call(
        name=match["name"],
        receiver=receiver if len(receiver) <= 80 else "?",
        line=named.end_point.row + 1,
        positional=positional,
        keywords=keywords,
        spread=spread,
        awaited=awaited,
        unpacked=_unpacked(outer),
        used=outer.parent is not None and outer.parent.type != "expression_statement",
    )


def _without_types(text: str) -> str:
    return re.sub(r"<[^<>()]*>$", "", text.strip())[-400:]


def _passed(node: Node) -> tuple[int, tuple[str, ...], bool]:
    """Arguments by place, names of the others, and whether some are not in the text."""
    given = node.child_by_field_name("arguments") or next(
        (child for child in node.named_children if child.type in ("value_arguments", "arguments")),
        None,
    )
    if given is None:
        return 0, (), False
    if given.type == "generator_expression":
        return 1, (), False
    positional, keywords, spread = 0, list[str](), False
    for child in given.named_children:
        if child.type in _SPREAD or any(c.type in _SPREAD for c in child.named_children):
            spread = True
        elif child.type in _KEYWORDS or _is_named(child):
            key = child.child_by_field_name("name") or child.child_by_field_name("key")
            keywords.append(text_of(key or child.named_children[0]).strip(":"))
        elif child.type not in _BLOCKS:
            positional += 1
    return positional, tuple(keywords), spread


def _is_named(argument: Node) -> bool:
    """`name: value` of PHP and C#, `name = value` of Kotlin."""
    if argument.type == "argument" and argument.child_by_field_name("name") is not None:
        return True
    return argument.type == "value_argument" and any(c.type == "=" for c in argument.children)


def _outermost(node: Node) -> Node:
    """The call with its `await` and the parentheses around it."""
    while node.parent is not None and node.parent.type in (*_AWAITS, "parenthesized_expression"):
        node = node.parent
    return node


def _unpacked(node: Node) -> int:
    """How many names `a, b = f()` takes its result apart into; 0 with a rest among them."""
    parent = node.parent
    if parent is None:
        return 0
    fields = ("left", "name")
    target = next((f for field in fields if (f := parent.child_by_field_name(field))), None)
    value = parent.child_by_field_name("right") or parent.child_by_field_name("value")
    if target is None or value is None or value.id != node.id or target.type not in _PATTERNS:
        return 0
    inner = [child for child in target.named_children if child.type != "comment"]
    return 0 if any("splat" in c.type or "rest" in c.type for c in inner) else len(inner)
