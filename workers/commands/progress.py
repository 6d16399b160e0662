"""Long answers say what is being done and for how long, in the comment that will hold the answer.

Never what the model says so far: its quotes are checked when it has ended (decision 35).
"""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Protocol, Self

from bot.domain.conversation import Step
from bot.domain.jobs import Mention, reply_key
from bot.domain.pull_request import PullRef
from bot.errors import PlumblineError
from bot.github.words import notices
from bot.ports import Publisher

_FIRST_AFTER = 8.0
_LONGEST_PAUSE = 60.0


class Clock(Protocol):
    """Time that passes; in seconds."""

    def now(self) -> float:
        """Seconds since some moment."""

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        """Wait so long, or until `ended` is set; whether it is."""


class MonotonicClock:
    """The machine's."""

    def now(self) -> float:
        """See `Clock.now`."""
        return time.monotonic()

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        """See `Clock.wait`."""
        return ended.wait(seconds)


class AnswerProgress:
    """Tells from a thread of its own while it is entered, as one call of a model may take minutes;
    a `ports.Trace` that hears of the looks at the code. Most answers come before the first word.

    Each pause is twice the one before, as each word is a write of GitHub's hourly share. What
    nobody put to us may need no answer, so nothing is told of it: 👀 stands on it.
    """

    def __init__(self, ref: PullRef, mention: Mention, publisher: Publisher, clock: Clock) -> None:
        self._ref, self._mention = ref, mention
        self._publisher, self._clock = publisher, clock
        self._asking, self._since = False, clock.now()
        self._looks, self._tool = 0, ""
        self._ended = threading.Event()
        self._teller = threading.Thread(target=self._tell, daemon=True, name="progress")
        self.told = False

    def __enter__(self) -> Self:
        if self._mention.command.verb != "dispute":
            self._teller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Once it is left nothing is told any more: the answer may be posted."""
        self._ended.set()
        if self._teller.is_alive():
            self._teller.join()

    def asking(self) -> None:
        """The code was read; the model is asked from now on."""
        self._since, self._asking = self._clock.now(), True

    def add(self, step: Step) -> None:
        """Count a look at the code."""
        if step.kind == "tool":
            self._looks, self._tool = self._looks + 1, step.name

    def _tell(self) -> None:
        pause = _FIRST_AFTER
        while not self._clock.wait(self._ended, pause):
            self.told = True
            pause = min(2 * pause, _LONGEST_PAUSE)
            try:
                key = reply_key(self._ref, self._mention)
                self._publisher.progress_reply(self._ref, self._mention, key, self._words())
            except PlumblineError:
                continue  # the answer does not depend on it

    def _words(self) -> str:
        seconds = self._clock.now() - self._since
        if not self._asking:
            return notices.reading(seconds)
        return notices.asking(seconds, self._looks, self._tool)
