"""A watch that a test can wind and stop."""

from __future__ import annotations

import threading

from bot.domain.pull_request import PullRequest
from bot.domain.review import Stage
from bot.errors import Superseded


class ScriptedWatch:
    """ports.Watch that keeps what it is told; after `stop_after` checks the work is superseded."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.begun: list[tuple[PullRequest, str]] = []
        self.stages: list[Stage] = []
        self.checks = 0
        self._stop_after = stop_after
        self._lock = threading.Lock()

    def begin(self, pull: PullRequest, key: str) -> None:
        """Keep the pull request and the key of its review."""
        self.begun.append((pull, key))

    def stage(self, name: Stage) -> None:
        """Keep what is said to be happening."""
        with self._lock:
            self.stages.append(name)

    def check(self) -> None:
        """Count; raise Superseded once the checks are used up."""
        with self._lock:
            self.checks += 1
            if self._stop_after is not None and self.checks > self._stop_after:
                raise Superseded("the head moved")
