"""The exit status of `plumbline review`, for scripts and continuous integration."""

from __future__ import annotations

from bot.domain.fail_bar import failing
from bot.domain.finding import Severity
from bot.domain.review import Review

CLEAN = 0
FOUND = 1
NOT_COMPLETED = 3


def exit_status(review: Review, fail_on: Severity | None) -> int:
    """3 when the review is partial or failed; else 1 for a finding that fails it; else 0.

    Without `fail_on` never 1. A review without a model is complete: nothing was cut from it.
    """
    if review.status != "complete":
        return NOT_COMPLETED
    if fail_on is None:
        return CLEAN
    return FOUND if failing(review, fail_on) else CLEAN
