"""What one review is about: settled before a model is asked anything."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.diff import ChangeSet
from bot.domain.policy import Effort, Policy
from bot.domain.pull_request import PullRequest
from bot.ports import Code
from workers.repository.knowledge import Knowledge
from workers.review.triage import EffortChoice, Selection


@dataclass(frozen=True, slots=True)
class Assignment:
    """The pull request, its code, what is known of it, and how much effort it gets."""

    pull: PullRequest
    policy: Policy
    code: Code
    change: ChangeSet
    selection: Selection
    knowledge: Knowledge
    choice: EffortChoice

    @property
    def effort(self) -> Effort:
        """How much the review may spend."""
        return self.choice.effort
