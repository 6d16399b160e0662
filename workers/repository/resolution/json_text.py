"""Settings in JSON as tools read them: with comments and trailing commas, or nothing at all."""

from __future__ import annotations

import json
import re
from typing import Any

_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\\n]|\\.)*"|,(?=\s*[\]}])')


def json_object(text: str) -> dict[str, Any]:
    """The object that a settings file holds; {} where it cannot be read as one."""
    bare = _STRING_OR_COMMENT.sub(_only_strings, text.removeprefix("\ufeff"))
    try:
        value = json.loads(_STRING_OR_COMMA.sub(_only_strings, bare))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _only_strings(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith('"') else ""


def text_map(value: object) -> dict[str, Any]:
    """A value that should be an object; {} where it is not."""
    return value if isinstance(value, dict) else {}
