"""OpenAPI and JSON Schema: what callers of before do not survive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.projects import known

API = """openapi: 3.1.0
info: {title: Shop, version: 1.4.0}
paths:
  /orders:
    get:
      parameters:
        - {name: page, in: query}
      responses:
        "200":
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Order"}}
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/NewOrder"}
      responses: {"201": {description: made}}
  /old:
    get: {deprecated: true, responses: {}}
components:
  schemas:
    Order:
      type: object
      properties:
        id: {type: string}
        total: {type: integer}
        parent: {$ref: "#/components/schemas/Order"}
    NewOrder:
      required: [lines]
      properties:
        lines: {type: array}
        note: {type: string}
"""


def titles(folder: Path, path: str, before: str, after: str) -> list[str]:
    """The titles raised when a document changes."""
    return [finding.title for finding in known(folder, {path: before}, {path: after}).findings]


TOTAL = "`GET /orders 200 body[].total`"
CHANGES = {
    "newly required": (
        ("required: [lines]", "required: [lines, note]"),
        ["`POST /orders body.note` is newly required"],
    ),
    "a parameter": (
        ("in: query}", "in: query, required: true}"),
        ["`GET /orders query page` is newly required"],
    ),
    "not given": (
        ("        total: {type: integer}\n", ""),
        [f"{TOTAL} is no longer given"],
    ),
    "retyped": (
        ("total: {type: integer}", "total: {type: string}"),
        [f"{TOTAL} changes its type"],
    ),
    "gone": (
        ("  /orders:\n    get:", "  /sales:\n    get:"),
        ["`GET /orders` is gone", "`POST /orders` is gone"],
    ),
    "deprecated": (("  /old:\n    get: {deprecated: true, responses: {}}\n", ""), []),
    "added": (("note: {type: string}", "note: {type: string}\n        more: {}"), []),
    "no yaml": (("openapi: 3.1.0", "openapi: ["), []),
}


@pytest.mark.parametrize(("edit", "found"), CHANGES.values(), ids=CHANGES.keys())
def test_an_openapi_document(edit: tuple[str, str], found: list[str], tmp_path: Path) -> None:
    assert titles(tmp_path, "openapi.yaml", API, API.replace(*edit)) == found


def test_a_major_version_may_break_anything(tmp_path: Path) -> None:
    changed = API.replace("1.4.0", "2.0.0").replace("required: [lines]", "required: [lines, note]")
    assert titles(tmp_path, "openapi.yaml", API, changed) == []


SCHEMA = """{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "required": ["name"],
  "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}
}
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('["name"]', '["name", "age"]', ["`the document.age` is newly required"]),
        ('{"type": "string"}', '{"type": "integer"}', ["`the document.name` changes its type"]),
        ('"age": {"type": "integer"}', '"age": {"type": "integer"}, "x": {}', []),
        ('["name"]', "[]", []),
    ],
)
def test_a_json_schema(old: str, new: str, found: list[str], tmp_path: Path) -> None:
    assert titles(tmp_path, "person.json", SCHEMA, SCHEMA.replace(old, new)) == found


def test_other_documents_are_not_read(tmp_path: Path) -> None:
    before, after = '{"required": ["a"]}', '{"required": ["a", "b"], "properties": {"b": {}}}'
    assert titles(tmp_path, "data.json", before, after) == []
