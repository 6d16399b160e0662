"""How fast one installation may write.

GitHub's secondary limits allow about 80 content-creating requests a minute and 500 an hour:
https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from bot.errors import GitHubUnavailable

LIMITS: tuple[tuple[int, float], ...] = ((80, 60.0), (500, 3600.0))
"""(writes, in seconds): each must hold over every window of that length."""


class WritePace(Protocol):
    """A bucket of writes for each installation."""

    def take(self, installation: int, writes: int) -> float:
        """Take room for so many writes at once: 0, or the seconds until there will be room."""


class MemoryWritePace:
    """For terminal use and tests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._written: dict[int, deque[float]] = {}

    def take(self, installation: int, writes: int) -> float:
        """See `WritePace.take`."""
        now = self._clock()
        written = self._written.setdefault(installation, deque())
        while written and written[0] <= now - LIMITS[-1][1]:
            written.popleft()
        wait = max(_wait(written, now, writes, *limit) for limit in LIMITS)
        if wait <= 0:
            written.extend([now] * writes)
        return wait


def _wait(written: deque[float], now: float, writes: int, most: int, window: float) -> float:
    recent = [at for at in written if at > now - window]
    excess = len(recent) + writes - most
    return 0.0 if excess <= 0 else recent[min(excess, len(recent)) - 1] + window - now


def take_or_defer(pace: WritePace, installation: int | None, writes: int) -> None:
    """Take room for the writes of one step of work, or put the job off.

    Raises:
        GitHubUnavailable: no room now; `retry_after` says when there is.
    """
    wait = pace.take(installation or 0, writes)
    if wait > 0:
        raise GitHubUnavailable(
            f"{writes} writes would exceed the pace that GitHub allows installation"
            f" {installation or 0}; trying again in {wait:.0f} s",
            retry_after=wait,
        )
