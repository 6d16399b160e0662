"""How often a job is tried and how long it waits between. Pure."""

from __future__ import annotations

import math

from bot.domain.jobs import QueueName

MOST_ATTEMPTS: dict[QueueName, int] = {
    "acknowledge": 8,
    "command": 5,
    "publish": 24,
    "mention": 5,
    "review": 5,
    "idle": 8,
}
"""Posting is tried for hours: the review behind it is paid for, and GitHub may be out for long."""

_WAITS_SECONDS = (5, 20, 60, 300, 900)
_LONGEST_SECONDS = 3600


def is_last(queue: QueueName, attempt: int) -> bool:
    """Whether a transient error of this attempt (from 1) ends the job."""
    return attempt >= MOST_ATTEMPTS[queue]


def wait_seconds(attempt: int, retry_after: float | None) -> int:
    """How long to wait after this attempt: what the other side asked for, else ever longer."""
    usual = _WAITS_SECONDS[min(attempt, len(_WAITS_SECONDS)) - 1]
    wanted = usual if retry_after is None else math.ceil(retry_after)
    return max(1, min(wanted, _LONGEST_SECONDS))
