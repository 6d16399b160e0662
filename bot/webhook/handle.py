"""What people mention, as the receiver knows it: once told, asked of Redis once a minute."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.store.connection import AsyncConnection
from bot.store.handle import DEFAULT_HANDLE, read_handle

_FRESH_SECONDS = 60.0


class Handle:
    """The operator's handle, else the App's slug as a worker stored it, else the default."""

    def __init__(
        self,
        configured: str,
        connection: AsyncConnection,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._configured, self._connection, self._clock = configured, connection, clock
        self._told: str | None = None
        self._asked_at = 0.0

    async def get(self) -> str:
        """The handle, without `@`. Raises StoreUnavailable."""
        if self._configured:
            return self._configured
        now = self._clock()
        if self._told is None or now - self._asked_at >= _FRESH_SECONDS:
            self._told, self._asked_at = await read_handle(self._connection), now
        return self._told or DEFAULT_HANDLE
