"""Whole words in a file's bytes, as `git grep -w` sees them in the C locale. Pure.

A word character is an ASCII letter, a digit or the underscore; a file with a zero byte among its
first 8,000 is binary. https://git-scm.com/docs/git-grep#Documentation/git-grep.txt---word-regexp
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_WORD_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_SPACED = bytes(byte if byte in _WORD_BYTES else 0x20 for byte in range(256))
_WORD = re.compile(r"[A-Za-z0-9_]+")
_LONGEST_WORD = 200
_LOOKED_AT_FOR_ZERO = 8_000


def words_of(text: str) -> tuple[str, ...]:
    """The words that a file must hold to hold this text as a whole word; () where none tells.

    `git grep -w` asks for no word character on either side, so each of them stands whole.
    """
    words = tuple(dict.fromkeys(_WORD.findall(text)))
    tells = text.isprintable() and all(len(word) <= _LONGEST_WORD for word in words)
    return words if tells else ()


def is_binary(content: bytes) -> bool:
    """As git decides it."""
    return b"\0" in content[:_LOOKED_AT_FOR_ZERO]


def spaced(content: bytes) -> str:
    """The content's words with spaces between them: what a tokenizer splits as git would."""
    return content.translate(_SPACED).decode("ascii")


def lines_with(content: bytes, words: Iterable[bytes], most: int) -> Iterator[tuple[int, bytes]]:
    """(1-based line, its bytes) of the first `most` lines that hold one of the words."""
    starts = sorted({start for word in words for start in _line_starts(content, word, most)})
    line, counted = 1, 0
    for start in starts[:most]:
        line += content.count(b"\n", counted, start)
        counted = start
        end = content.find(b"\n", start)
        yield line, content[start : end if end >= 0 else len(content)]


def _line_starts(content: bytes, word: bytes, most: int) -> Iterator[int]:
    """Where the first `most` lines begin that hold the word."""
    at, found = content.find(word), 0
    while at >= 0 and found < most:
        end = at + len(word)
        if _whole(content, at, end):
            found += 1
            yield content.rfind(b"\n", 0, at) + 1
            end = content.find(b"\n", end)
            if end < 0:
                return
        at = content.find(word, end)


def _whole(content: bytes, start: int, end: int) -> bool:
    before = start and content[start - 1] in _WORD_BYTES
    return not before and not (end < len(content) and content[end] in _WORD_BYTES)
