"""Hidden marks by which a review or reply of ours is known again after a crash.

A mark is an HTML comment, which GitHub keeps in the body and does not show. Anyone can type one:
a mark counts only in what our own login wrote.
"""

from __future__ import annotations

import hashlib
import re

_MARKER = re.compile(r"<!-- plumbline:[0-9a-f]{20} -->")


def marker_of(key: str) -> str:
    """The mark of one review or reply key."""
    return f"<!-- plumbline:{hashlib.sha256(key.encode()).hexdigest()[:20]} -->"


def marked(text: str, marker: str) -> str:
    """The text, ending in exactly this mark and no other."""
    return f"{unmarked(text)}\n\n{marker}".lstrip()


def unmarked(text: str) -> str:
    """The text without any mark."""
    return _MARKER.sub("", text).rstrip()


def markers_in(text: str) -> tuple[str, ...]:
    """Every mark in the text, in order."""
    return tuple(_MARKER.findall(text))
