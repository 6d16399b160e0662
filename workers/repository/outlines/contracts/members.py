"""The members of enums and unions, and the fields of classes and structs, private ones apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from workers.repository.contracts.contract import Member
from workers.repository.outlines.contracts.bodies import body_of, inside
from workers.repository.outlines.contracts.marks import Head, marks_of, returned_type, visibility
from workers.repository.outlines.contracts.parameters import parameter_list, plain
from workers.repository.outlines.language import text_of

_ENUM_MEMBERS = frozenset(
    "enum_constant enum_assignment enumerator enum_member_declaration enum_entry enum_case"
    " enum_variant".split()
)
_FIELDS = frozenset(
    "field_declaration public_field_definition field_definition property_signature"
    " property_declaration".split()
)
_WRAPPED = frozenset(
    "enum_body enum_class_body enumerator_list enum_member_declaration_list enum_declaration_list"
    " enum_variant_list field_declaration_list class_body struct_type declaration_list"
    " interface_body object_type block enum_body_declarations".split()
)
_MOST = 200


def members_of(language: str, kind: str, node: Node) -> tuple[Member, ...]:
    """Sorted by name: their order is no contract that this reads."""
    if kind == "type":
        found = list(_union(node))
    elif kind in ("class", "struct", "enum", "interface", "trait"):
        built = kind in ("struct", "interface") or _is_data_class(node)
        found = [*_constructed(language, kind, node), *_listed(language, node)]
        found = [replace(m, kind="part") if built and m.kind == "field" else m for m in found]
    else:
        return ()
    named = {each.name: each for each in found if each.name}
    return tuple(named[name] for name in sorted(named))[:_MOST]


def _listed(language: str, node: Node) -> Iterator[Member]:
    body = body_of(node) or node.child_by_field_name("type")
    if body is None:
        return
    if language == "python":
        yield from _python(node, body)
        return
    for child in _children(body):
        if child.type in _ENUM_MEMBERS:
            yield _enum_member(child)
        elif child.type == "property_identifier":  # a bare member of TypeScript's enum
            yield Member(text_of(child), kind="member")
        elif child.type in _FIELDS and not _is_private(language, child):
            yield from _fields(child)


def _children(body: Node) -> Iterator[Node]:
    for child in body.named_children:
        if child.type in _WRAPPED:
            yield from _children(child)
        else:
            yield child


def _enum_member(node: Node) -> Member:
    named = node.child_by_field_name("name")
    name = text_of(named) or text_of(next(iter(node.named_children), None))
    payload = [child for child in node.named_children if child.type not in _NOT_PAYLOAD]
    text = " ".join(plain(child) for child in payload if plain(child) != name)
    return Member(name, text, "member")


_NOT_PAYLOAD = ("class_body", "comment", "line_comment", "block_comment", "visibility_modifier")


def _fields(node: Node) -> Iterator[Member]:
    """`int a, *b;`, `A, b string`: one declaration may hold several names."""
    declared = returned_type(node)
    names = [
        *node.children_by_field_name("name"),
        *node.children_by_field_name("declarator"),
        *node.children_by_field_name("property"),
        *(child for child in node.named_children if child.type in _HOLD_NAMES),
    ]
    tag = plain(node.child_by_field_name("tag"))
    for holder in names:
        yield Member(_name(holder), f"{declared} {tag}".strip())


_HOLD_NAMES = ("property_element", "variable_declaration")


def _name(node: Node) -> str:
    """The innermost name of a declarator; "" for a function's."""
    while True:
        if node.type in ("function_declarator", "parameter_list"):
            return ""
        inner = node.child_by_field_name("name") or node.child_by_field_name("declarator")
        if inner is None:
            nested = (c for c in node.named_children if c.type in _NAME_HOLDERS)
            inner = next(nested, None) if not node.type.endswith("identifier") else None
        if inner is None:
            return text_of(node).lstrip("*&$ ")
        node = inner


_NAME_HOLDERS = ("variable_declarator", "identifier", "field_identifier", "variable_name")


def _is_private(language: str, node: Node) -> bool:
    word = visibility(language, Head(node, node, text_of(node.child_by_field_name("name"))))
    public_only = language in ("rust",)
    return word.startswith("private") or (public_only and word == "")


def _constructed(language: str, kind: str, node: Node) -> Iterator[Member]:
    """Records, data classes and promoted parameters: what is constructed is what is held."""
    held = parameter_list(node) if kind == "class" else None
    for child in held.named_children if held is not None else ():
        text = plain(child)
        if language == "kotlin" and " val " not in f" {text} " and " var " not in f" {text} ":
            continue
        if "private" not in text.split():
            name = child.child_by_field_name("name")
            found = name or next((c for c in child.named_children if c.type == "identifier"), None)
            yield Member(text_of(found), returned_type(child), "part")


def _is_data_class(node: Node) -> bool:
    """Python's dataclasses, named tuples and typed dictionaries are built of their fields."""
    marks = (plain(mark) for mark in marks_of(node, node.parent or node))
    bases = plain(node.child_by_field_name("superclasses"))
    return any("dataclass" in mark for mark in marks) or any(b in bases for b in _DATA_BASES)


_DATA_BASES = ("NamedTuple", "TypedDict")


def _union(node: Node) -> Iterator[Member]:
    """`'a' | 'b'`: each alternative is a member."""
    waiting = [node.child_by_field_name("value")]
    while waiting:
        found = waiting.pop()
        if found is not None and found.type == "union_type":
            waiting += found.named_children
        elif found is not None and found.parent is not None and found.parent.type == "union_type":
            yield Member(plain(found), kind="member")


def _python(node: Node, body: Node) -> Iterator[Member]:
    """Assignments in the class, and what `__init__` sets on `self`; `_names` are private."""
    bases = text_of(node.child_by_field_name("superclasses"))
    is_enum = any(base.strip(" ()").endswith(("Enum", "Flag")) for base in bases.split(","))
    for child in body.named_children:
        assigned = child.named_children[0] if child.type == "expression_statement" else None
        if assigned is not None and assigned.type == "assignment":
            left, declared = (
                assigned.child_by_field_name("left"),
                assigned.child_by_field_name("type"),
            )
            text = plain(assigned.child_by_field_name("right")) if is_enum else plain(declared)
            if left is not None and left.type == "identifier" and not _hidden(text_of(left)):
                yield Member(text_of(left), text, "member" if is_enum else "field")
        elif child.type == "function_definition" and _called(child) == "__init__":
            yield from _set_on_self(child)


def _called(function: Node) -> str:
    return text_of(function.child_by_field_name("name"))


def _hidden(name: str) -> bool:
    return name.startswith("_")


def _set_on_self(function: Node) -> Iterator[Member]:
    body = function.child_by_field_name("body")
    for node in inside(body) if body is not None else ():
        left = node.child_by_field_name("left") if node.type == "assignment" else None
        if left is not None and left.type == "attribute":
            name = text_of(left.child_by_field_name("attribute"))
            if text_of(left.child_by_field_name("object")) == "self" and not _hidden(name):
                yield Member(name, plain(node.child_by_field_name("type")))
