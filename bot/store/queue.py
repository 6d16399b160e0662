"""Work for later: the workers' side of the queue (`ports.Queue`), and its depths."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import redis.asyncio
from redis import Redis

from bot.domain.jobs import Job
from bot.store.connection import store_errors
from bot.store.rq_jobs import (
    FAILED_PREFIX,
    QUEUE_NAMES,
    QUEUE_PREFIX,
    SCHEDULED_PREFIX,
    prepare,
    script,
    stable_id,
)

_ENQUEUE_ONCE = script("""
-- ARGV: due (0: now), id, queue, number of fields, fields...
if waits(ARGV[2]) then return 0 end
enqueue(ARGV[2], ARGV[3], {unpack(ARGV, 5)}, tonumber(ARGV[1]))
return 1
""")


class RedisQueue:
    """`ports.Queue` on RQ. A job that waits or runs already is not enqueued a second time."""

    def __init__(self, connection: Redis, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._connection = connection
        self._enqueue: Any = connection.register_script(_ENQUEUE_ONCE)

    def enqueue(self, job: Job, delay_seconds: float = 0.0) -> None:
        """Put a job on its queue, at once or in so many seconds. Raises StoreUnavailable."""
        prepared = prepare(job, stable_id(job))
        due = self._clock() + delay_seconds if delay_seconds > 0 else 0
        with store_errors(f"enqueuing {job.kind}"):
            self._enqueue(args=[due, *prepared.arguments()])

    def somebody_waits(self) -> bool:
        """Whether there is other work than that of the idle queue. Raises StoreUnavailable."""
        with store_errors("looking whether somebody waits"):
            for name in (name for name in QUEUE_NAMES if name != "idle"):
                due: Any = self._connection.zcount(
                    f"{SCHEDULED_PREFIX}{name}", "-inf", self._clock()
                )
                if due or self._connection.llen(f"{QUEUE_PREFIX}{name}"):
                    return True
        return False


async def queue_depths(connection: redis.asyncio.Redis) -> dict[tuple[str, str], int]:
    """(queue, state) -> number of jobs; states: waiting, scheduled, failed.

    Raises:
        StoreUnavailable: Redis does not answer.
    """
    with store_errors("counting the queues"):
        async with connection.pipeline(transaction=False) as pipeline:
            for name in QUEUE_NAMES:
                pipeline.llen(f"{QUEUE_PREFIX}{name}")
                pipeline.zcard(f"{SCHEDULED_PREFIX}{name}")
                pipeline.zcard(f"{FAILED_PREFIX}{name}")
            counts = iter(await pipeline.execute())
    states = ("waiting", "scheduled", "failed")
    return {(name, state): next(counts) for name in QUEUE_NAMES for state in states}
