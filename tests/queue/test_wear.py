"""When a process has served long enough."""

from __future__ import annotations

import threading

import pytest

from bot.errors import PermanentError
from workers.queue.wear import Lifetime, Wear, resident_bytes

ENDLESS = Lifetime(jobs=1_000_000, resident_bytes=1 << 50)


def served(wear: Wear, error: BaseException | None = None) -> str:
    wear.begin()
    if error is not None:
        wear.note_failure(error)
    return wear.end()


def test_it_serves_so_many_jobs() -> None:
    wear = Wear(Lifetime(jobs=3, resident_bytes=1 << 50))
    assert [served(wear), served(wear), served(wear)] == ["", "", "it did 3 jobs"]


def test_it_serves_while_it_is_small() -> None:
    held = resident_bytes() // 1024**2
    assert held > 1
    assert served(Wear(Lifetime(resident_bytes=1))).startswith("it holds ")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (PermanentError("the repository is gone"), ""),
        (ValueError("nobody foresaw this"), "a job ended with ValueError"),
    ],
)
def test_an_error_that_was_foreseen_leaves_nothing_behind(error: Exception, why: str) -> None:
    assert served(Wear(ENDLESS), error) == why


def test_a_thread_that_a_job_leaves_behind_is_found_and_an_older_one_is_not() -> None:
    ended = threading.Event()
    older = threading.Thread(target=ended.wait, name="older")
    forgotten = threading.Thread(target=ended.wait, name="forgotten")
    wear = Wear(ENDLESS)
    older.start()
    wear.begin()
    forgotten.start()
    try:
        assert wear.end() == "a job left the thread 'forgotten' behind"
        wear.begin()
        assert wear.end() == ""
    finally:
        ended.set()
