"""What the outcomes of earlier findings said when a review was made, as a step of its record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.conversation import Step
from bot.domain.hindsight import NO_HINDSIGHT, Hindsight
from bot.domain.pull_request import RepositoryRef
from bot.domain.record_codec import decode, encode
from bot.ports import PastOutcomes, Trace

_HINDSIGHT = "hindsight"


@dataclass(frozen=True, slots=True)
class NotedOutcomes:
    """`ports.PastOutcomes` that keeps each answer of another.

    The values themselves: a replay needs neither the outcomes nor their formula.
    """

    outcomes: PastOutcomes
    trace: Trace

    def hindsight(self, repository: RepositoryRef) -> Hindsight:
        """The other's answer, kept where it says anything."""
        hindsight = self.outcomes.hindsight(repository)
        if hindsight != NO_HINDSIGHT:
            self.trace.add(Step("stage", _HINDSIGHT, {}, {"hindsight": encode(hindsight)}))
        return hindsight


class RecordedOutcomes:
    """`ports.PastOutcomes` of a record: what its last attempt was told."""

    def __init__(self, steps: Iterable[Step]) -> None:
        """Raises ValueError: a step is not as `NotedOutcomes` writes it."""
        named = [step for step in steps if step.kind == "stage" and step.name == _HINDSIGHT]
        said = [decode(Hindsight, step.response.get("hindsight")) for step in named]
        self._hindsight = said[-1] if said else NO_HINDSIGHT

    def hindsight(self, repository: RepositoryRef) -> Hindsight:  # noqa: ARG002 - there is one
        """As it was."""
        return self._hindsight


NO_OUTCOMES = RecordedOutcomes(())
"""Nobody reacts, or nobody looks."""
