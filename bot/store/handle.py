"""The name that people mention. The App's slug is known to GitHub only: a worker asks and tells."""

from __future__ import annotations

import redis.asyncio
from redis import Redis

from bot.store.connection import KEY, store_errors

HANDLE_KEY = f"{KEY}:handle"
DEFAULT_HANDLE = "plumbline"


def store_handle(connection: Redis, slug: str) -> None:
    """Tell the receivers the App's slug. Raises StoreUnavailable."""
    with store_errors("storing the handle"):
        connection.set(HANDLE_KEY, slug)


def stored_handle(connection: Redis) -> str | None:
    """What a worker told, if any did. Raises StoreUnavailable."""
    with store_errors("reading the handle"):
        return _text(connection.get(HANDLE_KEY))


async def read_handle(connection: redis.asyncio.Redis) -> str | None:
    """The same for the receiver. Raises StoreUnavailable."""
    with store_errors("reading the handle"):
        return _text(await connection.get(HANDLE_KEY))


def _text(raw: object) -> str | None:
    return raw.decode() if isinstance(raw, bytes) else None
