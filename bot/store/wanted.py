"""What is wanted of each pull request, as the deliveries said last, and who works on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from redis import Redis
from rq import get_current_job

from bot.domain.identifiers import Sha
from bot.domain.jobs import WantedState
from bot.domain.pull_request import PullRef
from bot.errors import Superseded
from bot.store.connection import KEY, store_errors
from bot.store.leases import LEASE_SECONDS, Lease, Leases
from bot.store.rq_jobs import script

KEEP_SECONDS = 90 * 24 * 3600
"""A pull request of which nothing was heard for so long starts anew."""

_BEGIN = """
-- The review that waited has begun: whatever comes now must ask for another.
local stopped = '0'
for _, kind in ipairs({'event', 'retargeted', 'edited'}) do
  if ARGV[1] ~= '' and redis.call('HGET', KEYS[1], 'waiting:' .. kind) == ARGV[1] then
    redis.call('HDEL', KEYS[1], 'waiting:' .. kind)
  end
  if redis.call('HGET', KEYS[1], 'stopped:' .. kind) == ARGV[1] then stopped = '1' end
end
return {stopped, redis.call('HMGET', KEYS[1], unpack(ARGV, 2))}
"""

_STOP_WAITING = script("""
-- A review that waits, for a worker or for more pushes, is stopped as it begins.
local found = 0
for _, kind in ipairs({'event', 'retargeted', 'edited'}) do
  local id = redis.call('HGET', KEYS[1], 'waiting:' .. kind)
  if id and waits(id) then
    redis.call('HSET', KEYS[1], 'stopped:' .. kind, id, 'stopped_by', ARGV[1])
    found = 1
  end
end
return found
""")

_FIELDS = ("head", "generation", "closed", "paused_by", "stops", "stopped_by")


def wanted_key(ref: PullRef) -> str:
    """The hash that holds what is wanted (`_FIELDS`), and the reviews that wait."""
    return f"{KEY}:wanted:{ref.key}"


def _running_job() -> str:
    job = get_current_job()
    return job.id if job is not None else ""


class RedisWanted:
    """`ports.Wanted` on Redis. `running_job` gives the id of the job that is being performed."""

    def __init__(
        self,
        connection: Redis,
        running_job: Callable[[], str] = _running_job,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._connection, self._running_job = connection, running_job
        self._leases, self._lease_seconds = Leases(connection), lease_seconds
        self._held: dict[str, Lease] = {}
        self._begin: Any = connection.register_script(_BEGIN)
        self._stop_waiting: Any = connection.register_script(_STOP_WAITING)

    @contextmanager
    def hold(self, ref: PullRef) -> Iterator[WantedState]:
        """Begin work on a pull request, alone; gives what is wanted at that moment.

        Raises:
            LeaseTaken: somebody else works on it; the request stays as it was.
            StoreUnavailable: Redis does not answer.
        """
        job = self._running_job()
        with self._leases.hold(ref.key, self._lease_seconds, owner=job) as lease:
            with store_errors(f"beginning work on {ref}"):
                stopped, fields = self._begin(keys=[wanted_key(ref)], args=[job, *_FIELDS])
            self._held[ref.key] = lease
            try:
                yield replace(_state(fields), stopped=stopped == b"1")
            finally:
                del self._held[ref.key]

    def current(self, ref: PullRef) -> WantedState:
        """What is wanted now: one round trip.

        Raises:
            Superseded: this process held the pull request and lost it to another.
            StoreUnavailable: Redis does not answer.
        """
        lease = self._held.get(ref.key)
        if lease is not None and lease.lost:
            raise Superseded(f"another worker took over {ref}")
        with store_errors(f"reading what is wanted of {ref}"):
            fields = self._connection.hmget(wanted_key(ref), _FIELDS)
        return _state(fields)

    def pause(self, ref: PullRef, by: str) -> None:
        """No automatic reviews from now on; `by` "": they go on. Raises StoreUnavailable."""
        self._set(ref, {"paused_by": by})

    def stop(self, ref: PullRef, by: str) -> bool:
        """Stop the review that is being made, and what waits; whether there is one.

        What waits is looked at first: if it begins meanwhile, it is seen as being made.

        Raises:
            StoreUnavailable: Redis does not answer.
        """
        with store_errors(f"stopping what waits of {ref}"):
            waited = bool(self._stop_waiting(keys=[wanted_key(ref)], args=[by]))
        running = self._leases.held(ref.key)
        if running:
            self._set(ref, {"stopped_by": by}, count="stops")
        return waited or running

    def reviewing(self, ref: PullRef) -> bool:
        """Whether a review is being made. Raises StoreUnavailable."""
        return self._leases.held(ref.key)

    def _set(self, ref: PullRef, fields: dict[str, str], count: str = "") -> None:
        key = wanted_key(ref)
        with (
            store_errors(f"writing what is wanted of {ref}"),
            self._connection.pipeline(transaction=True) as pipeline,
        ):
            for name, value in fields.items():
                pipeline.hset(key, name, value)
            if count:
                pipeline.hincrby(key, count)
            pipeline.expire(key, KEEP_SECONDS)
            pipeline.execute()


def _state(fields: Sequence[Any]) -> WantedState:
    head, generation, closed, paused_by, stops, stopped_by = fields
    return WantedState(
        head=Sha(head.decode()) if head else None,
        generation=int(generation or 0),
        closed=closed == b"1",
        paused_by=(paused_by or b"").decode(),
        stops=int(stops or 0),
        stopped_by=(stopped_by or b"").decode(),
    )
