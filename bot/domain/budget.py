"""What models may cost: caps of one review and of a day, prices, and what was spent. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from bot.domain.conversation import TokenUsage

N = TypeVar("N", int, float)

Unit = Literal["calls", "tokens", "seconds", "usd"]
Scope = Literal["review", "repository", "installation"]
UNITS: tuple[Unit, ...] = ("calls", "tokens", "seconds", "usd")

LEAST_WINDOW = 8_000
"""Tokens: of a model that holds fewer, instructions and answer would leave nothing to read."""

ANSWER_SECONDS = 180.0
"""How long one answer may take, unless the operator says otherwise."""

NEAR = 0.8
"""From this share of a cap on, what was spent is shown beside it."""

_OF: dict[Scope, str] = {
    "review": "of this review",
    "repository": "of this repository's day (UTC)",
    "installation": "of this installation's day (UTC)",
}


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens, as the operator gave them."""

    input: float
    cached: float
    output: float

    def of(self, usage: TokenUsage) -> float:
        """US dollars for this usage."""
        fresh = usage.input_tokens - usage.cached_tokens
        dollars = fresh * self.input + usage.cached_tokens * self.cached
        return (dollars + usage.output_tokens * self.output) / 1_000_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """The most that may be spent; None: no cap. Tokens count input and output, `usd` US dollars.

    `seconds` of a review are wall time; those of a day are spent waiting for models.
    """

    calls: int | None = None
    tokens: int | None = None
    seconds: float | None = None
    usd: float | None = None

    def lowered(self, other: Allowance) -> Allowance:
        """Of each cap the lower one: nobody raises what somebody else allows."""
        return Allowance(
            calls=_lower(self.calls, other.calls),
            tokens=_lower(self.tokens, other.tokens),
            seconds=_lower(self.seconds, other.seconds),
            usd=_lower(self.usd, other.usd),
        )


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent; `usd` of models whose price is known."""

    calls: int = 0
    tokens: int = 0
    seconds: float = 0.0
    usd: float = 0.0


@dataclass(frozen=True, slots=True)
class DayCaps:
    """The caps of one day, for all reviews and answers of a repository and of an installation."""

    repository: Allowance = field(default_factory=Allowance)
    installation: Allowance = field(default_factory=Allowance)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the operator allows, and the prices of models by name. Nothing set: no cap.

    `window`: the most tokens that prompt and answer may be together, of the models that may answer.
    `answer_seconds`: how long one answer may take; where it is long, so is a review.
    """

    review: Allowance = field(default_factory=Allowance)
    day: DayCaps = field(default_factory=DayCaps)
    prices: dict[str, Price] = field(default_factory=dict)
    window: int | None = None
    answer_seconds: float = ANSWER_SECONDS


@dataclass(frozen=True, slots=True)
class CapUse:
    """What was spent of one cap."""

    scope: Scope
    unit: Unit
    spent: float
    cap: float

    @property
    def hit(self) -> bool:
        """Nothing is left."""
        return self.spent >= self.cap

    @property
    def near(self) -> bool:
        """Little or nothing is left."""
        return self.spent >= NEAR * self.cap

    def __str__(self) -> str:
        return f"{_amount(self.unit, self.spent, self.cap)} {_OF[self.scope]}"


def stopped_by(use: CapUse) -> str:
    """Why no model is asked any more."""
    return f"stopped by budget: {use} are used"


def uses(scope: Scope, allowance: Allowance, spent: Spent) -> Iterator[CapUse]:
    """Every cap of the allowance, with what was spent of it."""
    for unit in UNITS:
        cap = getattr(allowance, unit)
        if cap is not None:
            yield CapUse(scope, unit, float(getattr(spent, unit)), float(cap))


def _amount(unit: Unit, spent: float, cap: float) -> str:
    if unit == "usd":
        return f"${spent:,.2f} of ${cap:,.2f}"
    noun = "model calls" if unit == "calls" else unit
    return f"{spent:,.0f} of {cap:,.0f} {noun}"


def _lower(one: N | None, other: N | None) -> N | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
