"""What people, or a second look that they asked for, decided about a finding that was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

RulingKind = Literal["dismissed", "withdrawn", "upheld", "undecided", "reopened"]

MOST_ROUNDS = 2
"""A finding is looked at again so often; then people judge."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision. `finding` is the finding's name (`continues`, or its id when it is new).

    "dismissed": a person said so. "withdrawn", "upheld", "undecided": how a dispute ended.
    "reopened": a dismissal or withdrawal was taken back. `by` is the login of whoever asked,
    `source` the name of their comment (`Mention.name`): one comment rules once on a finding.
    """

    finding: str
    kind: RulingKind
    reason: str
    by: str
    source: str


def closed_by(rulings: Sequence[Ruling], finding: str) -> Ruling | None:
    """The ruling that took the finding off the table, if the last word on it did. Oldest first."""
    last: Ruling | None = None
    for ruling in rulings:
        if ruling.finding == finding and ruling.kind in ("dismissed", "withdrawn", "reopened"):
            last = ruling
    return None if last is None or last.kind == "reopened" else last


def rounds(rulings: Sequence[Ruling], finding: str) -> int:
    """How often a dispute about the finding was looked into and did not make it go away."""
    return sum(
        ruling.finding == finding and ruling.kind in ("upheld", "undecided") for ruling in rulings
    )


def said_of(ruling: Ruling) -> str:
    """The ruling as the reason of a finding's fate, one clause."""
    who = f"{ruling.kind} by {ruling.by}" if ruling.kind == "dismissed" else ruling.kind
    return f"{who}: {ruling.reason}" if ruling.reason else who
