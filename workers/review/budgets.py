"""What one review may spend, the least of its effort, the operator and the policy; what it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.budget import (
    ANSWER_SECONDS,
    Allowance,
    CapUse,
    DayCaps,
    Limits,
    Spent,
    stopped_by,
)
from bot.domain.policy import Effort, Policy
from bot.domain.pull_request import PullRef
from bot.domain.review import ReviewUsage
from bot.ports import Spending
from workers.context.budget import LIMITS, MOST_SECONDS
from workers.model.budget import Budget


@dataclass(frozen=True, slots=True)
class Bill:
    """What the models cost. `stopped`: which budget ended it early; `caps`: near or used up."""

    usage: ReviewUsage
    models: tuple[str, ...]
    stopped: str
    caps: tuple[CapUse, ...]


@dataclass(frozen=True, slots=True)
class Budgets:
    """What the operator allows, and where a day is counted (None: nowhere).

    `forbids` false: a replay, which is forbidden what the recorded review was forbidden.
    """

    limits: Limits = field(default_factory=Limits)
    spending: Spending | None = None
    forbids: bool = True

    def of(self, ref: PullRef, policy: Policy, effort: Effort) -> Budget:
        """A budget for one review or one answer, from now on."""
        own = LIMITS[effort]
        slower = max(self.limits.answer_seconds / ANSWER_SECONDS, 1.0)
        seconds = min(own.seconds * slower, MOST_SECONDS)
        caps = Allowance(own.calls, own.tokens, seconds).lowered(self.limits.review)
        counted = self.spending if self.forbids else None
        day = None if counted is None else _Day(counted, ref, self._day_caps(policy))
        return Budget(
            caps.lowered(policy.budget.per_review), self.limits.prices, day, forbids=self.forbids
        )

    def used_up(self, ref: PullRef, policy: Policy) -> tuple[CapUse, ...]:
        """The caps of today of which nothing is left; () when a model may be asked."""
        return tuple(use for use in self._used(ref, policy) if use.hit)

    def near(self, ref: PullRef, policy: Policy) -> tuple[CapUse, ...]:
        """The caps of today that are near or used up."""
        return tuple(use for use in self._used(ref, policy) if use.near)

    def _used(self, ref: PullRef, policy: Policy) -> Sequence[CapUse]:
        spending = self.spending
        return () if spending is None else spending.used(ref, self._day_caps(policy))

    def _day_caps(self, policy: Policy) -> DayCaps:
        day = self.limits.day
        return DayCaps(day.repository.lowered(policy.budget.per_day), day.installation)


def why_stopped(used_up: Sequence[CapUse]) -> str:
    """The first of them in words; "" without one."""
    return stopped_by(used_up[0]) if used_up else ""


@dataclass(frozen=True, slots=True)
class _Day:
    """Today's counters of one repository, as the model's budget sees them."""

    spending: Spending
    ref: PullRef
    caps: DayCaps

    def start_call(self) -> None:
        self.spending.start_call(self.ref, self.caps)

    def add(self, spent: Spent) -> None:
        self.spending.add(self.ref, spent)

    @property
    def caps_money(self) -> bool:
        return self.caps.repository.usd is not None or self.caps.installation.usd is not None
