"""ports.Outcomes in dictionaries, and a ports.Onlooker who sees that nobody did anything."""

# ruff: noqa: ARG002 - a fake need not look at all that a port is given
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.hindsight import NO_HINDSIGHT, Hindsight
from bot.domain.identifiers import Sha
from bot.domain.outcome import Outcome, PullSeen
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.domain.repeated_class import Proposal


@dataclass
class MemoryOutcomes:
    """Too few to say anything to the next review. `proposed`: each class, and by whose key."""

    outcomes: dict[str, Sequence[Outcome]] = field(default_factory=dict)
    proposed: dict[Proposal, str] = field(default_factory=dict)

    def hindsight(self, repository: RepositoryRef) -> Hindsight:
        """None."""
        return NO_HINDSIGHT

    def known(self, ref: PullRef) -> Sequence[Outcome]:
        """What the last look left."""
        return self.outcomes.get(ref.key, ())

    def keep(self, ref: PullRef, outcomes: Sequence[Outcome]) -> None:
        """Keep it."""
        self.outcomes[ref.key] = outcomes

    def propose(self, ref: PullRef, proposal: Proposal, key: str) -> bool:
        """The first key has it."""
        return self.proposed.setdefault(proposal, key) == key

    def not_proposed(self, key: str) -> None:
        """Free again."""
        self.proposed = {one: by for one, by in self.proposed.items() if by != key}


@dataclass
class QuietOnlooker:
    """An open pull request at this head, without a thread; everybody may write there."""

    head: Sha
    looked: int = 0

    def look(self, ref: PullRef) -> PullSeen:
        """Nothing."""
        self.looked += 1
        return PullSeen("open", self.head, {})

    def may_write(self, ref: PullRef, login: str) -> bool:
        """Yes."""
        return True
