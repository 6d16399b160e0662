"""What a review or a call cost, cut out of stored JSON as text: no database looks into all of it.

To look up a key, PostgreSQL unescapes the texts before it, and fails at one that holds a NUL or
half a surrogate pair (https://www.postgresql.org/docs/current/datatype-json.html). Repositories and
models hold such texts, and records keep them as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, func

_KEY = '"usage": '
"""As `to_json` writes it. In a text its quotes are escaped, so it stands for the key alone."""
_LONGEST = 1_000
"""Characters that hold every usage: it is flat, and made of a few numbers."""


def usage_text(connection: Connection, document: ColumnElement[Any]) -> ColumnElement[str | None]:
    """The beginning of the document's `usage`, for `usage_of`; something else where it has none."""
    text = cast(document, Text)
    place = func.strpos if connection.dialect.name == "postgresql" else func.instr
    return func.substr(text, place(text, _KEY) + len(_KEY), _LONGEST)


def usage_of(text: str | None) -> Mapping[str, Any]:
    """The numbers by name; empty where nothing was stored, or nothing that is a usage."""
    try:
        usage, _ = json.JSONDecoder().raw_decode(text or "")
    except ValueError:
        return {}
    return usage if isinstance(usage, dict) else {}
