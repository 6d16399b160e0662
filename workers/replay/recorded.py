"""The outside world as a record tells it: ports that answer from an export and ask nobody."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.budget import CapUse, DayCaps, Spent
from bot.domain.conversation import ModelAnswer, ModelRequest, Step
from bot.domain.pull_request import PullRef, PullRequest
from bot.domain.record_codec import decode
from bot.domain.review import Review, Stage
from bot.domain.ruling import Ruling
from bot.errors import ModelUnavailable
from bot.ports import Trace
from workers.model.recording import Outcome, recorded_outcome, request_digest
from workers.review.run_steps import USED_UP


class RecordedModel:
    """`ports.Model` that gives each question the answer that it got before.

    Questions that are asked alike several times get their answers in the recorded order. What is
    not on record is kept in `missing`, by its purpose.
    """

    def __init__(self, steps: Iterable[Step]) -> None:
        """Raises ValueError: a model step is not as it was recorded."""
        self.missing: list[str] = []
        self._lock = threading.Lock()
        self._known: defaultdict[str, deque[Outcome]] = defaultdict(deque)
        for step in steps:
            if step.kind == "model":
                digest = str(step.request.get("digest", ""))
                self._known[digest].append(recorded_outcome(step))

    def complete(self, request: ModelRequest) -> ModelAnswer:
        """The recorded answer.

        Raises:
            ModelUnavailable, LimitExceeded: as it was recorded; or nothing was.
        """
        with self._lock:
            outcomes = self._known.get(request_digest(request))
            if not outcomes:
                self.missing.append(request.purpose)
                raise ModelUnavailable("no answer to this question is on record")
            outcome = outcomes.popleft()
        if isinstance(outcome, ModelAnswer):
            return outcome
        raise outcome


class RecordedSpending:
    """`ports.Spending` that knows which caps of the day were used up when the review began."""

    def __init__(self, steps: Iterable[Step]) -> None:
        """Raises ValueError: a step is not as it was recorded."""
        named = (step for step in steps if step.kind == "stage" and step.name == USED_UP)
        self._used = [
            decode(CapUse, raw) for step in named for raw in step.response.get("caps", ())
        ]

    def start_call(self, ref: PullRef, caps: DayCaps) -> None:
        """Nothing is asked of a model."""

    def add(self, ref: PullRef, spent: Spent) -> None:
        """Nothing is spent."""

    def used(self, ref: PullRef, caps: DayCaps) -> Sequence[CapUse]:  # noqa: ARG002
        """As it was recorded."""
        return self._used


class Forgetful:
    """`ports.Trace` and `ports.Watch` of a review that is made again: nobody looks."""

    def add(self, step: Step) -> None:
        """Nothing is kept."""

    def begin(self, pull: PullRequest, key: str) -> None:
        """Nobody looks."""

    def stage(self, name: Stage) -> None:
        """Nobody looks."""

    def check(self) -> None:
        """It is always wanted."""


@dataclass(frozen=True, slots=True)
class RecordedReviews:
    """`ports.Records` that knows the earlier reviews and rulings, and keeps nothing."""

    earlier: tuple[Review, ...]
    ruled: tuple[Ruling, ...] = ()

    def begin(self, key: str, pull: PullRequest) -> Trace:  # noqa: ARG002
        """A record that is thrown away."""
        return Forgetful()

    def keep(self, key: str, review: Review) -> None:
        """Nothing is kept."""

    def review(self, key: str) -> Review | None:  # noqa: ARG002
        """Nothing is on record: the review is made again."""
        return None

    def posted_before(self, ref: PullRef) -> Sequence[Review]:  # noqa: ARG002
        """What the recorded review was held against."""
        return self.earlier

    def rule(self, ref: PullRef, ruling: Ruling) -> None:
        """Nothing is kept."""

    def rulings(self, ref: PullRef) -> Sequence[Ruling]:  # noqa: ARG002
        """Through which the recorded review read the earlier ones."""
        return self.ruled

    def published(self, key: str, github_id: int | None) -> None:
        """Nothing is published."""

    def keep_reply(self, key: str, text: str) -> None:
        """Nothing is kept."""

    def reply(self, key: str) -> str | None:  # noqa: ARG002
        """Nothing is on record."""
        return None
