"""Obvious credentials, taken out of a text before a model, a log or a record sees it.

Line structure is kept: a finding's line numbers stay true. What was found is named by kind and
line, never by value.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

from workers.model.secret_kinds import BLOCKS, PATTERNS, SecretPattern

_PLACEHOLDER = re.compile(
    r"example|sample|dummy|placeholder|change.?me|your|xxxx|\*\*\*|test|fake|mock|todo|redacted",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Secret:
    """A credential that was taken out. `line` counts from 1."""

    kind: str
    line: int


def redact(text: str) -> tuple[str, tuple[Secret, ...]]:
    """The text with each credential replaced by `[redacted: KIND]`, and where they stood."""
    found: list[Secret] = []
    lowered = text.lower()
    for redact_one, patterns in ((_redact_blocks, BLOCKS), (_redact_values, PATTERNS)):
        for pattern in patterns:
            if any(hint in lowered for hint in pattern.hints):
                text = redact_one(text, pattern, found)
    return text, tuple(sorted(found, key=lambda secret: (secret.line, secret.kind)))


def _redact_blocks(text: str, pattern: SecretPattern, found: list[Secret]) -> str:
    """Blocks of several lines: every line of the block becomes the mark."""
    lines = _Lines(text)

    def mark(match: re.Match[str]) -> str:
        found.append(Secret(pattern.kind, lines.at(match.start())))
        return re.sub(r"[^\r\n]+", f"[redacted: {pattern.kind}]", match[0])

    return pattern.regex.sub(mark, text)


def _redact_values(text: str, pattern: SecretPattern, found: list[Secret]) -> str:
    """Values on one line: the group `value` where the pattern has one, else the whole match."""
    lines = _Lines(text)

    def mark(match: re.Match[str]) -> str:
        group = "value" if "value" in match.re.groupindex else 0
        value = match[group]
        if pattern.guessed and not _looks_random(value):
            return match[0]
        found.append(Secret(pattern.kind, lines.at(match.start(group))))
        start, end = match.start(group) - match.start(), match.end(group) - match.start()
        return f"{match[0][:start]}[redacted: {pattern.kind}]{match[0][end:]}"

    return pattern.regex.sub(mark, text)


def _looks_random(value: str) -> bool:
    """Whether a value that only its variable's name gives away is a credential, not a word."""
    if _PLACEHOLDER.search(value) or "[redacted" in value:
        return False
    digits = sum(character.isdigit() for character in value)
    letters = sum(character.isalpha() for character in value)
    return digits >= 2 and letters >= 2 and _bits(value) >= 3.2


def _bits(value: str) -> float:
    """Shannon entropy, in bits a character."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values())


class _Lines:
    """Line numbers of rising positions, counted once over the text however many are asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._line = 1

    def at(self, position: int) -> int:
        """The line of this position, which is not before the one asked for last."""
        self._line += self._text.count("\n", self._position, position)
        self._position = position
        return self._line
