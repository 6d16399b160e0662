"""What became of a posted finding in words for people, and how it counts."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.outcome import ADDRESSED, UNSETTLED, Became

OUTCOME_WORDS: Mapping[Became, str] = {
    Became.WITHDRAWN: "withdrawn after a dispute",
    Became.DISMISSED: "dismissed by a person",
    Became.FIXED: "fixed, as a later review saw",
    Became.DISLIKED: "thumbs down",
    Became.LIKED: "thumbs up",
    Became.RESOLVED_WITH_CHANGE: "thread closed, lines changed",
    Became.DISPUTED: "disputed, not withdrawn, not fixed",
    Became.RESOLVED: "thread closed, lines as they were",
    Became.CHANGED: "lines changed, no review looked",
    Became.IGNORED: "merged over",
    Became.CLOSED: "closed unmerged",
    Became.OPEN: "still open",
}


def counts_as(word: Became) -> str:
    """What it is in the addressed rate."""
    if word in ADDRESSED:
        return "addressed"
    return "not settled" if word in UNSETTLED else "not addressed"
