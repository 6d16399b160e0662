"""What became of a finding: one word for all signals, and how it changes from look to look."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.finding import Category, Origin, Severity
from bot.domain.outcome import (
    ADDRESSED,
    CONFIRMED,
    UNSETTLED,
    Became,
    Outcome,
    Posting,
    Seen,
    Signals,
    ThreadSeen,
    looked_at,
)

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
POSTING = Posting(
    finding="f-1",
    title="The total leaves out the first price",
    path="shop/cart.py",
    kind="wrong-result",
    category=Category.CORRECTNESS,
    severity=Severity.P1,
    origin=Origin.HUNT,
    confidence=0.81,
    posted_at=NOON,
)
NEW = Outcome(POSTING)

RESOLVED = ThreadSeen(resolved=True)
CHANGED = ThreadSeen(changed=True)
BOTH = ThreadSeen(resolved=True, changed=True)
UP, DOWN = ThreadSeen(ups=1), ThreadSeen(downs=1)

WORDS: list[tuple[str, Seen, Became]] = [
    ("nothing yet", Seen(ThreadSeen()), Became.OPEN),
    ("mended, the pull request still open", Seen(CHANGED, fixed=True), Became.FIXED),
    ("mended, whatever people thought", Seen(DOWN, fixed=True, merged=True), Became.FIXED),
    ("dismissed", Seen(BOTH, dismissed=True), Became.DISMISSED),
    ("dismissed after it was mended", Seen(BOTH, dismissed=True, fixed=True), Became.DISMISSED),
    ("withdrawn, then dismissed too", Seen(withdrawn=True, dismissed=True), Became.WITHDRAWN),
    ("a thumb up", Seen(UP), Became.LIKED),
    ("a thumb down", Seen(DOWN), Became.DISLIKED),
    ("more down than up", Seen(ThreadSeen(ups=1, downs=2)), Became.DISLIKED),
    ("as many up as down", Seen(ThreadSeen(ups=2, downs=2), merged=True), Became.IGNORED),
    ("a thumb down in a closed thread", Seen(replace(BOTH, downs=1)), Became.DISLIKED),
    ("closed thread, other lines", Seen(BOTH), Became.RESOLVED_WITH_CHANGE),
    ("contradicted, thread closed", Seen(RESOLVED, disputed=True, merged=True), Became.DISPUTED),
    ("contradicted and changed", Seen(BOTH, disputed=True), Became.RESOLVED_WITH_CHANGE),
    ("closed thread, same lines", Seen(RESOLVED), Became.RESOLVED),
    ("closed thread, then merged", Seen(RESOLVED, merged=True), Became.RESOLVED),
    ("other lines, not merged yet", Seen(CHANGED), Became.OPEN),
    ("other lines, merged unseen", Seen(CHANGED, merged=True), Became.CHANGED),
    ("merged over", Seen(ThreadSeen(), merged=True), Became.IGNORED),
    ("given up", Seen(CHANGED, closed=True), Became.CLOSED),
    ("given up with its thread closed", Seen(RESOLVED, closed=True), Became.RESOLVED),
]


@pytest.mark.parametrize(("what", "seen", "became"), WORDS, ids=[word[0] for word in WORDS])
def test_the_first_word_that_holds(what: str, seen: Seen, became: Became) -> None:
    assert looked_at(NEW, seen, NOON).became is became


def test_each_signal_keeps_the_time_when_it_was_first_seen() -> None:
    once = looked_at(NEW, Seen(BOTH), NOON)
    twice = looked_at(once, Seen(replace(BOTH, ups=2), merged=True), LATER)

    assert once == Outcome(POSTING, Signals(changed=NOON, resolved=NOON))
    assert twice == Outcome(
        POSTING, Signals(changed=NOON, resolved=NOON, liked=LATER, merged=LATER), ups=2
    )


def test_the_same_look_again_changes_nothing() -> None:
    for _, seen, _ in WORDS:
        once = looked_at(NEW, seen, NOON)
        assert looked_at(once, seen, LATER) == once


def test_what_is_taken_back_is_forgotten() -> None:
    """A thread opened again, a thumb taken away, a pull request reopened, a dismissal undone."""
    gone = looked_at(NEW, Seen(replace(BOTH, downs=1), dismissed=True, closed=True), NOON)
    assert looked_at(gone, Seen(ThreadSeen()), LATER) == NEW


def test_a_thread_that_was_not_read_is_as_it_was_seen_last() -> None:
    seen = looked_at(NEW, Seen(replace(BOTH, ups=1)), NOON)
    assert looked_at(seen, Seen(None, merged=True), LATER) == replace(
        seen, signals=replace(seen.signals, merged=LATER)
    )


def test_no_word_counts_for_and_against() -> None:
    assert CONFIRMED < ADDRESSED
    assert not ADDRESSED & UNSETTLED
