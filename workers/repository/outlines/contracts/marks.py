"""What stands around a definition's name: annotations, visibility, modifiers, declared type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tree_sitter import Node

from workers.repository.outlines.contracts.parameters import declared_type, function_value, plain
from workers.repository.outlines.language import text_of

_ANNOTATIONS = frozenset(
    "decorator annotation marker_annotation attribute_list attribute_declaration attribute_item"
    " file_annotation attribute_specifier".split()
)
_HOLDERS = frozenset("modifiers modifier function_modifiers export_statement".split())
_VISIBILITIES = (
    "public", "protected internal", "private protected", "protected", "internal", "private",
)  # fmt: skip
_MODIFIERS = frozenset(
    "async suspend static abstract final const constexpr readonly override virtual unsafe open"
    " sealed data value inline default native synchronized transient volatile declare get set"
    " accessor explicit noexcept required partial extern operator infix tailrec lateinit companion"
    " inner mut".split()
)
_RETURN_TYPES = ("return_type", "result", "returns", "type")


def marks_of(node: Node, outer: Node) -> list[Node]:
    """Decorators, annotations and attributes, in the order of the text."""
    found: dict[int, Node] = {}
    for holder in _headers(node, outer):
        for child in holder.children:
            if child.type in _ANNOTATIONS:
                found[child.id] = child
    above = outer.prev_named_sibling
    while above is not None and above.type == "attribute_item":
        found[above.id] = above
        above = above.prev_named_sibling
    return sorted(found.values(), key=lambda each: each.start_byte)


def _headers(node: Node, outer: Node) -> Iterator[Node]:
    """The nodes whose direct children belong to the head of a definition."""
    around: Node | None = node
    while around is not None:
        yield around
        yield from (child for child in around.children if child.type in _HOLDERS)
        if around.id == outer.id:
            break
        around = around.parent
    inner = function_value(node) or node.child_by_field_name("declarator")
    while inner is not None:
        yield inner
        inner = inner.child_by_field_name("declarator")


def modifiers(node: Node, outer: Node) -> tuple[str, ...]:
    """`async`, `static`, `abstract` and their like; Kotlin's `suspend` is `async`, too."""
    found = {
        word
        for holder in _headers(node, outer)
        for child in holder.children
        if child.type not in _ANNOTATIONS and child.child_count <= 1
        for word in text_of(child)[:40].split()[:3]
        if word in _MODIFIERS
    }
    if any(child.type == "?" for child in node.children):
        found.add("optional")
    if node.type == "singleton_method":
        found.add("static")
    if "generator" in node.type or _has_star(node):
        found.add("generator")
    if "suspend" in found:
        found = (found - {"suspend"}) | {"async"}
    return tuple(sorted(found))


def _has_star(node: Node) -> bool:
    value = function_value(node)
    starred = node.type == "method_definition" and any(c.type == "*" for c in node.children)
    return starred or (value is not None and value.type == "generator_function")


def returned_type(node: Node) -> str:
    """The declared type of a value, or of what a call returns."""
    for holder in _headers(node, node):
        for child in holder.children:
            if child.type == "trailing_return_type":
                return declared_type(child)
    around = node.parent if node.type in _ONE_OF_SEVERAL else None
    for holder in filter(None, (node, around, _declaration(node))):
        for name in _RETURN_TYPES:
            found = holder.child_by_field_name(name)
            if found is not None:
                return declared_type(found)
    value = function_value(node)
    if value is not None and value.child_by_field_name("return_type") is not None:
        return declared_type(value.child_by_field_name("return_type"))
    return _kotlin_type(node)


_ONE_OF_SEVERAL = ("variable_declarator", "property_element", "const_element", "init_declarator")
"""A declaration's type stands beside them, in what holds them."""


def _declaration(node: Node) -> Node | None:
    """C#'s declaration inside a field's."""
    return next((c for c in node.named_children if c.type == "variable_declaration"), None)


_KOTLIN_TYPES = ("user_type", "nullable_type", "function_type")


def _kotlin_type(node: Node) -> str:
    """Behind the parameters of a function, inside the declaration of a property."""
    holders = [node, *(c for c in node.named_children if c.type == "variable_declaration")]
    parameters = next((c for c in node.named_children if c.type == _KOTLIN_PARAMETERS), None)
    for holder in holders:
        for child in holder.named_children:
            behind = (
                holder is not node
                or node.type == "class_parameter"
                or (parameters is not None and child.start_byte > parameters.end_byte)
            )
            if child.type in _KOTLIN_TYPES and behind:
                return plain(child)
    return ""


_KOTLIN_PARAMETERS = "function_value_parameters"


def thrown_by_header(node: Node) -> list[str]:
    """Java's `throws`."""
    throws = next((child for child in node.named_children if child.type == "throws"), None)
    return [plain(child) for child in throws.named_children] if throws is not None else []


@dataclass(frozen=True, slots=True)
class Head:
    """A definition's node, what wraps it, and its name."""

    node: Node
    outer: Node
    name: str


def visibility(language: str, head: Head) -> str:
    """Who may name it, in the language's own word; "" where nothing is said."""
    return _VISIBLE.get(language, _by_word)(head)


def _by_word(head: Head) -> str:
    words = [
        text_of(child)
        for holder in _headers(head.node, head.outer)
        for child in holder.children
        if child.child_count == 0 or "modifier" in child.type
    ]
    said = " ".join(words)
    return next((each for each in _VISIBILITIES if each in said and _whole(each, words)), "")


def _whole(wanted: str, words: list[str]) -> bool:
    split = [part for word in words for part in word.split()]
    return all(part in split for part in wanted.split())


def _script(head: Head) -> str:
    """Exported or not, or the access of a member. A list of exports apart is read elsewhere."""
    access = _by_word(head)
    if access or head.name.startswith("#"):
        return access or "private"
    outer = head.outer
    if outer.type != "export_statement":
        outer = outer.parent if outer.parent is not None else outer
    if outer.type != "export_statement":
        return ""
    return "exported as default" if any(c.type == "default" for c in outer.children) else "exported"


def _go(head: Head) -> str:
    return "exported" if head.name[:1].isupper() else ""


def _rust(head: Head) -> str:
    child = next((c for c in head.node.children if c.type == "visibility_modifier"), None)
    return plain(child) if child is not None else ""


def _c(head: Head) -> str:
    """`static` at the top hides a name from other files; in a class the last label above counts."""
    outer = head.outer
    if outer.parent is not None and outer.parent.type == "field_declaration_list":
        above = outer.prev_named_sibling
        while above is not None and above.type != "access_specifier":
            above = above.prev_named_sibling
        struct = outer.parent.parent is not None and outer.parent.parent.type == "struct_specifier"
        return text_of(above) or ("public" if struct else "private")
    storage = [c for c in head.node.children if c.type == "storage_class_specifier"]
    return "static" if any(text_of(each) == "static" for each in storage) else ""


def _ruby(head: Head) -> str:
    """`private` before it, or a bare `private` above it in the class."""
    node = head.node
    call = node.parent.parent if node.parent is not None else None
    if call is not None and call.type == "call" and text_of(_method(call)) in _RUBY_WORDS:
        return text_of(_method(call))
    above = node.prev_named_sibling if node.type == "method" else None
    while above is not None:
        if above.type == "identifier" and text_of(above) in _RUBY_WORDS:
            return text_of(above)
        above = above.prev_named_sibling
    return ""


def _method(call: Node) -> Node | None:
    return call.child_by_field_name("method")


def _unsaid(_: Head) -> str:
    return ""


_RUBY_WORDS = ("private", "protected", "public", "private_class_method", "module_function")
_VISIBLE: dict[str, Callable[[Head], str]] = {
    **dict.fromkeys(("javascript", "typescript", "tsx"), _script),
    "go": _go,
    "rust": _rust,
    **dict.fromkeys(("c", "cpp"), _c),
    "ruby": _ruby,
    "python": _unsaid,
}
