"""Hidden marks by which a review, reply or comment of ours is known again, also after a crash.

A mark is an HTML comment, which GitHub keeps in the body and does not show. Anyone can type one:
a mark counts only in what our own login wrote.
"""

from __future__ import annotations

import hashlib
import re

from bot.domain.finding import Finding

_MARKER = re.compile(r"<!-- plumbline:[0-9a-f]{20} -->")


def marker_of(key: str) -> str:
    """The mark of one review or reply key."""
    return f"<!-- plumbline:{hashlib.sha256(key.encode()).hexdigest()[:20]} -->"


def marker_of_finding(finding: Finding) -> str:
    """The mark of the comment that tells of this finding, also in later reviews."""
    return marker_of(f"finding/{finding.name}")


def marked(text: str, marker: str) -> str:
    """The text, ending in exactly this mark and no other."""
    return f"{unmarked(text)}\n\n{marker}".lstrip()


def unmarked(text: str) -> str:
    """The text without any mark."""
    return _MARKER.sub("", text).rstrip()


def markers_in(text: str) -> tuple[str, ...]:
    """Every mark in the text, in order."""
    return tuple(_MARKER.findall(text))
