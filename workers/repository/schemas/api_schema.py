"""What an OpenAPI document or a JSON Schema promises, flattened into clauses that can be compared.

https://spec.openapis.org/oas/v3.1.0, https://json-schema.org/draft/2020-12/json-schema-core
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from workers.repository.dependencies.trees.node import Node

ClauseKind = Literal["operation", "asked", "given"]
"""An operation that is there; a value that callers must send; a value that they get."""

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_DEEPEST = 10
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Clause:
    """One promise. `where` names it for a person, the first word of it the operation."""

    kind: ClauseKind
    where: str
    line: int
    type: str = ""
    deprecated: bool = False


@dataclass(slots=True)
class ApiSchema:
    """The clauses of one document by kind and place; `open` are places that may hold more."""

    version: str = ""
    clauses: dict[tuple[ClauseKind, str], Clause] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)

    def add(self, clause: Clause) -> None:
        """Keep the first clause of a place; a document of any size keeps a bounded number."""
        if len(self.clauses) < _MOST:
            self.clauses.setdefault((clause.kind, clause.where), clause)


def is_api_document(root: Node) -> bool:
    """OpenAPI, Swagger, or a JSON Schema that says so."""
    return (
        root.has("openapi") or root.has("swagger") or "json-schema.org" in root.at("$schema").text
    )


def api_schema(root: Node) -> ApiSchema:
    """Flatten one document."""
    found = ApiSchema()
    if root.has("$schema"):
        found.version = root.at("$id").text
        _Reader(root, found).value("asked", "the document", root, ())
        return found
    found.version = root.at("info", "version").text.partition(".")[0]
    reader = _Reader(root, found)
    for path, item in root.at("paths").items():
        for method, operation in item.items():
            if method in METHODS:
                reader.operation(f"{method.upper()} {path}", item, operation)
    return found


class _Reader:
    """Walks schemas, following references inside the document."""

    def __init__(self, root: Node, found: ApiSchema) -> None:
        self._root = root
        self._found = found

    def operation(self, name: str, item: Node, operation: Node) -> None:
        """One method of one path."""
        gone = operation.at("deprecated").text == "true"
        self._found.add(Clause("operation", name, operation.line, deprecated=gone))
        for holder in (item, operation):
            for written in holder.at("parameters").entries():
                self._parameter(name, self._resolved(written))
        self._contents("asked", name, self._resolved(operation.at("requestBody")))
        for status, response in operation.at("responses").items():
            if status.startswith("2"):
                self._contents("given", f"{name} {status}", self._resolved(response))

    def _parameter(self, name: str, parameter: Node) -> None:
        if parameter.at("in").text == "body":
            self.value("asked", f"{name} body", parameter.at("schema"), ())
        elif parameter.at("required").text == "true" and parameter.at("in").text != "path":
            where = f"{name} {parameter.at('in').text} {parameter.at('name').text}"
            self._found.add(Clause("asked", where, parameter.line))

    def _contents(self, kind: ClauseKind, name: str, holder: Node) -> None:
        if holder.has("schema"):
            self.value(kind, f"{name} body", holder.at("schema"), ())
        for _, media in holder.at("content").items():
            self.value(kind, f"{name} body", media.at("schema"), ())

    def value(self, kind: ClauseKind, where: str, written: Node, around: tuple[Node, ...]) -> None:
        """The properties of a schema that count: required ones asked, any one given.

        `around` are the schemas that hold this one; one that holds itself is not entered again.
        """
        schema = self._resolved(written)
        if any(schema is one for one in around):
            return
        choice = any(schema.has(word) for word in ("oneOf", "anyOf", "not", "if"))
        if len(around) > _DEEPEST or schema.has("$ref") or choice:
            self._found.open.add(where)
            return
        inside = (*around, schema)
        for part in schema.at("allOf").entries():
            self.value(kind, where, part, inside)
        required = set(schema.at("required").texts())
        for name, written_property in schema.at("properties").items():
            inner = self._resolved(written_property)
            if kind == "given" or name in required:
                place, line = f"{where}.{name}", written_property.line
                gone = inner.at("deprecated").text == "true"
                self._found.add(Clause(kind, place, line, inner.at("type").text, gone))
                self.value(kind, place, inner, inside)
        if schema.has("items"):
            self.value(kind, f"{where}[]", schema.at("items"), inside)

    def _resolved(self, node: Node) -> Node:
        """What a reference inside the document means; the reference itself where it leads out."""
        for _ in range(_DEEPEST):
            written = node.at("$ref").text
            if not written.startswith("#/"):
                break
            keys = [key.replace("~1", "/").replace("~0", "~") for key in written[2:].split("/")]
            target = self._root.at(*keys)
            if target.value is None:
                break
            node = target
        return node
