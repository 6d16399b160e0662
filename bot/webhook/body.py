"""Reading a request's body within bounds of size and time, whatever Content-Length claims."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
"""How an ASGI server hands over a request."""

MOST_BYTES = 25 * 1024 * 1024
"""GitHub's own cap on payloads: https://docs.github.com/en/webhooks/webhook-events-and-payloads"""
SECONDS = 10.0
MOST_BYTES_AT_ONCE = 8 * MOST_BYTES
"""Of all bodies that are being read: nobody has proved who they are yet."""


class BodyTooLarge(Exception):
    """More than `MOST_BYTES` were sent."""


class BodyTooSlow(Exception):
    """The body was not complete within `SECONDS`."""


class BodyCutOff(Exception):
    """The sender hung up before the body was complete."""


class NoRoom(Exception):
    """Too many bytes of other bodies are being read at this moment."""


class Room:
    """How many bytes of bodies may be in memory at once, over all connections."""

    def __init__(self, most: int = MOST_BYTES_AT_ONCE) -> None:
        self._left = most

    def take(self, size: int) -> None:
        """Raises NoRoom; what was taken is given back with `give_back`."""
        if size > self._left:
            raise NoRoom
        self._left -= size

    def give_back(self, size: int) -> None:
        """The bytes are gone from memory."""
        self._left += size


async def parts_of(receive: Receive) -> AsyncIterator[bytes]:
    """The body, part by part. https://asgi.readthedocs.io/en/stable/specs/www.html

    Raises:
        BodyCutOff: the sender hung up.
    """
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BodyCutOff
        yield message.get("body", b"")
        more = message.get("more_body", False)


async def read_body(
    stream: AsyncIterator[bytes], room: Room, most: int = MOST_BYTES, seconds: float = SECONDS
) -> bytes:
    """The whole body.

    Raises:
        BodyTooLarge, BodyTooSlow, BodyCutOff, NoRoom: nothing more is read.
    """
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for part in stream:
                room.take(len(part))
                size += len(part)
                if size > most:
                    raise BodyTooLarge
                parts.append(part)
    except TimeoutError as error:
        raise BodyTooSlow from error
    finally:
        room.give_back(size)
    return b"".join(parts)
