"""The addressed rate: of the findings that people had to decide about, how many were worth it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.domain.finding import Category, Origin, Severity
from bot.domain.outcome import ADDRESSED, UNSETTLED, Became

Grouping = Literal["repository", "category", "severity", "origin", "month"]
GROUPINGS: tuple[Grouping, ...] = ("repository", "category", "severity", "origin", "month")


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """So many posted findings of one sort. `month` is when they were posted: `2026-01`, in UTC."""

    repository: str
    month: str
    category: Category
    severity: Severity
    origin: Origin
    became: Became
    count: int


@dataclass(frozen=True, slots=True)
class AddressedRate:
    """`addressed` of `settled`, of `posted`.

    Settled are all but those of open pull requests, and of ones that were closed unmerged: nobody
    had to decide about these. Silence is settled: what was merged over counts against the rate, so
    that neither people's silence nor the reviewer's own makes it better.
    """

    posted: int = 0
    settled: int = 0
    addressed: int = 0

    @property
    def rate(self) -> float | None:
        """0..1; None while nothing is settled."""
        return self.addressed / self.settled if self.settled else None

    def plus(self, became: Became, count: int) -> AddressedRate:
        """With so many findings more that became this."""
        settled = 0 if became in UNSETTLED else count
        addressed = count if became in ADDRESSED else 0
        return AddressedRate(
            self.posted + count, self.settled + settled, self.addressed + addressed
        )


def addressed_rate(counts: Iterable[OutcomeCount]) -> AddressedRate:
    """Of all of them."""
    whole = AddressedRate()
    for count in counts:
        whole = whole.plus(count.became, count.count)
    return whole


def rates_by(counts: Iterable[OutcomeCount], by: Grouping) -> dict[str, AddressedRate]:
    """One rate a value of `by`, in the order of the values."""
    rates: dict[str, AddressedRate] = {}
    for count in counts:
        value = str(getattr(count, by))
        rates[value] = rates.get(value, AddressedRate()).plus(count.became, count.count)
    return dict(sorted(rates.items()))


def counts_of(counts: Iterable[OutcomeCount]) -> dict[Became, int]:
    """How many became what, every word with its number."""
    found = dict.fromkeys(Became, 0)
    for count in counts:
        found[count.became] += count.count
    return found
