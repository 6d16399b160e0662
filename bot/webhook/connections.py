"""HTTP/1.1 that waits for a request only so long.

uvicorn bounds the pause between two requests, not the time that a head takes to arrive: a thousand
silent connections would hold every place of `limit_concurrency`, and GitHub would be refused.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""From the connection, or from the first byte of a further request, to the end of its head."""


class ImpatientProtocol(H11Protocol):
    """Closes a connection on which no whole head arrives in `HEAD_SECONDS`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as uvicorn declares it
        super().__init__(*args, **kwargs)
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._wait_or_rest()

    def data_received(self, data: bytes) -> None:
        """A part of a head, a body or several requests."""
        super().data_received(data)
        self._wait_or_rest()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more will come."""
        self._rest()
        super().connection_lost(exc)

    def _wait_or_rest(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._rest()  # a request is being answered: its body has a deadline of its own
        elif self._waiting is None:
            self._waiting = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _rest(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
