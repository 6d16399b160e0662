"""What GitHub asks of the text of a comment."""

from __future__ import annotations

from typing import Any

from sandbox.errors import Invalid

LONGEST_CHARACTERS = 65_536


def require_text(text: Any, resource: str, *, blank: bool = False) -> str:
    """The text, if GitHub would take it. Raises 422 for a blank or overlong one."""
    if not isinstance(text, str) or (not text.strip() and not blank):
        raise Invalid(resource, "body", "body can't be blank", "missing_field")
    if len(text) > LONGEST_CHARACTERS:
        too_long = f"body is too long (maximum is {LONGEST_CHARACTERS} characters)"
        raise Invalid(resource, "body", too_long)
    return text
