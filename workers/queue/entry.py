"""What RQ calls: one JSON object in; done, again later, or failed for good."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from redis.exceptions import RedisError
from rq import get_current_job
from rq.job import Job as RqJob
from rq.job import Retry

from bot.domain.jobs import Job, job_from_json, queue_of
from bot.environment import read_settings
from bot.errors import Superseded, TransientError
from bot.process_log import LOG
from bot.store.embedded import answers_within
from bot.store.leases import LeaseTaken
from workers.queue.attempts import is_last, wait_seconds
from workers.queue.leisure import at_leisure

if TYPE_CHECKING:
    from workers.bootstrap import World

Performer = Callable[[Job, int, bool], None]
"""Performs a job; the number of the attempt, from 1; whether it is the last one."""

_NO_LIMIT = 1_000_000
"""RQ counts what is tried again; we count the attempts ourselves (`_count`)."""


def run(raw: dict[str, Any]) -> Retry | None:
    """Perform one job. A returned `Retry` puts it back on its queue for later.

    Raises:
        Exception: whatever will not go away by trying again; the job is failed for good, which
            frees its delivery to be sent again.
    """
    rq_job = get_current_job()
    if rq_job is None:
        raise RuntimeError("workers.queue.entry.run is called by RQ only")
    attempt = _count(rq_job, 1)  # first, so that a killed one counts; without Redis RQ tries again
    name, began = f"{raw.get('kind')} {rq_job.id}", time.monotonic()
    try:
        retry = _attempt(job_from_json(raw), rq_job, attempt)
    except BaseException as error:
        rq_job.retries_left = 0
        _log(name, began, f"failed, {type(error).__name__}")
        raise
    finally:
        answers_within(rq_job.connection, _AWAY_SECONDS)  # RQ now writes down how it ended
    _log(name, began, "done" if retry is None else f"again in {retry.intervals[0]} s")
    return retry


_AWAY_SECONDS = 60.0
"""How long a Redis that is started again may take to read its file back."""


def _log(name: str, began: float, outcome: str) -> None:
    LOG.info("job %s: %s after %.1f s", name, outcome, time.monotonic() - began)


def _attempt(job: Job, rq_job: RqJob, attempt: int) -> Retry | None:
    last = is_last(queue_of(job), attempt)
    try:
        _performer(job, attempt, last)
    except LeaseTaken as error:
        with suppress(RedisError):
            _count(rq_job, -1)  # waiting for a turn is no attempt
        return Retry(_NO_LIMIT, wait_seconds(1, error.retry_after))
    except Superseded:
        return None
    except TransientError as error:
        if last:
            raise
        return Retry(_NO_LIMIT, wait_seconds(attempt, error.retry_after))
    return None


def _count(rq_job: RqJob, by: int) -> int:
    """Change the number of attempts, and give it.

    A field of its own: RQ's `meta` is written back as the worker knew it when a process is killed.
    """
    return int(rq_job.connection.hincrby(rq_job.key, "attempts", by))


def _in_the_world(job: Job, attempt: int, last: bool) -> None:
    """The world is this process's; the parsers, which read what a stranger wrote, are the job's."""
    from workers.jobs.perform import perform  # here: whoever resolves this module needs no world
    from workers.repository.index.parsers import renew_shared_parsers, shared_parsers

    world = _world()
    world.database.bring_forward()  # or refuse it: a later program may have opened it since
    jobs, queue = world.jobs, queue_of(job)
    try:
        if queue == "idle":
            at_leisure(lambda: perform(job, jobs, attempt, last))
        else:
            perform(job, jobs, attempt, last)
    finally:
        renew_shared_parsers()
        if queue in ("review", "mention"):
            shared_parsers().get_ready()  # for the next one: it starts while nobody waits


@cache
def _world() -> World:
    """Opened by the first job that can, and held: its connections serve all jobs of the process."""
    from workers.bootstrap import open_world

    return open_world(read_settings())


_performer: Performer = _in_the_world


def perform_with(performer: Performer) -> None:
    """Perform the jobs of this process with something else."""
    global _performer  # noqa: PLW0603 - RQ calls `run` by name, with nothing but the job
    _performer = performer
