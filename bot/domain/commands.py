"""What people ask of the bot when they mention it, or answer one of its findings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Verb = Literal[
    "review",
    "explain",
    "why",
    "config",
    "dismiss",
    "resolve",
    "reopen",
    "pause",
    "resume",
    "stop",
    "remember",
    "memory",
    "forget",
    "help",
    "ask",
    "dispute",
    "thanks",
]

FREE: frozenset[Verb] = frozenset({"help", "explain", "why", "config", "thanks"})
"""Told from records and settings: costs no model call and changes nothing."""

THINKING: frozenset[Verb] = frozenset({"ask", "dispute"})
"""Answered by a model that reads the code. All else takes GitHub and our stores alone."""

GRANTABLE: tuple[Verb, ...] = (
    "review", "ask", "dispute", "explain", "why", "config", "help",
    "dismiss", "resolve", "reopen", "pause", "resume", "stop",
)  # fmt: skip
"""What a policy may let people without write access ask for, too. Teaching is not among it."""

_PLACE = re.compile(r"(?:not\s+)?[`*]*([^\s`:]+):([1-9][0-9]{0,6})[`*]*[?.!]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Command:
    """One request. For "ask", `text` is the question as written, less the handle.

    "dispute" is what a person answers in a finding's thread without a mention: `text` is all of it.
    "thanks" asks for nothing.
    """

    verb: Verb
    text: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A line that a person names, 1-based."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a person asks to remember, and the patterns of the paths that it is about (all: ())."""

    words: str
    paths: tuple[str, ...] = ()


def lesson_in(text: str) -> Lesson:
    """`Prices are cents for db/**, api/**`: the words, and the patterns after the last "for".

    A pattern holds a slash or a star, or stands in backticks; where anything else follows the
    "for", it belongs to the words.
    """
    words = _THAT.sub("", text.strip(), count=1)
    begin, end = max((hit.span() for hit in _FOR.finditer(words)), default=(0, 0))
    named = [part for part in re.split(r"[\s,]+", words[end:]) if part not in ("", "and")]
    if not end or not named or not all(_is_pattern(part) for part in named):
        return Lesson(words)
    patterns = dict.fromkeys(_bare_pattern(part) for part in named)
    return Lesson(words[:begin].rstrip(" ,;:"), tuple(patterns))


def number_in(text: str) -> int | None:
    """The number of `3` or `#3`; None if it is anything else."""
    match = _NUMBER.fullmatch(text.strip())
    return int(match[1]) if match else None


def _is_pattern(part: str) -> bool:
    bare = _bare_pattern(part)
    quoted = part.strip(_MARKS).startswith("`") and len(bare) > 1
    return "://" not in bare and bool(bare.strip("*/")) and (quoted or "/" in bare or "*" in bare)


def _bare_pattern(part: str) -> str:
    return part.strip(_MARKS).strip("`").removesuffix(".")


def place_in(text: str) -> Place | None:
    """The place of `path:line` or `not path:line`, backticks allowed; None if it is anything else.

    Longer than any path that Git is used with is no path.
    """
    match = _PLACE.fullmatch(text.strip()) if len(text) <= _LONGEST_PLACE else None
    return Place(match[1], int(match[2])) if match else None


_LONGEST_PLACE = 4_200
_THAT = re.compile(r"\Athat\s+", re.IGNORECASE)
_FOR = re.compile(r"(?:\A|\s)for\s", re.IGNORECASE)
_NUMBER = re.compile(r"[`*]*#?([1-9][0-9]{0,8})[`*]*[.!]?")
_MARKS = ",;:!?'\""
