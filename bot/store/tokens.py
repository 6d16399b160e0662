"""Installation tokens shared by the workers of one Redis: fewer mints.

They come sealed (`bot.github.sealed_tokens`): who reads this Redis cannot act as the App. Who
writes it can make workers run our jobs, so it is to be reachable by them alone
(`docs/security.md`).
"""

from __future__ import annotations

from collections.abc import Sequence

import redis

from bot.errors import StoreUnavailable

_PREFIX = "plumbline:token:"


class RedisTokenCache:
    """`TokenCache` over Redis; entries expire by themselves."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def get(self, key: str) -> str | None:
        """The text, unless it expired. Raises StoreUnavailable."""
        try:
            found = self._redis.get(_PREFIX + key)
        except redis.RedisError as error:
            raise StoreUnavailable(f"Redis did not give a token: {error!r}") from error
        return found.decode() if isinstance(found, bytes) else found

    def put(self, key: str, text: str, seconds: float) -> None:
        """Keep it for so long. Raises StoreUnavailable."""
        try:
            self._redis.set(_PREFIX + key, text, px=max(int(seconds * 1000), 1))
        except redis.RedisError as error:
            raise StoreUnavailable(f"Redis did not keep a token: {error!r}") from None

    def drop(self, key: str) -> None:
        """Forget it. Raises StoreUnavailable."""
        try:
            self._redis.delete(_PREFIX + key)
        except redis.RedisError as error:
            raise StoreUnavailable(f"Redis did not drop a token: {error!r}") from error

    def forget(self, app_id: int, installation: int, repositories: Sequence[int] = ()) -> None:
        """Drop the tokens of these repositories, or of the whole installation: it was removed.

        Raises:
            StoreUnavailable: some may be left.
        """
        home = f"{_PREFIX}{app_id}/{installation}"
        try:
            for name in [str(number) for number in repositories] or ["*"]:
                for key in self._redis.scan_iter(match=f"{home}/{name}/*"):
                    self._redis.delete(key)
        except redis.RedisError as error:
            raise StoreUnavailable(f"Redis did not drop the tokens: {error!r}") from error
