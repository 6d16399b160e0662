"""The lines between which somebody's words stand in a prompt: nobody can guess them.

Each prompt gets fresh ones, so two prompts that ask the same differ in them alone.
"""

from __future__ import annotations

import re
import secrets

_MARKER = re.compile(r"=====AUTHOR [0-9a-f]{16}=====")


def fresh_marker() -> str:
    """A marker line that occurs in no text that was written before."""
    return f"=====AUTHOR {secrets.token_hex(8)}====="


def without_markers(text: str) -> str:
    """The text with every marker made the same: what is left is what was asked."""
    return _MARKER.sub("=====AUTHOR=====", text)
