"""Parse a file once and read its outline off the tree; the same walk for every language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice

from tree_sitter import Node, Parser, Query, QueryCursor

from workers.repository.outline import DefinitionKind, Outline, OutlinedDefinition, Use
from workers.repository.outlines import language_of, unparsed
from workers.repository.outlines.comments import Comments
from workers.repository.outlines.doc_strings import DocStrings
from workers.repository.outlines.evidence import package_of, typed_names
from workers.repository.outlines.language import LanguageRules, line_of, text_of
from workers.repository.parsed import Parsed

SIGNATURE_CAP = 2_000
ERRORS_CAP = 50
_KIND_PREFIX = "definition."
_TYPES = ("class", "struct", "enum", "interface", "trait", "type")
_LOOSE_KINDS = ("variable", "type", "field")  # a tighter pattern may say function, struct


@dataclass(frozen=True, slots=True)
class _Raw:
    """One query match before names are qualified. `kind` is None for a mere scope."""

    node: Node
    outer: Node
    name: str
    name_line: int
    kind: DefinitionKind | None
    container: str
    extends: str
    bases: set[tuple[int, str]] = field(default_factory=set)


@cache
def _compiled(rules: LanguageRules) -> tuple[Parser, Query, Query, Query]:
    grammar = rules.grammar()
    queries = (Query(grammar, text) for text in (rules.definitions, rules.imports, rules.uses))
    definitions, imports, uses = queries
    return Parser(grammar), definitions, imports, uses


def parse(path: str, source: bytes) -> Parsed:
    """Outline one file. Syntax errors are tolerated; what cannot be read leaves a note."""
    rules = _rules(path, source)
    if rules is None:
        return Parsed(unparsed(path, len(source)) or Outline())
    _, definitions, imports, uses = _compiled(rules)
    root, text = _root(rules, source)
    documented = _documented(rules, root, text)
    found = [
        entry
        for node in _in_order(QueryCursor(imports).captures(root).get("import", []))
        for entry in rules.read_import(node)
    ]
    in_order = _qualified(rules, _matches(rules, definitions, root), documented, source)
    outlined = tuple(each.definition for each in in_order)
    imported = tuple(sorted(dict.fromkeys(found), key=lambda entry: entry.line))
    outline = Outline(
        language=rules.name,
        definitions=outlined,
        imports=imported,
        typed=typed_names(rules, root, outlined, imported),
        package=package_of(rules, root),
        documentation=documented.of_file(),
        errors=tuple(islice(_errors(root), ERRORS_CAP)),
    )
    return Parsed.of(outline, _uses(rules, uses, root), source)


def _errors(root: Node) -> Iterator[tuple[int, int]]:
    """The lines of each stretch that did not parse, in order; only what holds one is walked."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            yield line_of(node), _last_line(node)
        elif node.has_error:
            waiting += reversed(node.children)


@dataclass(frozen=True, slots=True)
class Placed:
    """A definition with its nodes: its own, and the decorators or `export` around it."""

    definition: OutlinedDefinition
    node: Node
    outer: Node


def placed(path: str, source: bytes) -> tuple[str, Node | None, list[Placed]]:
    """The language, the tree and the definitions of `parse`, in its order; None where it cannot."""
    rules = _rules(path, source)
    if rules is None:
        return "", None, []
    _, definitions, *_ = _compiled(rules)
    root, text = _root(rules, source)
    documented = _documented(rules, root, text)
    found = _qualified(rules, _matches(rules, definitions, root), documented, source)
    return rules.name, root, list(found)


def _root(rules: LanguageRules, source: bytes) -> tuple[Node, bytes]:
    """The tree of a file, and the text that was parsed."""
    parser, *_ = _compiled(rules)
    text = rules.readable(source) if rules.readable is not None else source
    return parser.parse(text).root_node, text


def _documented(rules: LanguageRules, root: Node, text: bytes) -> Comments | DocStrings:
    """What documents the definitions of a file."""
    if rules.comments is None:
        return DocStrings(root)
    found = QueryCursor(_comments(rules)).captures(root)
    return Comments(rules.comments, root, text, found)


@cache
def _comments(rules: LanguageRules) -> Query:
    return Query(rules.grammar(), rules.comments.query if rules.comments is not None else "")


def _rules(path: str, source: bytes) -> LanguageRules | None:
    """The rules of a file's language, where it is given to a parser."""
    language = language_of(path)
    if language is None or unparsed(path, len(source)) is not None:
        return None
    rules = language.rules()
    return rules.refined(source) if rules.refined is not None else rules


def _in_order(nodes: list[Node]) -> list[Node]:
    """By place, an outer node before what begins with it: captures come in no promised order."""
    return sorted(nodes, key=lambda node: (node.start_byte, -node.end_byte))


def _matches(rules: LanguageRules, query: Query, root: Node) -> list[_Raw]:
    """Matches by place. Patterns of one node merge: the tighter kind wins, bases add up."""
    merged: dict[tuple[int, str], _Raw] = {}
    for _, captures in QueryCursor(query).matches(root):
        raw = _raw(rules, captures)
        if raw is None:
            continue
        key = (raw.node.start_byte, raw.name)
        known = merged.setdefault(key, raw)
        if known.kind in _LOOSE_KINDS and raw.kind is not None:
            known = merged[key] = replace(known, kind=raw.kind)
        if raw.extends:
            known = merged[key] = replace(known, extends=raw.extends)
        known.bases.update(raw.bases)
    return sorted(merged.values(), key=lambda raw: (raw.node.start_byte, -raw.node.end_byte))


def _raw(rules: LanguageRules, captures: dict[str, list[Node]]) -> _Raw | None:
    names = captures.get("name")
    if not names:
        return None
    label = next(key for key in captures if key == "scope" or key.startswith(_KIND_PREFIX))
    node = captures[label][0]
    container = text_of(captures["container"][0]) if "container" in captures else ""
    name = text_of(names[0])
    if rules.split_name is not None and "::" in name:
        container, name = rules.split_name(name)
    name = name.strip(":").replace("::", ".")
    if not name.strip() or "\n" in f"{container}{name}":
        return None  # what a macro of C++ made of the text around it
    return _Raw(
        node=node,
        outer=_with_wrappers(node, rules.wrappers),
        name=name,
        name_line=line_of(names[0]),
        kind=None if label == "scope" else _kind(label),
        container=container,
        extends=text_of(captures["extends"][0]) if "extends" in captures else "",
        bases={(base.start_byte, text_of(base)) for base in captures.get("base", [])},
    )


def _kind(label: str) -> DefinitionKind:
    kind: DefinitionKind = label.removeprefix(_KIND_PREFIX)  # type: ignore[assignment]  # queries are ours
    return kind


def _with_wrappers(node: Node, wrappers: frozenset[str]) -> Node:
    """The decorators or `export` around a definition; not a declaration that holds several."""
    parent = node.parent
    while parent is not None and parent.type in wrappers and _holds_one(parent, node):
        node, parent = parent, parent.parent
    return node


def _holds_one(parent: Node, node: Node) -> bool:
    return sum(child.type == node.type for child in parent.named_children) == 1


def _qualified(
    rules: LanguageRules, raws: list[_Raw], documented: Comments | DocStrings, source: bytes
) -> Iterator[Placed]:
    """Name each definition by those around it; a function inside a type is a method."""
    stack: list[tuple[Node, str, DefinitionKind | None]] = []
    lent = _lent_bases(raws)
    for raw in raws:
        while stack and not _is_inside(raw.node, stack[-1][0]):
            stack.pop()
        while not rules.nested_functions and raw.kind == "function" and _in_function(stack):
            stack.pop()
        around = stack[-1][1] if stack else ""
        prefix = raw.container or around
        name = f"{prefix}.{raw.name}" if prefix else raw.name
        inside_type = bool(stack) and stack[-1][2] not in ("function", "method", "module")
        inside_type = inside_type or bool(raw.container)
        if raw.kind is not None:
            raw.bases.update(lent.get(raw.name, ()) if raw.kind in _TYPES else ())
            entry = _definition(raw, name, inside_type, source)
            entry = replace(entry, documentation=documented.of(raw.node, raw.outer))
            yield Placed(entry, raw.node, raw.outer)
        stack.append((raw.node, name, raw.kind))


def _in_function(stack: list[tuple[Node, str, DefinitionKind | None]]) -> bool:
    return bool(stack) and stack[-1][2] in ("function", "method")


def _is_inside(node: Node, outer: Node) -> bool:
    """Two names that one declaration gives (`x, y int`) stand beside each other."""
    return node.start_byte < outer.end_byte and node.id != outer.id


def _lent_bases(raws: list[_Raw]) -> dict[str, set[tuple[int, str]]]:
    """What a type implements away from its definition: Rust's `impl Trait for Type`."""
    lent: dict[str, set[tuple[int, str]]] = {}
    for raw in raws:
        if raw.kind is None and raw.bases:
            lent.setdefault(raw.name, set()).update(raw.bases)
    return lent


def _definition(raw: _Raw, name: str, inside_type: bool, source: bytes) -> OutlinedDefinition:
    kind = raw.kind or "function"
    if kind == "function" and inside_type:
        kind = "method"
    return OutlinedDefinition(
        name=name,
        kind=kind,
        line=line_of(raw.outer),
        name_line=raw.name_line,
        end_line=_last_line(raw.outer),
        signature=_signature(raw, source),
        bases=tuple(text for _, text in sorted(raw.bases)),
        extends=raw.extends,
    )


def _last_line(node: Node) -> int:
    """1-based; a node that ends at column 0 ends on the line before."""
    end = node.end_point
    return max(end.row + (1 if end.column else 0), node.start_point.row + 1)


_BODIES = ("class_body", "enum_class_body", "function_body")  # Kotlin's have no field


def _signature(raw: _Raw, source: bytes) -> str:
    """The text before the body, decorators included; a body-less definition is quoted whole."""
    body = raw.node.child_by_field_name("body")
    value = raw.node.child_by_field_name("value")
    if body is None:
        body = next((child for child in raw.node.named_children if child.type in _BODIES), None)
    if body is None and value is not None:
        body = value.child_by_field_name("body")
    end = body.start_byte if body is not None else raw.outer.end_byte
    text = source[raw.outer.start_byte : end].decode("utf-8", "replace")
    return text.strip().removesuffix("{").rstrip()[:SIGNATURE_CAP]


def _uses(rules: LanguageRules, query: Query, root: Node) -> Iterator[Use]:
    """Every identifier of the file, in order."""
    for node in _in_order(QueryCursor(query).captures(root).get("use", [])):
        yield Use(text_of(node), rules.receiver(node), line_of(node), rules.is_call(node))
