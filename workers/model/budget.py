"""What one review may spend on models, and what it has spent. Shared by the rooms' threads."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from bot.domain.budget import Allowance, CapUse, Price, Spent, stopped_by, uses
from bot.domain.conversation import ModelAnswer, TokenUsage
from bot.domain.review import ReviewUsage
from bot.errors import LimitExceeded


class Day(Protocol):
    """The day that this review shares with others."""

    def start_call(self) -> None:
        """Count one call before it is made. Raises LimitExceeded at a cap of the day."""

    def add(self, spent: Spent) -> None:
        """Add what an answer cost."""

    @property
    def caps_money(self) -> bool:
        """Whether the day has a cap on money."""


class Budget:
    """Caps on calls, tokens, money and seconds, of this review and of the day.

    A call is counted when it starts, so parallel rooms cannot exceed the calls. Tokens and money
    are known only when an answer is in: calls that are under way when such a cap is reached still
    finish.
    """

    def __init__(
        self,
        caps: Allowance,
        prices: Mapping[str, Price] | None = None,
        day: Day | None = None,
        clock: Callable[[], float] = time.monotonic,
        forbids: bool = True,
    ) -> None:
        """`forbids` false: only count. A replay is forbidden what the recorded review was."""
        self._caps = caps
        self._prices = prices or {}
        self._day = day
        self._clock = clock
        self._forbids = forbids
        self._started = clock()
        self._lock = threading.Lock()
        self._calls = 0
        self._usage: dict[str, TokenUsage] = {}
        self._stopped = ""

    def start_call(self) -> float:
        """Count one model call; return the seconds that it may take.

        Raises:
            LimitExceeded: the calls, tokens, money or seconds are used up, here or for the day.
            StoreUnavailable: the day's counters do not answer.
        """
        with self._lock:
            why = self._why_not() if self._forbids else ""
            self._calls += 1
        try:
            if why:
                raise LimitExceeded(why)
            if self._day is not None:
                self._day.start_call()
        except LimitExceeded as error:
            self.forbid(str(error))
            raise
        return self._seconds_left()

    def forbid(self, why: str) -> None:
        """The call that was counted last is not made: a budget forbids it."""
        with self._lock:
            self._calls -= 1
            self._stopped = self._stopped or why

    def charge(self, answer: ModelAnswer) -> None:
        """Add what an answer cost to what its model has cost so far, and to the day."""
        with self._lock:
            before = self._usage.get(answer.model, TokenUsage())
            self._usage[answer.model] = _sum(before, answer.usage)
        if self._day is not None:
            price = self._prices.get(answer.model)
            tokens = answer.usage.input_tokens + answer.usage.output_tokens
            usd = 0.0 if price is None else price.of(answer.usage)
            self._day.add(Spent(tokens=tokens, seconds=answer.seconds, usd=usd))

    @property
    def calls_left(self) -> float:
        """Model calls that may still start."""
        with self._lock:
            return math.inf if self._caps.calls is None else self._caps.calls - self._calls

    @property
    def models(self) -> tuple[str, ...]:
        """The models that answered, in the order of their first answer."""
        with self._lock:
            return tuple(self._usage)

    @property
    def stopped(self) -> str:
        """Why the first call that was forbidden was; "" when none was."""
        return self._stopped

    @property
    def caps(self) -> tuple[CapUse, ...]:
        """The caps of this review that are near or used up."""
        with self._lock:
            return tuple(use for use in self._uses() if use.near)

    @property
    def spent(self) -> ReviewUsage:
        """The cost until now. `seconds` is wall time since the budget was made."""
        with self._lock:
            total = _sum(*self._usage.values())
            return ReviewUsage(
                model_calls=self._calls,
                input_tokens=total.input_tokens,
                cached_tokens=total.cached_tokens,
                output_tokens=total.output_tokens,
                seconds=self._clock() - self._started,
                cost_usd=self._cost(),
            )

    def _why_not(self) -> str:
        """Why no call may start; "" when one may."""
        for use in self._uses():
            if use.hit:
                return stopped_by(use)
        if self._caps.usd is None and not (self._day is not None and self._day.caps_money):
            return ""
        unknown = next((name for name in self._usage if name not in self._prices), "")
        if unknown or not self._prices:
            whose = f"the price of {unknown!r} is not" if unknown else "no price is"
            return f"stopped by budget: money is capped, but {whose} known (PLUMBLINE_PRICES)"
        return ""

    def _uses(self) -> tuple[CapUse, ...]:
        total = _sum(*self._usage.values())
        spent = Spent(
            calls=self._calls,
            tokens=total.input_tokens + total.output_tokens,
            seconds=self._clock() - self._started,
            usd=self._cost() or 0.0,
        )
        return tuple(uses("review", self._caps, spent))

    def _seconds_left(self) -> float:
        if self._caps.seconds is None or not self._forbids:
            return math.inf
        return self._caps.seconds - (self._clock() - self._started)

    def _cost(self) -> float | None:
        prices = self._prices
        if not prices or any(model not in prices for model in self._usage):
            return None  # a sum without one model's share would read as the whole
        return sum(prices[model].of(usage) for model, usage in self._usage.items())


def _sum(*usages: TokenUsage) -> TokenUsage:
    return TokenUsage(
        input_tokens=sum(usage.input_tokens for usage in usages),
        cached_tokens=sum(usage.cached_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
    )
