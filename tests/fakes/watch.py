"""A watch that a test can wind and stop."""

from __future__ import annotations

import threading

from bot.errors import Superseded


class ScriptedWatch:
    """ports.Watch that keeps the stages; `stop_after` n checks, the work is superseded."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.stages: list[str] = []
        self.checks = 0
        self._stop_after = stop_after
        self._lock = threading.Lock()

    def stage(self, text: str) -> None:
        """Keep what is said to be happening."""
        with self._lock:
            self.stages.append(text)

    def check(self) -> None:
        """Count; raise Superseded once the checks are used up."""
        with self._lock:
            self.checks += 1
            if self._stop_after is not None and self.checks > self._stop_after:
                raise Superseded("the head moved")
