"""Watches one review made by a worker: shows its stage, stops it when it is superseded."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.domain.identifiers import Sha
from bot.domain.jobs import Trigger, WantedState, review_key
from bot.domain.pull_request import PullRef, PullRequest
from bot.domain.review import Stage
from bot.errors import GitHubRefused, PlumblineError, Stopped, Superseded, TransientError, UserError
from bot.github import words
from bot.ports import Publisher, Wanted

_PROGRESS_EVERY = 15.0
"""Seconds between two progress reports: each costs a write of GitHub's hourly share."""

_FIRST_OF_THE_MODEL: Stage = "reviewing"
"""Always worth the write, or "being read" would stand while models are asked. What comes after it
is worth one if models took their time."""

_MAY_COME_TO_NOTHING: tuple[Stage, ...] = ("fetching", "understanding")
"""While an edit of words may turn out to ask for nothing, the check that stands is left alone."""


class ReviewWatch:
    """`ports.Watch` for a job. `held` is what was wanted when the work began."""

    def __init__(
        self,
        ref: PullRef,
        trigger: Trigger,
        held: WantedState,
        wanted: Wanted,
        publisher: Publisher,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ref, self._trigger, self._held = ref, trigger, held
        self._wanted, self._publisher, self._clock = wanted, publisher, clock
        self._head: Sha | None = held.head
        self._said_at: float | None = None

    def begin(self, pull: PullRequest, key: str) -> None:
        """The head that is reviewed is known now; show that work began."""
        self._head = pull.head
        if self._trigger.kind != "edited":
            self._say(key, "fetching")

    def stage(self, name: Stage) -> None:
        """Show the stage; a short one only where nothing was shown a moment ago."""
        if self._head is None or (self._said_at is None and self._stays_quiet(name)):
            return
        due = self._said_at is None or self._clock() - self._said_at >= _PROGRESS_EVERY
        if due or name == _FIRST_OF_THE_MODEL:
            self._say(self._key(self._head), name)

    def check(self) -> None:
        """Raises Superseded when another head is wanted, or none; Stopped when a person said so."""
        now = self._wanted.current(self._ref)
        if now.stops > self._held.stops:
            raise Stopped(f"{now.stopped_by} said stop")
        if now.generation <= self._held.generation:
            return
        if now.closed:
            raise Superseded("the pull request was closed")
        if now.head is not None and now.head != self._head:
            raise Superseded(f"the head moved to {now.head[:12]}")

    def give_up(self, error: PlumblineError) -> None:
        """Complete the check without a review, with the reason."""
        if self._head is not None:
            superseded = isinstance(error, Superseded)
            key = self._key(self._head)
            again = not isinstance(error, UserError)
            self._publisher.give_up(self._ref, self._head, key, str(error), superseded, again)

    def _stays_quiet(self, name: Stage) -> bool:
        """Whether nothing was to be shown until now, nor is at this stage."""
        return self._trigger.kind != "edited" or name in _MAY_COME_TO_NOTHING

    def _key(self, head: Sha) -> str:
        return review_key(self._ref, head, self._trigger)

    def _say(self, key: str, name: Stage) -> None:
        """A check run that cannot be updated is no reason to give up the review."""
        self._said_at = self._clock()
        try:
            if self._head is not None:
                self._publisher.progress(self._ref, self._head, key, words.stage(name))
        except (TransientError, GitHubRefused):
            return
