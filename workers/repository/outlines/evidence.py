"""What a file's text says of the types of its names: plain values, read off the parsed tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tree_sitter import Node, Query, QueryCursor

from workers.repository.outline import RETURNED, Import, OutlinedDefinition, Typed
from workers.repository.outlines.language import LanguageRules, expression, line_of, text_of

EVIDENCE_CAP = 5_000
"""A file with more of it is data or generated."""
_TYPE_CAP = 200
_OWN = re.compile(r"^(?:self\.|this\.|cls\.|\$this->|self::\$?|static::\$?|@@?)#?(?=\w+$)")
"""How the languages write a field of the instance around."""
_RESOLVABLE = re.compile(r"[\w$@.:>()\[\]\\-]+")
_CALLABLES = ("function", "method")
_TYPES = ("class", "interface", "struct", "enum", "trait", "module")
_NAMELESS = frozenset({"arrow_function", "function_expression", "lambda", "anonymous_function",
    "func_literal", "closure_expression", "lambda_expression", "lambda_literal"})  # fmt: skip
_NAMED = frozenset({"function_definition", "function_declaration", "method_definition", "method",
    "singleton_method", "method_declaration", "function_item"})  # fmt: skip
_NAMING = frozenset({"variable_declarator", "assignment_expression"})
_WHOLE_FILE = (1, 1 << 30)


@dataclass(frozen=True, slots=True)
class _Piece:
    """One match of the query: what holds the instance, where, and what is said of it."""

    name: str
    node: Node
    type: str
    value: str
    within: Node | None


@cache
def _query(rules: LanguageRules, text: str) -> Query:
    return Query(rules.grammar(), text)


def package_of(rules: LanguageRules, root: Node) -> str:
    """The namespace or package that the file declares."""
    if not rules.package:
        return ""
    named = QueryCursor(_query(rules, rules.package)).captures(root).get("package", [])
    return text_of(min(named, key=lambda node: node.start_byte)) if named else ""


def typed_names(
    rules: LanguageRules,
    root: Node,
    definitions: Sequence[OutlinedDefinition],
    imports: Sequence[Import],
) -> tuple[Typed, ...]:
    """All evidence of types in the file, by line.

    That a name is given something unknown is kept only where the name means something else too.
    """
    if not rules.typed:
        return ()
    matches = QueryCursor(_query(rules, rules.typed)).matches(root)
    pieces = [piece for _, found in matches[:EVIDENCE_CAP] if (piece := _piece(found)) is not None]
    lines = sorted({line_of(piece.node) for piece in pieces})
    functions = _around((each for each in definitions if each.kind in _CALLABLES), lines)
    types = _around((each for each in definitions if each.kind in _TYPES), lines)
    known = {piece.name for piece in pieces if piece.value != "?"}
    known |= {each.simple for each in definitions} | {each.alias for each in imports}
    named = {(each.simple, each.name_line) for each in definitions if each.kind in _CALLABLES}
    told = [piece for piece in pieces if (piece.name, line_of(piece.node)) not in named]
    typed = {_placed(piece, functions, types) for piece in told if piece.name in known}
    return tuple(sorted(typed, key=lambda each: (each.line, each.name, each.type, each.value)))


def _piece(found: dict[str, list[Node]]) -> _Piece | None:
    label = next((key for key in ("name", "field", "returned") if key in found), None)
    if label is None:
        return None
    node = found[label][0]
    name = _canonical(text_of(node), label)
    declared = " ".join(text_of(found["type"][0]).split())[:_TYPE_CAP] if "type" in found else ""
    value = "" if declared else _value(found)
    if not name or (label == "returned" and (value == "?" or _is_anothers(node))):
        return None
    return _Piece(name, node, declared, value, found["within"][0] if "within" in found else None)


def _value(found: dict[str, list[Node]]) -> str:
    """The expression given, `items[]` for one of its items, "?" where it cannot be resolved."""
    given = [*found.get("value", ()), *found.get("item", ())]
    text = expression(given[0]) if given else "?"
    text += "[]" if "item" in found else ""
    return text if _RESOLVABLE.fullmatch(text) else "?"


def _is_anothers(node: Node) -> bool:
    """Whether a `return` belongs to a callback without a name inside the function around."""
    current, parent = node, node.parent
    while parent is not None and current.type not in _NAMED:
        if current.type in _NAMELESS:
            return parent.type not in _NAMING
        if parent.type == "call" and current.type in ("block", "do_block"):
            return True  # Ruby's; elsewhere a block is a body
        current, parent = parent, parent.parent
    return False


def _canonical(text: str, label: str) -> str:
    """A local's own name, `self.x` for a field in every language, "" for anything longer."""
    if label == "returned":
        return RETURNED
    if label == "field":
        return f"self.{text.lstrip('$@#')}"
    own = _OWN.sub("self.", text)
    return own if re.fullmatch(r"(?:self\.)?\$?\w+", own) else ""


def _placed(
    piece: _Piece,
    functions: Mapping[int, OutlinedDefinition],
    types: Mapping[int, OutlinedDefinition],
) -> Typed:
    """Evidence holds from its line to the end of the function; of a field, in the whole type."""
    line = line_of(piece.node)
    function, type_ = functions.get(line), types.get(line)
    name, (start, end) = piece.name, _WHOLE_FILE
    in_type = type_ is not None and (function is None or function.line < type_.line)
    if in_type and name != RETURNED and not name.startswith("self."):
        name = f"self.{name.lstrip('$')}"  # written in the body of the type itself
    if piece.within is not None:
        start, end = line_of(piece.within), piece.within.end_point.row + 1
    elif name.startswith("self.") and type_ is not None:
        start, end = type_.line, type_.end_line
    elif function is not None:
        start, end = line, function.end_line
    return Typed(name, line, start, end, piece.type, piece.value)


def _around(
    definitions: Iterable[OutlinedDefinition], lines: Sequence[int]
) -> dict[int, OutlinedDefinition]:
    """The innermost of these definitions around each of the sorted lines that has one."""
    waiting = sorted(definitions, key=lambda each: (-each.line, each.end_line))
    open_: list[OutlinedDefinition] = []
    found: dict[int, OutlinedDefinition] = {}
    for line in lines:
        while waiting and waiting[-1].line <= line:
            open_.append(waiting.pop())
        while open_ and open_[-1].end_line < line:
            open_.pop()
        if open_:
            found[line] = open_[-1]
    return found
