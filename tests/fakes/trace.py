"""A record that is a list."""

from __future__ import annotations

import threading

from bot.domain.conversation import Step


class ListTrace:
    """ports.Trace that keeps every step in order."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._lock = threading.Lock()

    def add(self, step: Step) -> None:
        """Keep one step."""
        with self._lock:
            self.steps.append(step)

    def named(self, name: str) -> list[Step]:
        """The steps of one name, in order."""
        return [step for step in self.steps if step.name == name]
