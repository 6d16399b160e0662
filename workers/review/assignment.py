"""What one review is about: settled before a model is asked anything."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.learning import Learning
from bot.domain.policy import Effort, Policy
from bot.domain.pull_request import PullRequest
from bot.ports import Code
from workers.repository.knowledge import Knowledge
from workers.review.scope import Scope
from workers.review.since import Since
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
    since: Since = field(default_factory=Since)
    scope: Scope = field(default_factory=Scope)
    learnings: tuple[Learning, ...] = ()

    @property
    def unread(self) -> tuple[FileChange, ...]:
        """Files that a model may read and of which something is new; all of them at first."""
        return tuple(file for file in self.selection.read if self.since.brings(file))

    @property
    def effort(self) -> Effort:
        """How much the review may spend."""
        return self.choice.effort
