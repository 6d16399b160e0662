"""Long answers say what is being done, in the one comment that will hold the answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.domain.conversation import Step
from bot.domain.jobs import Mention, reply_key
from bot.domain.pull_request import PullRef
from bot.errors import GitHubRefused, TransientError
from bot.github import notices
from bot.ports import Publisher

_FIRST_AFTER = 8.0
_LONGEST_WAIT = 60.0


class AnswerProgress:
    """A `ports.Trace` that tells of tools as they are used: of a model's word that uses none, the
    answer itself is about to tell. Most answers come before the first word is due.

    Each wait is twice the one before, as each word is a write of GitHub's hourly share.
    """

    def __init__(
        self,
        ref: PullRef,
        mention: Mention,
        publisher: Publisher,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ref, self._mention, self._publisher = ref, mention, publisher
        self._clock, self._wait = clock, _FIRST_AFTER
        self._due = clock() + _FIRST_AFTER
        self._steps = 0

    def add(self, step: Step) -> None:
        """Tell of it when it is time."""
        self._steps += 1
        if step.kind != "tool" or self._clock() < self._due:
            return
        self._wait = min(2 * self._wait, _LONGEST_WAIT)
        self._due = self._clock() + self._wait
        text = notices.looking(step.name, self._steps)
        try:
            key = reply_key(self._ref, self._mention)
            self._publisher.progress_reply(self._ref, self._mention, key, text)
        except (TransientError, GitHubRefused):
            return  # the answer does not depend on it
