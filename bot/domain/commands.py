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
    "help",
    "ask",
    "dispute",
    "thanks",
]

FREE: frozenset[Verb] = frozenset({"help", "explain", "why", "config", "thanks"})
"""Told from records and settings: costs no model call and changes nothing."""

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


def place_in(text: str) -> Place | None:
    """The place of `path:line` or `not path:line`, backticks allowed; None if it is anything else.

    Longer than any path that Git is used with is no path.
    """
    match = _PLACE.fullmatch(text.strip()) if len(text) <= _LONGEST_PLACE else None
    return Place(match[1], int(match[2])) if match else None


_LONGEST_PLACE = 4_200
