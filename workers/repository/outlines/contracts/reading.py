"""The contract of each definition of one file, in the outline's order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tree_sitter import Node

from workers.repository.contracts.contract import Contract, Parameter
from workers.repository.outline import VALUES
from workers.repository.outlines.contracts.bodies import body_of, is_generator, raised, returned
from workers.repository.outlines.contracts.exports import exported_apart
from workers.repository.outlines.contracts.marks import (
    Head,
    marks_of,
    modifiers,
    returned_type,
    thrown_by_header,
    visibility,
)
from workers.repository.outlines.contracts.members import members_of
from workers.repository.outlines.contracts.parameters import parameters_of, plain
from workers.repository.outlines.contracts.words import Span, Words
from workers.repository.outlines.language import text_of
from workers.repository.outlines.walker import Placed, placed

_CALLABLE = ("function", "method", "class", "struct")
_ASSIGNED = (
    "assignment", "variable_declarator", "variable_declaration", "property_element",
    "const_element", "init_declarator",
)  # fmt: skip
_VALUE_FIELDS = ("value", "right", "default_value")


def read_contracts(path: str, source: bytes) -> tuple[Contract, ...]:
    """One for each definition that `parse` outlines, in its order; none where it outlines none."""
    language, root, found = placed(path, source)
    if root is None:
        return ()
    apart = exported_apart(language, root)
    words = Words(root, _wanted(found), language)
    inner = _inner_spans(found, words.spans)
    lines = source.decode("utf-8", "replace").split("\n")
    contracts = (_contract(language, each, words, inner[i], apart) for i, each in enumerate(found))
    said = (_documentation(each, lines) for each in found)
    return tuple(
        replace(one, documentation=text) for one, text in zip(contracts, said, strict=True)
    )


def _documentation(at: Placed, lines: Sequence[str]) -> str:
    place = at.definition.documentation
    return place.digest(lines) if place is not None else ""


def _wanted(found: Iterable[Placed]) -> set[int]:
    ids: set[int] = set()
    for each in found:
        ids |= {each.node.id, each.outer.id, *(a.id for a in marks_of(each.node, each.outer))}
        if (body := _held(each)) is not None:
            ids.add(body.id)
    return ids


def _held(at: Placed) -> Node | None:
    """What a definition holds: a body, or the type that it names."""
    body = body_of(at.node)
    if body is None and at.definition.kind in ("struct", "interface", "type", "enum"):
        return at.node.child_by_field_name("type") or at.node.child_by_field_name("value")
    return body


def _inner_spans(found: list[Placed], spans: Mapping[int, Span]) -> list[list[Span]]:
    """The spans of the definitions directly inside each type; a function owns all it holds."""
    inner: list[list[Span]] = [[] for _ in found]
    stack: list[int] = []
    for number, each in enumerate(found):
        while stack and not _holds(found[stack[-1]].outer, each.outer):
            stack.pop()
        if stack and found[stack[-1]].definition.kind not in ("function", "method"):
            inner[stack[-1]].append(spans[each.outer.id])
        stack.append(number)
    return inner


def _holds(outer: Node, node: Node) -> bool:
    return (
        outer.start_byte <= node.start_byte
        and node.end_byte <= outer.end_byte
        and outer.id != node.id
    )


def _contract(
    language: str, at: Placed, words: Words, inner: list[Span], apart: Mapping[str, str]
) -> Contract:
    node, outer, entry = at.node, at.outer, at.definition
    is_value = entry.kind in VALUES
    body = None if is_value else _held(at)
    marks = marks_of(node, outer)
    called = entry.kind in _CALLABLE
    runs = body is not None and entry.kind in ("function", "method")
    own = modifiers(node, outer)
    if runs and body is not None and is_generator(language, body):
        own = tuple(sorted({*own, "generator"}))
    said = visibility(language, Head(node, outer, entry.simple))
    own = tuple(word for word in own if word != said and not (word == "default" and said))
    top = not entry.container
    return Contract(
        visibility=said or (apart.get(entry.simple, "") if top else ""),
        modifiers=own,
        decorators=tuple(plain(mark) for mark in marks),
        parameters=_parameters(language, node, entry.kind) if called else None,
        type=_declared(node) if entry.kind in (*VALUES, "function", "method") else "",
        value=_value(node, entry.simple) if is_value else "",
        returned=returned(language, body) if runs and body is not None else (),
        raised=_raised(language, node, body if runs else None),
        members=members_of(language, entry.kind, node),
        has_body=body is not None,
        code=words.digest(words.spans[outer.id], inner),
        header="" if is_value else _header(words, at, body, marks),
    )


def _parameters(language: str, node: Node, kind: str) -> tuple[Parameter, ...] | None:
    """Ruby writes no list where there are none."""
    found = parameters_of(language, node)
    return () if found is None and kind in ("function", "method") else found


def _raised(language: str, node: Node, body: Node | None) -> tuple[str, ...]:
    found = [*thrown_by_header(node), *(raised(language, body) if body is not None else ())]
    return tuple(dict.fromkeys(found))


def _declared(node: Node) -> str:
    inner = node.named_children[0] if node.type == "expression_statement" else node
    return returned_type(inner)


def _value(node: Node, name: str) -> str:
    """The right-hand side; C# and PHP give it no field of its own."""
    for field in _VALUE_FIELDS:
        found = node.child_by_field_name(field)
        if found is not None:
            return plain(found)
    if node.type == "property_declaration" and any(child.type == "=" for child in node.children):
        return plain(node.named_children[-1])  # Kotlin
    inner = [child for child in node.named_children if child.type in _ASSIGNED]
    if inner:
        mine = (child for child in inner if text_of(child).startswith(name))
        return _value(next(mine, inner[0]), name)
    unnamed = node.type in _ASSIGNED[1:] and node.named_child_count > 1
    return plain(node.named_children[-1]) if unnamed else ""


def _header(words: Words, at: Placed, body: Node | None, marks: list[Node]) -> str:
    """A digest of the words before the body; annotations are told on their own."""
    begin, end = words.spans[at.node.id]
    if body is not None:
        end = words.spans[body.id][0]
    spans = [words.spans[mark.id] for mark in marks if mark.id in words.spans]
    return words.digest((begin, end), spans, flat=True)
