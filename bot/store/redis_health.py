"""Whether a Redis (or Valkey) keeps what it is given: for `plumbline doctor`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import redis

from bot.errors import StoreUnavailable


@dataclass(frozen=True, slots=True)
class RedisHealth:
    """What the server says of itself. `policy` is "" where it does not let itself be asked."""

    version: str
    append_only: bool
    policy: str


def redis_health(url: str, timeout_seconds: float = 5.0) -> RedisHealth:
    """Ask the server. Raises StoreUnavailable when it does not answer, or refuses the password."""
    client = redis.Redis.from_url(
        url, socket_timeout=timeout_seconds, socket_connect_timeout=timeout_seconds
    )
    try:
        facts = cast("Mapping[str, Any]", client.info("everything"))
        return RedisHealth(
            version=str(facts.get("valkey_version", facts.get("redis_version", "?"))),
            append_only=bool(facts.get("aof_enabled")),
            policy=str(facts.get("maxmemory_policy", "")),
        )
    except (redis.RedisError, OSError, ValueError) as error:
        raise StoreUnavailable(f"Redis does not answer: {error}") from error
    finally:
        client.close()
