"""Installation tokens shared by the workers of one Redis: fewer mints.

They come sealed (`bot.github.sealed_tokens`): who reads this Redis cannot act as the App. Who
writes it can make workers run our jobs, so it is to be reachable by them alone
(`docs/security.md`).
"""

from __future__ import annotations

from collections.abc import Sequence

import redis

from bot.store.connection import KEY, store_errors

_PREFIX = f"{KEY}:token:"


class RedisTokenCache:
    """`TokenCache` over Redis; entries expire by themselves."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def get(self, key: str) -> str | None:
        """The text, unless it expired. Raises StoreUnavailable."""
        with store_errors("reading a token"):
            found = self._redis.get(_PREFIX + key)
        return found.decode() if isinstance(found, bytes) else found

    def put(self, key: str, text: str, seconds: float) -> None:
        """Keep it for so long. Raises StoreUnavailable."""
        with store_errors("keeping a token"):
            self._redis.set(_PREFIX + key, text, px=max(int(seconds * 1000), 1))

    def drop(self, key: str) -> None:
        """Forget it. Raises StoreUnavailable."""
        with store_errors("dropping a token"):
            self._redis.delete(_PREFIX + key)

    def forget(self, app_id: int, installation: int, repositories: Sequence[int] = ()) -> None:
        """Drop the tokens of these repositories, or of the whole installation: it was removed.

        Raises:
            StoreUnavailable: some may be left.
        """
        home = f"{_PREFIX}{app_id}/{installation}"
        with store_errors("dropping tokens"):
            for name in [str(number) for number in repositories] or ["*"]:
                for key in self._redis.scan_iter(match=f"{home}/{name}/*"):
                    self._redis.delete(key)
