"""What a review may spend."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from bot.domain.conversation import ModelAnswer, TokenUsage
from bot.domain.review import ReviewUsage
from bot.errors import LimitExceeded
from workers.model.budget import Budget, Price


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
    budget = Budget(10, 1_000_000, deadline=160.0, prices=prices, clock=clock)
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
    budget = Budget(10, 1_000, deadline=160.0, prices={"big": Price(1, 1, 1)}, clock=Clock())
    budget.charge(answer("other", 1, 0, 1))
    assert budget.spent.cost_usd is None
    assert Budget(1, 1, 160.0, clock=Clock()).spent.cost_usd is None


def test_each_cap_stops_the_next_call() -> None:
    clock = Clock()
    calls = Budget(1, 1_000, deadline=160.0, clock=clock)
    calls.start_call()
    with pytest.raises(LimitExceeded, match="All 1 model calls"):
        calls.start_call()
    tokens = Budget(9, 1_000, deadline=160.0, clock=clock)
    tokens.charge(answer("m", 900, 0, 100))
    with pytest.raises(LimitExceeded, match="All 1000 tokens"):
        tokens.start_call()
    clock.now = 160.0
    with pytest.raises(LimitExceeded, match="time for this review"):
        Budget(9, 1_000, deadline=160.0, clock=clock).start_call()


def test_rooms_in_parallel_cannot_start_more_calls_than_allowed() -> None:
    budget = Budget(100, 1_000_000, deadline=160.0, clock=Clock())
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
