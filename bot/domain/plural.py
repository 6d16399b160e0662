"""Numbers with their nouns."""

from __future__ import annotations


def plural(count: int, word: str) -> str:
    """`1 finding`, `2 findings`, `1,200 files`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
