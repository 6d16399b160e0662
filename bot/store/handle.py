"""The name that people mention. The App's slug is known to GitHub only: a worker asks and tells."""

from __future__ import annotations

from redis import Redis

from bot.store.connection import KEY

HANDLE_KEY = f"{KEY}:handle"
DEFAULT_HANDLE = "plumbline"


def store_handle(connection: Redis, slug: str) -> None:
    """Tell the receiver the App's slug."""
    connection.set(HANDLE_KEY, slug)


def stored_handle(connection: Redis) -> str | None:
    """What a worker told, if any did."""
    raw = connection.get(HANDLE_KEY)
    return raw.decode() if isinstance(raw, bytes) else None
