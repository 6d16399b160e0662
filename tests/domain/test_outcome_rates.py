"""The addressed rate: silence counts against it, what nobody had to decide counts not at all."""

from __future__ import annotations

from bot.domain.finding import Category, Origin, Severity
from bot.domain.outcome import Became
from bot.domain.outcome_rates import (
    AddressedRate,
    OutcomeCount,
    addressed_rate,
    counts_of,
    rates_by,
)


def of(became: Became, count: int = 1, month: str = "2026-05", **what: str) -> OutcomeCount:
    return OutcomeCount(
        what.get("repository", "acme/shop"),
        month,
        Category(what.get("category", "correctness")),
        Severity(what.get("severity", "P1")),
        Origin.HUNT,
        became,
        count,
    )


def test_what_counts_for_against_and_not_at_all() -> None:
    """One of each word: three of ten settled ones are addressed."""
    whole = addressed_rate(of(word) for word in Became)
    assert whole == AddressedRate(posted=12, settled=10, addressed=3)
    assert whole.rate == 0.3


def test_there_is_no_rate_of_nothing() -> None:
    assert addressed_rate([]).rate is None
    assert addressed_rate([of(Became.OPEN, 4), of(Became.CLOSED)]) == AddressedRate(5, 0, 0)


def test_merging_over_a_finding_lowers_the_rate() -> None:
    loud = [of(Became.FIXED, 3), of(Became.DISMISSED)]
    assert addressed_rate(loud).rate == 0.75
    assert addressed_rate([*loud, of(Became.IGNORED, 4)]).rate == 0.375


def test_one_rate_a_value_of_what_is_asked_for() -> None:
    counts = [
        of(Became.FIXED, 2, "2026-05", category="security", severity="P0"),
        of(Became.IGNORED, 1, "2026-04", category="tests"),
        of(Became.OPEN, 1, "2026-06", repository="acme/blog"),
    ]
    assert rates_by(counts, "category") == {
        "correctness": AddressedRate(1, 0, 0),
        "security": AddressedRate(2, 2, 2),
        "tests": AddressedRate(1, 1, 0),
    }
    assert list(rates_by(counts, "month")) == ["2026-04", "2026-05", "2026-06"]
    assert list(rates_by(counts, "repository")) == ["acme/blog", "acme/shop"]
    assert list(rates_by(counts, "severity")) == ["P0", "P1"]
    assert list(rates_by(counts, "origin")) == ["hunt"]
    assert {word: n for word, n in counts_of(counts).items() if n} == {
        Became.FIXED: 2,
        Became.IGNORED: 1,
        Became.OPEN: 1,
    }
