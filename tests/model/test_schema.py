"""The strict form of an answer's schema."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

import jsonschema
from pydantic import BaseModel, Field

from workers.model.schema import answer_schema, schema_text


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"


class Quote(BaseModel):
    path: str = Field(description="from the root", min_length=1, max_length=500)
    line: int = Field(ge=1)


class Answer(BaseModel):
    title: str = Field(default="", title="The title", pattern="^x")
    format: Literal["one"] = "one"
    side: Side = Side.LEFT
    quotes: list[Quote] = Field(default=[], max_length=3)
    parent: Answer | None = None


def test_every_object_is_closed_and_every_property_required() -> None:
    expected: dict[str, Any] = {
        "$defs": {
            "Answer": {
                "type": "object",
                "properties": {
                    "title": {"type": "string"},
                    "format": {"type": "string", "enum": ["one"]},
                    "side": {"$ref": "#/$defs/Side"},
                    "quotes": {"type": "array", "items": {"$ref": "#/$defs/Quote"}},
                    "parent": {"anyOf": [{"$ref": "#/$defs/Answer"}, {"type": "null"}]},
                },
                "required": ["title", "format", "side", "quotes", "parent"],
                "additionalProperties": False,
            },
            "Quote": {
                "type": "object",
                "properties": {
                    "path": {"type": "string", "description": "from the root"},
                    "line": {"type": "integer"},
                },
                "required": ["path", "line"],
                "additionalProperties": False,
            },
            "Side": {"type": "string", "enum": ["left", "right"]},
        },
        "$ref": "#/$defs/Answer",
    }
    assert answer_schema(Answer).schema == {
        **expected["$defs"]["Answer"],
        "$defs": expected["$defs"],
    }


def test_an_answer_of_the_model_fits_its_own_schema() -> None:
    answer = Answer(quotes=[Quote(path="a.py", line=1)], parent=Answer())
    value: dict[str, Any] = answer.model_dump(mode="json")
    jsonschema.Draft202012Validator(answer_schema(Answer).schema).validate(value)


def test_the_text_is_one_line_and_the_same_each_time() -> None:
    first = schema_text(answer_schema(Quote))
    assert first == schema_text(answer_schema(Quote))
    assert first == (
        '{"properties":{"path":{"description":"from the root","type":"string"},'
        '"line":{"type":"integer"}},"required":["path","line"],"type":"object",'
        '"additionalProperties":false}'
    )
