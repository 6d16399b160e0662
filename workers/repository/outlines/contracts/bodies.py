"""What a body gives back and what it raises, without the functions that are defined inside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from workers.repository.contracts.contract import Returned
from workers.repository.outlines.contracts.parameters import function_value, plain
from workers.repository.outlines.language import text_of

_APART = frozenset(
    "function_definition function_declaration function_expression generator_function"
    " generator_function_declaration arrow_function method_definition method_declaration method"
    " singleton_method class_definition class_declaration class class_body lambda lambda_expression"
    " lambda_literal anonymous_function anonymous_function_creation_expression closure_expression"
    " func_literal function_item impl_item local_function_statement anonymous_method_expression"
    " object_declaration object_literal interface_declaration arrow_function_expression".split()
)
_RETURNS = frozenset(("return_statement", "return", "return_expression"))
_THROWS = frozenset(("raise_statement", "throw_statement", "throw_expression"))
_YIELDS = frozenset(("yield", "yield_expression", "yield_statement"))
_NULLS = frozenset(("None", "null", "nil", "undefined", "nullptr", "NULL"))
_KEYED = frozenset(("dictionary", "object", "hash", "array_creation_expression"))
_PAIRS = frozenset(("pair", "array_element_initializer", "shorthand_property_identifier"))
_TYPED = frozenset(("go", "rust", "c", "cpp"))
"""Their declared type says what they return; `nil` beside an error is no news there."""
_ARRAYS_AS_TUPLES = frozenset(("javascript", "typescript", "tsx", "ruby", "php"))
_EXCEPTION = re.compile(r"(new )?(?P<name>[\w.:\\]+)")


def body_of(node: Node) -> Node | None:
    """A definition's body; an arrow function's expression is one, too."""
    found = node.child_by_field_name("body")
    if found is not None:
        return found
    value = function_value(node)
    if value is not None:
        return value.child_by_field_name("body")
    return next((child for child in node.named_children if child.type in _BODIES), None)


_BODIES = ("function_body", "class_body", "enum_class_body", "arrow_expression_clause")


def inside(body: Node) -> Iterator[Node]:
    """The nodes of a body, functions and classes inside it apart."""
    waiting = [body]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in node.named_children if child.type not in _APART]


def returned(language: str, body: Node) -> tuple[Returned, ...]:
    """The shapes of what it returns, each once; empty where the declared type says it."""
    if language in _TYPED:
        return ()
    shapes = {_shape(language, _value(node)) for node in inside(body) if node.type in _RETURNS}
    last = _last_value(language, body)
    if last is not None:
        shapes.add(_shape(language, last))
    elif shapes - {Returned("nothing")} and language in _FALLS and _falls_through(body):
        shapes.add(Returned("nothing"))
    return tuple(sorted(shapes, key=lambda shape: (shape.kind, shape.size, shape.keys)))


_FALLS = frozenset(("python", "javascript"))


def is_generator(language: str, body: Node) -> bool:
    """Whether it yields. Ruby's `yield` calls its block instead."""
    return language != "ruby" and any(node.type in _YIELDS for node in inside(body))


def raised(language: str, body: Node) -> list[str]:
    """The names of what it raises, each once; a caught error that is raised again has none."""
    found = dict.fromkeys(name for node in inside(body) if (name := _raised(language, node)))
    return list(found)


def _raised(language: str, node: Node) -> str:
    if node.type in _THROWS:
        return _exception(node.named_children[0]) if node.named_children else ""
    if language == "ruby" and _is_raise(node):
        arguments = node.child_by_field_name("arguments")
        return _exception(arguments.named_children[0]) if arguments is not None else ""
    if language == "go" and node.type == "call_expression":
        return "panic" if text_of(node.child_by_field_name("function")) == "panic" else ""
    return ""


def _is_raise(node: Node) -> bool:
    """Ruby's `raise` is a method like any other."""
    bare = node.type == "call" and node.child_by_field_name("receiver") is None
    return bare and text_of(node.child_by_field_name("method")) in ("raise", "fail")


def _exception(node: Node) -> str:
    """The class of `E("x")`, `new E()`, `E.new`, `E`; "" for a variable or a text."""
    match = _EXCEPTION.match(plain(node))
    name = match["name"].removesuffix(".new") if match else ""
    last = re.split(r"[.:\\]+", name)[-1] if name else ""
    built = node.type not in ("identifier", "constant", "name")
    return name if last[:1].isupper() or (built and "call" in node.type and "::" in name) else ""


def _value(node: Node) -> Node | None:
    """What stands behind `return`; Ruby wraps it in an argument list."""
    found = next((child for child in node.named_children if "comment" not in child.type), None)
    if found is not None and found.type == "argument_list":
        return found if len(found.named_children) > 1 else found.named_children[0]
    return found


def _shape(language: str, node: Node | None) -> Returned:
    while node is not None and node.type == "parenthesized_expression" and node.named_children:
        node = node.named_children[0]
    if node is None:
        return Returned("nothing")
    if node.child_count <= 1 and text_of(node) in _NULLS:
        return Returned("null")
    children = [child for child in node.named_children if "comment" not in child.type]
    if node.type in _KEYED and all(child.type in _PAIRS for child in children) and children:
        keys = tuple(sorted(filter(None, (_key(child) for child in children))))
        if len(keys) == len(children):
            return Returned("keys", keys=keys)
    if _is_tuple(language, node) and not any(
        "spl" in c.type or "spread" in c.type for c in children
    ):
        return Returned("tuple", len(children))
    return Returned("value")


def _is_tuple(language: str, node: Node) -> bool:
    if node.type in ("tuple", "expression_list", "tuple_expression", "argument_list"):
        return True
    arrays = node.type in ("array", "array_creation_expression")
    return arrays and language in _ARRAYS_AS_TUPLES and 1 < node.named_child_count <= 5


def _key(pair: Node) -> str:
    """The literal key of one pair; "" for a computed one."""
    if pair.type == "shorthand_property_identifier":
        return text_of(pair)
    key = pair.child_by_field_name("key")
    if key is None and pair.type == "array_element_initializer" and pair.named_child_count == 2:
        key = pair.named_children[0]
    if key is None or key.type not in _LITERAL_KEYS:
        return ""
    return text_of(key).strip("\"':")


_LITERAL_KEYS = (
    "string",
    "property_identifier",
    "hash_key_symbol",
    "simple_symbol",
    "encapsed_string",
)


def _last_value(language: str, body: Node) -> Node | None:
    """A body that is an expression, and the last expression of a Ruby method."""
    if language == "ruby":
        last = body.named_children[-1] if body.named_children else None
        simple = last is not None and last.type not in (*_RETURNS, *_RUBY_BRANCHES)
        return last if simple else None
    if body.type == "function_body" and body.children and body.children[0].type == "=":
        return body.named_children[0] if body.named_children else None
    is_block = "block" in body.type or "body" in body.type or body.type == "compound_statement"
    return None if is_block or body.type == "declaration_list" else body


_RUBY_BRANCHES = ("if", "unless", "case", "begin", "while", "rescue", "ensure", "if_modifier",
                  "unless_modifier", "case_match")  # fmt: skip


def _falls_through(block: Node) -> bool:
    """Whether control can reach the end of a block, as far as its last statement says."""
    statements = [child for child in block.named_children if child.type != "comment"]
    if not statements:
        return True
    last = statements[-1]
    if last.type in _RETURNS or last.type in _THROWS:
        return False
    if last.type == "if_statement":
        return _branches_fall(last)
    if last.type == "while_statement":
        return text_of(last.child_by_field_name("condition")).strip("()") not in (
            "True",
            "true",
            "1",
        )
    if last.type in ("with_statement", "statement_block", "block", "else_clause"):
        inner = last.child_by_field_name("body") or last
        return _falls_through(inner) if inner.id != block.id else True
    return last.type not in ("try_statement", "match_statement", "switch_statement")


def _branches_fall(node: Node) -> bool:
    """An `if` without `else`, or a branch of it that reaches its end."""
    branches = [node.child_by_field_name("consequence")]
    complete = False
    for child in node.children_by_field_name("alternative"):
        complete = complete or child.type == "else_clause"
        branches.append(
            child.child_by_field_name("consequence") or child.child_by_field_name("body")
            or (child.named_children[0] if child.named_children else None)
        )  # fmt: skip
    return not complete or any(_falls(branch) for branch in branches if branch is not None)


def _falls(branch: Node) -> bool:
    if branch.type == "if_statement":
        return _branches_fall(branch)
    if branch.type in _RETURNS or branch.type in _THROWS:
        return False
    return _falls_through(branch)
