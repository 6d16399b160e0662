"""A clock that stands until a test moves it."""

from __future__ import annotations

import threading

_LONGEST_WAIT = 60.0


class HandClock:
    """`workers.commands.progress.Clock`, for one thread that waits by it."""

    def __init__(self) -> None:
        self._now = 0.0
        self._due = 0.0
        self._moved = threading.Condition()

    def now(self) -> float:
        """How far the test moved it."""
        with self._moved:
            return self._now

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        """Until the clock was moved so far, or `ended`, which nobody tells it of, is set."""
        with self._moved:
            self._due = self._now + seconds
            self._moved.notify_all()
            while self._now < self._due and not ended.is_set():
                self._moved.wait(0.01)
            return ended.is_set()

    def go_on(self, seconds: float) -> None:
        """Let so much time pass; whatever was due meanwhile is done when this returns."""
        end = self.now() + seconds
        with self._moved:
            while self._next() <= end:
                self._now = self._due
                self._moved.notify_all()
            self._now = end

    def _next(self) -> float:
        """When the thread that waits goes on; once it waits for what is still to come."""
        waits = self._moved.wait_for(lambda: self._due > self._now, _LONGEST_WAIT)
        assert waits, "nobody waits by this clock"
        return self._due
