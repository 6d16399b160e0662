"""The shape of an answer: a pydantic model as a strict JSON schema for the server.

The strict form is OpenAI's subset, which other servers' grammars accept as well:
https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from bot.domain.conversation import AnswerSchema

# Checked by pydantic when the answer is read; several servers refuse a schema that names them.
_UNSUPPORTED = frozenset(
    {
        "default",
        "examples",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "multipleOf",
        "pattern",
        "title",
        "uniqueItems",
    }
)


def answer_schema(answer: type[BaseModel]) -> AnswerSchema:
    """The strict schema of an answer: every object closed, every property required."""
    schema = answer.model_json_schema()
    if "$ref" in schema:  # an answer that holds itself; servers want an object at the root
        definitions = schema["$defs"]
        schema = {**definitions[schema["$ref"].rpartition("/")[2]], "$defs": definitions}
    return AnswerSchema(name=answer.__name__.lstrip("_"), schema=_strict(schema))


def schema_text(schema: AnswerSchema) -> str:
    """The schema as it stands in a prompt: one line of JSON."""
    return json.dumps(schema.schema, ensure_ascii=False, separators=(",", ":"))


def _strict(node: Mapping[str, Any]) -> dict[str, Any]:
    """One schema node made strict. Names of properties and definitions are not keywords."""
    strict: dict[str, Any] = {}
    for keyword, value in node.items():
        if keyword in _UNSUPPORTED:
            continue
        if keyword in ("properties", "$defs"):
            strict[keyword] = {name: _strict(child) for name, child in value.items()}
        elif keyword == "items":
            strict[keyword] = _strict(value)
        elif keyword in ("anyOf", "oneOf"):
            strict["anyOf"] = [_strict(child) for child in value]
        elif keyword == "const":
            strict["enum"] = [value]
        elif keyword != "discriminator":
            strict[keyword] = value
    if "$ref" in strict:
        return {"$ref": strict["$ref"]}  # no keyword may stand beside a reference
    if strict.get("type") == "object":
        strict["required"] = list(strict.setdefault("properties", {}))
        strict["additionalProperties"] = False
    return strict
