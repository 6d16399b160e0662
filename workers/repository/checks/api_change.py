"""An OpenAPI document or JSON Schema changes so that callers or documents of before are refused.

Documented in docs/checks/api_change.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.diff import FileChange, Side
from bot.domain.finding import Finding
from workers.repository.checks.broken_site import Contract, check_finding, quote
from workers.repository.checks.inspection import Inspection
from workers.repository.dependencies.listing import Unreadable
from workers.repository.dependencies.trees.json_tree import json_tree
from workers.repository.dependencies.trees.node import Node
from workers.repository.dependencies.trees.yaml_tree import yaml_trees
from workers.repository.outline import SIZE_CAP_BYTES
from workers.repository.schemas.api_schema import ApiSchema, Clause, api_schema, is_api_document
from workers.repository.test_paths import is_test_path

KIND = "api_change"
_ENDS = (".json", ".yaml", ".yml")
_MOST = 10
_MARKS = ("openapi", "swagger", "json-schema.org")


@dataclass(frozen=True, slots=True)
class _Break:
    """A clause that is new where it is asked, or gone where it was given."""

    clause: Clause
    side: Side
    title: str
    why: str


def broken_apis(inspection: Inspection) -> list[Finding]:
    """One finding for each operation or value on which callers of before fail."""
    found: list[Finding] = []
    for file in inspection.changed(_ENDS):
        old_path = file.old_path or file.path
        if file.status == "deleted" or is_test_path(file.path) or inspection.late():
            continue
        before = _read(inspection.before.text(old_path))
        after = _read(inspection.after.text(file.path)) if before is not None else None
        if before is not None and after is not None and before.version == after.version:
            breaks = inspection.first(_breaks(before, after), _MOST, f"breaks of {file.path}")
            found += [_finding(inspection, file, one) for one in breaks]
    return found


def _read(text: str | None) -> ApiSchema | None:
    """The promises of a document; None where it is none of these, or does not parse."""
    if text is None or len(text) > SIZE_CAP_BYTES or not any(mark in text for mark in _MARKS):
        return None
    try:
        root = _tree(text)
    except Unreadable:
        return None
    return api_schema(root) if is_api_document(root) else None


def _tree(text: str) -> Node:
    if text.lstrip().startswith("{"):
        return json_tree(text)
    return next(iter(yaml_trees(text)), Node(1, None))


def _breaks(before: ApiSchema, after: ApiSchema) -> Iterator[_Break]:
    for (kind, where), old in before.clauses.items():
        new = after.clauses.get((kind, where))
        if kind == "operation" and new is None and not old.deprecated:
            yield _Break(old, "LEFT", f"`{where}` is gone", "Callers get 404 or 405.")
        elif kind == "given" and new is None and _was_given(after, where) and not old.deprecated:
            why = "Callers that read it find nothing."
            yield _Break(old, "LEFT", f"`{where}` is no longer given", why)
        elif new is not None and _retyped(old, new):
            why = f"It was of type `{old.type}` and is of type `{new.type}`."
            yield _Break(new, "RIGHT", f"`{where}` changes its type", why)
    for (kind, where), new in after.clauses.items():
        if kind == "asked" and (kind, where) not in before.clauses and _was_asked(before, where):
            why = "What was sent before lacks it and is refused."
            yield _Break(new, "RIGHT", f"`{where}` is newly required", why)


def _retyped(old: Clause, new: Clause) -> bool:
    widened = old.kind == "asked" and (old.type, new.type) == ("integer", "number")
    return bool(old.type and new.type) and old.type != new.type and not widened


def _parent(where: str) -> str:
    """The object around a property, without the brackets of a list."""
    return where.rpartition(".")[0]


def _was_given(after: ApiSchema, where: str) -> bool:
    """The object around is still given, and everything that it holds is known."""
    parent = _parent(where)
    if any(parent == place or parent.startswith(f"{place}.") for place in after.open):
        return False
    siblings = (one for kind, one in after.clauses if kind == "given" and _parent(one) == parent)
    return next(siblings, None) is not None


def _was_asked(before: ApiSchema, where: str) -> bool:
    """The operation was there before, or the document, and nothing around it was left open."""
    if any(where.startswith(place) for place in before.open):
        return False
    words = where.split(" ")
    operation = " ".join(words[:2])
    parent = _parent(where)
    outer = ("asked", parent) in before.clauses or "." not in parent.removeprefix("the document")
    return outer and (("operation", operation) in before.clauses or words[0] == "the")


def _finding(inspection: Inspection, file: FileChange, one: _Break) -> Finding:
    old_path = file.old_path or file.path
    sides = {"LEFT": (inspection.before, old_path), "RIGHT": (inspection.after, file.path)}
    return check_finding(
        Contract(KIND, one.clause.where, file, one.side, one.clause.line),
        title=one.title,
        body=f"{one.why} Smallest fix: keep what was promised, or raise the version of the API.",
        trigger="a caller that was written for the document of before",
        evidence=[quote(*sides[one.side], one.clause.line, one.clause.line)],
    )
