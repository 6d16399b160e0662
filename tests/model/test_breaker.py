"""When a failing model is left alone, and when it is tried again."""

from __future__ import annotations

from workers.model.breaker import Breaker


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_opens_after_failures_in_a_row_and_lets_one_try_after_the_pause() -> None:
    clock = Clock()
    breaker = Breaker(failures=2, pause_seconds=60.0, clock=clock)
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    clock.now = 60.0
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.failed()
    clock.now = 119.0
    assert not breaker.allows()
    clock.now = 120.0
    assert breaker.allows()
    breaker.succeeded()
    assert [breaker.allows(), breaker.allows()] == [True, True]


def test_a_success_between_failures_keeps_it_closed() -> None:
    breaker = Breaker(failures=2, clock=Clock())
    for _ in range(5):
        breaker.failed()
        breaker.succeeded()
    assert breaker.allows()
