"""What a review may spend."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from bot.domain.budget import Allowance, CapUse, Price
from bot.domain.conversation import ModelAnswer, TokenUsage
from bot.domain.review import ReviewUsage
from bot.errors import LimitExceeded
from workers.model.budget import Budget


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def answer(model: str, spent: int, cached: int, made: int) -> ModelAnswer:
    return ModelAnswer("", model=model, usage=TokenUsage(spent, cached, made))


def test_what_was_spent_is_summed_over_models_and_priced() -> None:
    clock = Clock()
    prices = {"big": Price(2.0, 0.5, 10.0), "small": Price(0.2, 0.1, 1.0)}
    budget = Budget(Allowance(10, 1_000_000, 60.0), prices, clock=clock)
    assert budget.start_call() == 60.0
    budget.charge(answer("big", 10_000, 4_000, 1_000))
    clock.now = 112.5
    assert budget.start_call() == 47.5
    budget.charge(answer("small", 1_000, 0, 500))
    spent = budget.spent
    assert replace(spent, cost_usd=round(spent.cost_usd or 0, 9)) == ReviewUsage(
        model_calls=2,
        input_tokens=11_000,
        cached_tokens=4_000,
        output_tokens=1_500,
        seconds=12.5,
        cost_usd=0.0247,
    )
    assert budget.models == ("big", "small")


def test_a_model_without_a_price_makes_the_sum_unknown() -> None:
    budget = Budget(Allowance(), {"big": Price(1, 1, 1)})
    budget.charge(answer("other", 1, 0, 1))
    assert budget.spent.cost_usd is None
    assert Budget(Allowance()).spent.cost_usd is None


@pytest.mark.parametrize(
    ("caps", "said"),
    [
        (Allowance(calls=1), "1 of 1 model calls of this review are used"),
        (Allowance(tokens=1_000), "1,000 of 1,000 tokens of this review are used"),
        (Allowance(seconds=60), "60 of 60 seconds of this review are used"),
        (Allowance(usd=0.01), "$0.01 of $0.01 of this review are used"),
    ],
)
def test_each_cap_stops_the_next_call_and_is_told(caps: Allowance, said: str) -> None:
    clock = Clock()
    budget = Budget(caps, {"m": Price(10, 10, 10)}, clock=clock)
    budget.start_call()
    budget.charge(answer("m", 900, 0, 100))
    clock.now += 60
    with pytest.raises(LimitExceeded) as refused:
        budget.start_call()
    assert str(refused.value) == budget.stopped == f"stopped by budget: {said}"
    assert (budget.spent.model_calls, len(budget.caps)) == (1, 1)


def test_a_cap_is_shown_when_it_is_near() -> None:
    budget = Budget(Allowance(calls=5, tokens=1_000))
    for _ in range(4):
        budget.start_call()
    assert budget.caps == (CapUse("review", "calls", 4, 5),)


def test_money_is_not_spent_where_it_cannot_be_counted() -> None:
    """A cap that cannot be kept forbids: the other way somebody would pay for a guess."""
    unpriced = Budget(Allowance(usd=5.0))
    with pytest.raises(LimitExceeded, match="money is capped, but no price is known"):
        unpriced.start_call()
    other = Budget(Allowance(usd=5.0), {"big": Price(1, 1, 1)})
    other.charge(answer("small", 1, 0, 1))
    with pytest.raises(LimitExceeded, match="the price of 'small' is not known") as refused:
        other.start_call()
    assert "PLUMBLINE_PRICES" in str(refused.value)


def test_rooms_in_parallel_cannot_start_more_calls_than_allowed() -> None:
    budget = Budget(Allowance(100))
    refused: list[LimitExceeded] = []

    def room() -> None:
        for _ in range(50):
            try:
                budget.start_call()
            except LimitExceeded as error:
                refused.append(error)
            else:
                budget.charge(answer("m", 1, 0, 1))

    rooms = [threading.Thread(target=room) for _ in range(4)]
    for thread in rooms:
        thread.start()
    for thread in rooms:
        thread.join()
    spent = budget.spent
    assert (spent.model_calls, spent.input_tokens, len(refused)) == (100, 100, 100)
