"""Which check runs are not completed, so that none of a head that was passed over stays queued."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.open_check import OpenCheck
from bot.domain.pull_request import PullRef


class OpenChecks(Protocol):
    """The open check runs of each pull request."""

    def opened(self, ref: PullRef, check: OpenCheck) -> None:
        """It was created, or is in progress again."""

    def completed(self, ref: PullRef, key: str) -> None:
        """It has a conclusion."""

    def of(self, ref: PullRef) -> Sequence[OpenCheck]:
        """All that are open, in no order."""


class MemoryOpenChecks:
    """For terminal use and tests."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], OpenCheck] = {}

    def opened(self, ref: PullRef, check: OpenCheck) -> None:
        """See `OpenChecks.opened`."""
        self._open[ref.key, check.key] = check

    def completed(self, ref: PullRef, key: str) -> None:
        """See `OpenChecks.completed`."""
        self._open.pop((ref.key, key), None)

    def of(self, ref: PullRef) -> Sequence[OpenCheck]:
        """See `OpenChecks.of`."""
        return [check for (pull, _), check in self._open.items() if pull == ref.key]
