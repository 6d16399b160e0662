"""What people mention, as the receiver knows it: asked of Redis at most once a minute."""

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
        self._known = DEFAULT_HANDLE
        self._asked_at: float | None = None

    async def get(self) -> str:
        """The handle, without `@`. Raises StoreUnavailable."""
        if self._configured:
            return self._configured
        now = self._clock()
        if self._asked_at is None or now - self._asked_at >= _FRESH_SECONDS:
            self._known = await read_handle(self._connection) or DEFAULT_HANDLE
            self._asked_at = now
        return self._known
