"""Deliveries: claimed, recorded and enqueued in one atomic step (`inbox.lua`).

A delivery is known if its GUID or the hash of its body was seen in three days: GitHub keeps the
GUID when it delivers again, and a replay by somebody else keeps the signed body.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from importlib.resources import files
from typing import Literal

import redis.asyncio
from redis import Redis
from redis.exceptions import RedisError

from bot.domain.identifiers import DeliveryId, Sha
from bot.domain.jobs import Job
from bot.domain.pull_request import PullRef
from bot.errors import StoreUnavailable
from bot.store.connection import KEY
from bot.store.queue import prepared
from bot.store.wanted import wanted_key

CLAIM_SECONDS = 3 * 24 * 3600
GATHER_SECONDS = 10
LONGEST_GATHER_SECONDS = 60
COUNTERS = f"{KEY}:counters"

_SCRIPT = files("bot.store").joinpath("inbox.lua").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a delivery says about a pull request. None: it says nothing of that."""

    pull: PullRef
    head: Sha | None = None
    closed: bool | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A job to enqueue. `gather`: wait for further pushes, and join a job that waits already."""

    job: Job
    gather: bool = False


class Inbox:
    """The receiver's only way to write."""

    def __init__(self, connection: redis.asyncio.Redis, jobs: Redis) -> None:
        """`jobs` is only named in the prepared jobs; nothing is sent over it."""
        self._jobs = jobs
        self._script = connection.register_script(_SCRIPT)

    async def accept(
        self, delivery: DeliveryId, body: bytes, wish: Wish | None, planned: Sequence[Planned]
    ) -> Literal["accepted", "known"]:
        """Claim the delivery and enqueue its jobs.

        Raises:
            StoreUnavailable: Redis refused or did not answer; nothing was claimed.
        """
        claims = claim_keys(delivery, body)
        keys = [*claims, wanted_key(wish.pull) if wish else "", COUNTERS]
        arguments = [*_wish_arguments(wish), str(len(planned))]
        for plan in planned:
            arguments += self._job_arguments(plan, claims)
        try:
            done = await self._script(keys=keys, args=arguments)
        except (RedisError, OSError) as error:
            raise StoreUnavailable(f"Redis refused the delivery: {error}") from error
        return "accepted" if done else "known"

    def _job_arguments(self, plan: Planned, claims: tuple[str, ...]) -> list[str | bytes]:
        ready = prepared(plan.job, self._jobs, claims)
        flat: list[str | bytes] = []
        for name, value in ready.fields.items():
            flat += [name, _stored(value)]
        rule = "gather" if plan.gather else "now"
        return [ready.queue, ready.id, rule, str(len(flat)), *flat]


def _stored(value: object) -> str | bytes:
    """A field as redis-py would send it; `str` of an enum member would be its name."""
    if isinstance(value, bytes):
        return value
    return str(value.value if isinstance(value, Enum) else value)


def claim_keys(delivery: DeliveryId, body: bytes) -> tuple[str, str]:
    """The keys that mark a delivery as known."""
    digest = hashlib.sha256(body).hexdigest()
    return f"{KEY}:delivery:{delivery}", f"{KEY}:body:{digest}"


def _wish_arguments(wish: Wish | None) -> list[str | bytes]:
    closed = "" if wish is None or wish.closed is None else str(int(wish.closed))
    head = wish.head if wish is not None and wish.head is not None else ""
    gather = [str(GATHER_SECONDS), str(LONGEST_GATHER_SECONDS)]
    return [str(CLAIM_SECONDS), str(time.time()), head, closed, *gather]
