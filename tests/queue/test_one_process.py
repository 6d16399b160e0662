"""A worker performs its jobs in its own process, under a supervisor: what may go wrong costs one
attempt, or one process, and nothing else."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bot.domain.jobs import ReviewPull, Trigger
from bot.store.queue import RedisQueue
from bot.store.rq_jobs import JOB_PREFIX, stable_id
from tests.fakes.pulls import PULL
from tests.fakes.valkey import Valkey, until
from tests.queue.jobs import Log, publish, status

HANGS = "worker: hangs, and was killed; its job will run again"


class Supervised:
    """A worker under a supervisor, and what that said."""

    def __init__(self, url: str, folder: Path) -> None:
        self._said, self._logged = folder / "said", folder / "logged"
        command = [sys.executable, "-m", "tests.queue.supervised_worker", url, str(folder)]
        with self._said.open("wb") as said, self._logged.open("wb") as logged:
            self.process = subprocess.Popen(command, stdout=said, stderr=logged)

    def said(self) -> list[str]:
        """The supervisor's lines after the first."""
        return self._said.read_text("utf-8").splitlines()[1:]

    def logged(self) -> str:
        """What the worker logged."""
        return self._logged.read_text("utf-8")


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


@pytest.fixture
def supervised(shared_valkey: Valkey, valkey: redis.Redis, tmp_path: Path) -> Iterator[Supervised]:
    started = Supervised(shared_valkey.url, tmp_path)
    yield started
    started.process.terminate()
    assert started.process.wait(20) == 0


def test_a_poison_review_is_set_apart_after_three_executions(
    supervised: Supervised, valkey: redis.Redis, log: Log
) -> None:
    job = ReviewPull(PULL, Trigger("mention", "die"))
    RedisQueue(valkey).enqueue(job)
    until(lambda: status(valkey, stable_id(job)) == "failed", seconds=60)
    assert log.attempts() == ["die attempt 1", "die attempt 2", "die attempt 3"]
    assert set(supervised.said()) == {"worker: ended with status -9; starting it again"}


@pytest.mark.parametrize(("word", "ended"), [("crash-once", -11), ("exit-once", 0)])
def test_a_job_that_takes_its_process_along_runs_again_in_another(
    supervised: Supervised, valkey: redis.Redis, log: Log, word: str, ended: int
) -> None:
    publish(valkey, word)
    until(lambda: log.has(f"{word} done"))
    assert log.attempts() == [f"{word} attempt 1", f"{word} attempt 2"]
    assert supervised.said() == [f"worker: ended with status {ended}; starting it again"]


def test_a_job_that_holds_the_interpreter_is_killed_and_runs_again(
    supervised: Supervised, valkey: redis.Redis, log: Log
) -> None:
    publish(valkey, "backtrack-once")
    until(lambda: log.has("backtrack-once done"), seconds=60)
    assert log.attempts() == ["backtrack-once attempt 1", "backtrack-once attempt 2"]
    assert supervised.said() == [HANGS, "worker: ended with status -9; starting it again"]


def test_who_stood_still_together_with_its_supervisor_is_not_taken_for_hung(
    supervised: Supervised, valkey: redis.Redis, log: Log
) -> None:
    """As in a container that is paused, or on a machine that has no time for either."""
    publish(valkey, "slow")
    until(lambda: log.has(r"slow attempt 1 pid \d+"))
    both = [supervised.process.pid, log.pid("slow attempt 1")]
    for pid in both:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(4)  # longer than it waits for a proof
    for pid in both:
        os.kill(pid, signal.SIGCONT)
    until(lambda: log.has("slow done"))
    assert supervised.said() == []


def test_a_job_that_does_not_hear_that_its_time_is_over_is_killed(
    supervised: Supervised, valkey: redis.Redis, log: Log
) -> None:
    job = publish(valkey, "deaf-once", delay_seconds=0.5)
    valkey.hset(JOB_PREFIX + job, "timeout", 1)
    until(lambda: log.has("deaf-once done"), seconds=60)
    assert log.attempts() == ["deaf-once attempt 1", "deaf-once attempt 2"]
    assert supervised.said() == [HANGS, "worker: ended with status -9; starting it again"]


def test_a_job_that_ends_when_its_time_is_over_has_failed_and_ends_its_process(
    supervised: Supervised, valkey: redis.Redis, log: Log
) -> None:
    job = publish(valkey, "hang-once", delay_seconds=0.5)
    valkey.hset(JOB_PREFIX + job, "timeout", 1)
    until(lambda: status(valkey, job) == "failed")
    publish(valkey, "plain")
    until(lambda: log.has("plain done"))
    assert log.pid("plain attempt 1") != log.pid("hang-once attempt 1")
    assert supervised.said() == [], "to start afresh is no failure"


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("bug", "a job ended with ZeroDivisionError"),
        ("thread", "a job left the thread 'forgotten' behind"),
        ("grow", r"it holds \d+ MB"),
    ],
)
def test_what_may_have_left_something_behind_is_the_last_job_of_its_process(
    supervised: Supervised, valkey: redis.Redis, log: Log, word: str, why: str
) -> None:
    publish(valkey, word)
    until(lambda: log.has(rf"{word} attempt 1 pid \d+"))
    publish(valkey, "plain")
    until(lambda: log.has("plain done"))
    assert log.pid("plain attempt 1") != log.pid(f"{word} attempt 1")
    assert re.search(f"plumbline: a worker starts afresh: {why}\n", supervised.logged())
    assert supervised.said() == []


def test_a_process_serves_so_many_jobs_and_no_more(
    supervised: Supervised, valkey: redis.Redis, log: Log
) -> None:
    jobs = [f"plain {number}" for number in range(12)]
    for job in jobs:
        publish(valkey, job)
    until(lambda: log.has("plain 11 done"))
    served = [log.pid(f"{job} attempt 1") for job in jobs]
    assert [served.count(pid) for pid in dict.fromkeys(served)] == [5, 5, 2]
    assert supervised.said() == []


def test_a_second_signal_ends_it_in_the_middle_of_a_job_which_is_not_lost(
    supervised: Supervised, valkey: redis.Redis, log: Log
) -> None:
    publish(valkey, "hang-once")
    until(lambda: log.has(r"hang-once attempt 1 pid \d+"))
    worker = log.pid("hang-once attempt 1")
    os.kill(worker, signal.SIGTERM)

    def killed_by_another() -> bool:  # one within a second of the first is taken for the same
        if Path(f"/proc/{worker}/cmdline").exists():
            os.kill(worker, signal.SIGTERM)
        return log.has("hang-once done")

    until(killed_by_another)
    assert log.attempts() == ["hang-once attempt 1", "hang-once attempt 2"]
