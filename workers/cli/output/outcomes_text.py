"""What became of posted findings, as a page for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.outcome import Became
from bot.domain.outcome_rates import (
    GROUPINGS,
    AddressedRate,
    OutcomeCount,
    addressed_rate,
    counts_of,
    rates_by,
)
from bot.domain.outcome_words import OUTCOME_WORDS, counts_as
from bot.domain.plural import plural
from workers.cli.output.page import Page

_TITLES = {"month": "By month of posting"}


def render_outcomes(counts: Sequence[OutcomeCount], width: int, colour: bool) -> str:
    """The rate, what became of the findings, and the rate by each sort."""
    page = Page(width, colour)
    whole = addressed_rate(counts)
    if not whole.posted:
        page.line(("No posted finding is on record here.", ""))
        return page.text()
    page.line((_rate(whole), "title"), (f" ({plural(whole.posted, 'finding')} posted)", ""))
    page.heading("What became of them")
    found = counts_of(counts)
    rows = [
        [(OUTCOME_WORDS[word], ""), (f"{found[word]:,}", "title"), (counts_as(word), "faint")]
        for word in Became
        if found[word]
    ]
    page.columns(rows, indent=2)
    for by in GROUPINGS:
        page.heading(_TITLES.get(by, f"By {by}"))
        page.columns(
            [
                [(name, "path"), (_rate(one), ""), (f"{one.posted:,} posted", "faint")]
                for name, one in rates_by(counts, by).items()
            ],
            indent=2,
        )
    return page.text()


def outcomes_json(counts: Sequence[OutcomeCount]) -> dict[str, Any]:
    """The same numbers. `rate` is null while nothing is settled. Keys are only ever added."""
    return {
        "schema": 1,
        **_json(addressed_rate(counts)),
        "became": {word.value: count for word, count in counts_of(counts).items()},
        "by": {
            by: {name: _json(one) for name, one in rates_by(counts, by).items()} for by in GROUPINGS
        },
    }


def _rate(rate: AddressedRate) -> str:
    if rate.rate is None:
        return "nothing settled yet"
    return f"{rate.rate:.0%} addressed: {rate.addressed:,} of {rate.settled:,} settled"


def _json(rate: AddressedRate) -> dict[str, Any]:
    return {
        "posted": rate.posted,
        "settled": rate.settled,
        "addressed": rate.addressed,
        "rate": rate.rate,
    }
