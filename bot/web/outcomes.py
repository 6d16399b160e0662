"""What became of the posted findings of a repository."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from fastapi.responses import Response

from bot.domain.identifiers import InstallationId
from bot.domain.outcome_rates import (
    AddressedRate,
    Grouping,
    OutcomeCount,
    addressed_rate,
    counts_of,
    rates_by,
)
from bot.domain.outcome_words import OUTCOME_WORDS, counts_as
from bot.web.visits import Admitted

router = APIRouter()

DAYS = (30, 90, 365)
"""What may be looked back on, beside all time."""

_TABLES: tuple[tuple[Grouping, str], ...] = (
    ("category", "By category"),
    ("severity", "By severity"),
    ("origin", "By who raised it"),
    ("month", "By the month in which it was posted"),
)


@dataclass(frozen=True, slots=True)
class RateTable:
    """One rate a row."""

    by: Grouping
    title: str
    rates: Sequence[tuple[str, AddressedRate]]


@router.get("/repositories/{installation:int}/{number:int}/outcomes")
def show_outcomes(installation: int, number: int, visit: Admitted) -> Response:
    """The addressed rate, by every sort, of all time or of the last days."""
    repository = visit.repository(installation, number)
    days = next((days for days in DAYS if visit.query.get("days") == str(days)), 0)
    since = datetime.now(UTC) - timedelta(days=days) if days else None
    counts = visit.stores.outcomes.counts(repository.full_name, since, InstallationId(installation))
    return visit.draw(
        "outcomes.html",
        repository=repository,
        tab="/outcomes",
        days=days,
        choices=DAYS,
        whole=addressed_rate(counts),
        became=_became(counts),
        tables=[RateTable(by, title, list(rates_by(counts, by).items())) for by, title in _TABLES],
    )


def _became(counts: Sequence[OutcomeCount]) -> list[tuple[str, str, int]]:
    """What it is called, how it counts, how many."""
    return [
        (OUTCOME_WORDS[word], counts_as(word), count)
        for word, count in counts_of(counts).items()
        if count
    ]
