"""What was known when a review was made, and what of it was used, as steps of its record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.domain.conversation import Step
from bot.domain.learning import Learning
from bot.domain.pull_request import RepositoryRef
from bot.domain.record_codec import decode, encode
from bot.ports import KnownLearnings, Trace

_KNOWN = "learnings"
_USED = "learnings used"


@dataclass(frozen=True, slots=True)
class NotedLearnings:
    """`ports.KnownLearnings` that keeps each answer of another."""

    learnings: KnownLearnings
    trace: Trace

    def known(self, repository: RepositoryRef) -> Sequence[Learning]:
        """The other's answer, kept where it is not empty."""
        known = tuple(self.learnings.known(repository))
        if known:
            self.trace.add(Step("stage", _KNOWN, {}, {"known": [encode(one) for one in known]}))
        return known

    def used(
        self, review_key: str, offered: Sequence[Learning], silenced: Collection[Learning]
    ) -> None:
        """Count them, and note which they were by repository and number."""
        if not offered:
            return
        told = {"offered": _named(offered), "silenced": _named(silenced)}
        self.trace.add(Step("stage", _USED, {}, told))
        self.learnings.used(review_key, offered, silenced)


class RecordedLearnings:
    """`ports.KnownLearnings` of a record: what its last attempt knew. Nothing is counted."""

    def __init__(self, steps: Iterable[Step]) -> None:
        """Raises ValueError: a step is not as `NotedLearnings` writes it."""
        named = [step for step in steps if step.kind == "stage" and step.name == _KNOWN]
        raw = named[-1].response.get("known", ()) if named else ()
        self._known = tuple(decode(Learning, one) for one in raw)

    def known(self, repository: RepositoryRef) -> Sequence[Learning]:  # noqa: ARG002 - there is one
        """As it was."""
        return self._known

    def used(
        self, review_key: str, offered: Sequence[Learning], silenced: Collection[Learning]
    ) -> None:
        """Nothing is counted."""


NOTHING_TAUGHT = RecordedLearnings(())
"""Nobody teaches."""


def _named(learnings: Iterable[Learning]) -> list[str]:
    return [f"{one.repository.full_name} {one.number}" for one in learnings]
