"""The connection to Redis or Valkey: where it is, its time limits, how its failures are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import redis
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from bot.errors import StoreUnavailable
from bot.settings import Settings
from bot.store.embedded import embedded_url

Connection = redis.Redis
AsyncConnection = redis.asyncio.Redis
"""What others hold and hand on; only this folder and the queue's worker know the client behind."""

KEY = "plumbline"
"""Prefix of every key of ours; RQ's own start with `rq:`."""

WORKER_SECONDS = 5.0
RECEIVER_SECONDS = 3.0
"""How long one command may take. GitHub waits ten seconds for the answer to a delivery."""


def redis_url(settings: Settings) -> str:
    """Where the server is: PLUMBLINE_REDIS_URL, or the socket of the embedded one."""
    return settings.redis_url or embedded_url(settings.data_dir)


def connect(url: str, seconds: float = WORKER_SECONDS) -> redis.Redis:
    """A client for workers, connected on first use. Replies are bytes, as RQ wants them."""
    return redis.Redis.from_url(
        url, socket_timeout=seconds, socket_connect_timeout=seconds, health_check_interval=30
    )


def connect_async(url: str, seconds: float = RECEIVER_SECONDS) -> redis.asyncio.Redis:
    """A client for the receiver: no repetition, so that a refusal is answered at once."""
    return redis.asyncio.Redis.from_url(
        url,
        socket_timeout=seconds,
        socket_connect_timeout=seconds,
        retry=Retry(NoBackoff(), 0),
    )


@contextmanager
def store_errors(doing: str) -> Iterator[None]:
    """Redis refused, timed out or is away -> StoreUnavailable, which says what was being done."""
    try:
        yield
    except (redis.RedisError, OSError) as error:
        raise StoreUnavailable(f"Redis failed while {doing}: {error}") from error
