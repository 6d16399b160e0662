"""One way to reach Redis (or Valkey), with bounds on every wait."""

from __future__ import annotations

import redis
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

KEY = "plumbline"
"""Prefix of every key of ours; RQ's own start with `rq:`."""

_SECONDS = 5.0


def connect(url: str, seconds: float = _SECONDS) -> redis.Redis:
    """A client for workers: answers are bytes, as RQ needs them."""
    return redis.Redis.from_url(
        url, socket_timeout=seconds, socket_connect_timeout=seconds, health_check_interval=30
    )


def connect_worker(url: str) -> redis.Redis:
    """A client for RQ's blocking reads: the time-out of a read is RQ's to choose."""
    return redis.Redis.from_url(url, socket_connect_timeout=_SECONDS, health_check_interval=30)


def connect_async(url: str, seconds: float = 2.0) -> redis.asyncio.Redis:
    """A client for the receiver: no repetition, so that a refusal is answered at once."""
    return redis.asyncio.Redis.from_url(
        url,
        socket_timeout=seconds,
        socket_connect_timeout=seconds,
        retry=Retry(NoBackoff(), 0),
    )
