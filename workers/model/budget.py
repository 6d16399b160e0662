"""What one review may spend on models, and what it has spent. Shared by the rooms' threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.conversation import ModelAnswer, TokenUsage
from bot.domain.review import ReviewUsage
from bot.errors import LimitExceeded


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


class Budget:
    """Caps on calls, tokens and seconds.

    A call is counted when it starts, so parallel rooms cannot exceed `max_calls`. Tokens are known
    only when an answer is in: calls that are under way when `max_tokens` is reached still finish.
    """

    def __init__(
        self,
        max_calls: int,
        max_tokens: int,
        deadline: float,
        prices: Mapping[str, Price] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`deadline` is an instant of `clock`, in seconds; `max_tokens` counts input and output."""
        self._max_calls = max_calls
        self._max_tokens = max_tokens
        self._deadline = deadline
        self._prices = prices
        self._clock = clock
        self._started = clock()
        self._lock = threading.Lock()
        self._calls = 0
        self._usage: dict[str, TokenUsage] = {}

    def start_call(self) -> float:
        """Count one model call; return the seconds that it may take.

        Raises:
            LimitExceeded: the calls, tokens or seconds are used up.
        """
        with self._lock:
            left = self._deadline - self._clock()
            if self._calls >= self._max_calls:
                raise LimitExceeded(f"All {self._max_calls} model calls of this review are used.")
            if self._tokens() >= self._max_tokens:
                raise LimitExceeded(f"All {self._max_tokens} tokens of this review are used.")
            if left <= 0:
                raise LimitExceeded("The time for this review is used up.")
            self._calls += 1
            return left

    def charge(self, answer: ModelAnswer) -> None:
        """Add what an answer cost to what its model has cost so far."""
        with self._lock:
            before = self._usage.get(answer.model, TokenUsage())
            self._usage[answer.model] = _sum(before, answer.usage)

    @property
    def calls_left(self) -> int:
        """Model calls that may still start."""
        with self._lock:
            return self._max_calls - self._calls

    @property
    def models(self) -> tuple[str, ...]:
        """The models that answered, in the order of their first answer."""
        with self._lock:
            return tuple(self._usage)

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

    def _tokens(self) -> int:
        return sum(usage.input_tokens + usage.output_tokens for usage in self._usage.values())

    def _cost(self) -> float | None:
        prices = self._prices
        if prices is None or any(model not in prices for model in self._usage):
            return None  # a sum without one model's share would read as the whole
        return sum(prices[model].of(usage) for model, usage in self._usage.items())


def _sum(*usages: TokenUsage) -> TokenUsage:
    return TokenUsage(
        input_tokens=sum(usage.input_tokens for usage in usages),
        cached_tokens=sum(usage.cached_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
    )
