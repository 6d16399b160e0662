"""Which writes to GitHub were begun and what id they got, for a month."""

from __future__ import annotations

from typing import Literal

import redis

from bot.errors import StoreUnavailable

_PREFIX = "plumbline:write:"
_KEPT_SECONDS = 30 * 24 * 3600


class RedisWriteLedger:
    """`WriteLedger` over Redis: an empty text stands for "begun, outcome not known"."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def begin(self, key: str) -> int | Literal["new", "unknown"]:
        """Say that the write begins now; what is known of it. Raises StoreUnavailable."""
        try:
            if self._redis.set(_PREFIX + key, "", nx=True, ex=_KEPT_SECONDS):
                return "new"
            found = self._redis.get(_PREFIX + key)
        except redis.RedisError as error:
            raise StoreUnavailable(f"Redis did not take note of {key!r}: {error!r}") from error
        return int(found) if found else "unknown"

    def keep(self, key: str, id: int) -> None:
        """The write was done and got this id. Raises StoreUnavailable."""
        try:
            self._redis.set(_PREFIX + key, str(id), ex=_KEPT_SECONDS)
        except redis.RedisError as error:
            raise StoreUnavailable(f"Redis did not keep the id of {key!r}: {error!r}") from error
