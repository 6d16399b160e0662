"""Reading a request's body within bounds of size and time, whatever Content-Length claims."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

MOST_BYTES = 25 * 1024 * 1024
"""GitHub's own cap on payloads: https://docs.github.com/en/webhooks/webhook-events-and-payloads"""
SECONDS = 10.0


class BodyTooLarge(Exception):
    """More than `MOST_BYTES` were sent."""


class BodyTooSlow(Exception):
    """The body was not complete within `SECONDS`."""


async def read_body(
    stream: AsyncIterator[bytes], most: int = MOST_BYTES, seconds: float = SECONDS
) -> bytes:
    """The whole body.

    Raises:
        BodyTooLarge, BodyTooSlow: nothing more is read.
    """
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for part in stream:
                size += len(part)
                if size > most:
                    raise BodyTooLarge
                parts.append(part)
    except TimeoutError as error:
        raise BodyTooSlow from error
    return b"".join(parts)
