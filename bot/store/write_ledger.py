"""Which writes to GitHub were begun and what id they got, for a month."""

from __future__ import annotations

from typing import Literal

import redis

from bot.store.connection import KEY, store_errors

_PREFIX = f"{KEY}:write:"
_KEPT_SECONDS = 30 * 24 * 3600


class RedisWriteLedger:
    """`WriteLedger` over Redis: an empty text stands for "begun, outcome not known"."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def begin(self, key: str) -> int | Literal["new", "unknown"]:
        """Say that the write begins now; what is known of it. Raises StoreUnavailable."""
        with store_errors(f"noting the write {key!r}"):
            if self._redis.set(_PREFIX + key, "", nx=True, ex=_KEPT_SECONDS):
                return "new"
            found = self._redis.get(_PREFIX + key)
        return int(found) if found else "unknown"

    def keep(self, key: str, id: int) -> None:
        """The write was done and got this id. Raises StoreUnavailable."""
        with store_errors(f"keeping the id of {key!r}"):
            self._redis.set(_PREFIX + key, str(id), ex=_KEPT_SECONDS)
