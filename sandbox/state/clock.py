"""Times as GitHub writes them, and numbers for everything that has an id."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from datetime import UTC, datetime

# The first commit's time. Commits are made by this clock, so that their SHAs repeat.
_FIRST_COMMIT_AT = 1_767_603_600  # 2026-01-05T09:00:00Z


def timestamp(seconds: float) -> str:
    """Unix seconds as `2026-01-05T09:00:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Clock:
    """Wall time that a test may move on, and a clock of its own for commits."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._commits: Iterator[int] = itertools.count(_FIRST_COMMIT_AT, 60)
        self._ids: Iterator[int] = itertools.count(1_000_001)

    def now(self) -> float:
        """Unix seconds."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass at once: tokens expire, replicas catch up."""
        self._ahead += seconds

    def next_commit_time(self) -> int:
        return next(self._commits)

    def next_id(self) -> int:
        return next(self._ids)
