"""How often and when a job is tried again."""

from __future__ import annotations

import importlib

import pytest

from bot.store.rq_jobs import ENTRY
from workers.queue.attempts import is_last, wait_seconds
from workers.queue.processes import ProcessId


def test_waits_grow_and_end() -> None:
    assert [wait_seconds(attempt, None) for attempt in range(1, 8)] == [
        5,
        20,
        60,
        300,
        900,
        900,
        900,
    ]


@pytest.mark.parametrize(("asked", "waited"), [(0.0, 1), (1.2, 2), (120.0, 120), (1e9, 3600)])
def test_the_other_side_decides_within_an_hour(asked: float, waited: int) -> None:
    assert wait_seconds(1, asked) == waited


def test_posting_is_tried_for_hours_and_reviews_are_not() -> None:
    assert (is_last("review", 4), is_last("review", 5)) == (False, True)
    hours = sum(wait_seconds(attempt, None) for attempt in range(1, 24)) / 3600
    assert not is_last("publish", 23)
    assert is_last("publish", 24)
    assert 4 < hours < 6


def test_the_name_that_the_receiver_enqueues_resolves() -> None:
    module, _, name = ENTRY.rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))


def test_a_process_is_written_and_read_back() -> None:
    process = ProcessId("host-1", 42, "123")
    assert ProcessId.parse(str(process)) == process
    assert ProcessId.parse(f"{process}|a1b2c3d4") == process
    assert ProcessId.parse("a1b2c3d4") is None
