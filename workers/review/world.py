"""The outside world of one review."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.ports import (
    KnownLearnings,
    Model,
    PastOutcomes,
    PullRequests,
    Records,
    Releases,
    Repositories,
    Trace,
    Watch,
)
from workers.repository.dependencies.noted_releases import NotedReleases
from workers.review.budgets import Budgets
from workers.review.noted_learnings import NOTHING_TAUGHT, NotedLearnings
from workers.review.noted_outcomes import NO_OUTCOMES, NotedOutcomes

NO_MODEL = "No model is configured"


@dataclass(frozen=True, slots=True)
class Deps:
    """What a review reads, asks and records. `model` is None when none is asked, for `no_model`.

    `releases` is None where the operator named no package index. In a terminal nobody teaches or
    reacts, so `learnings` and `outcomes` know nothing.
    """

    pulls: PullRequests
    repositories: Repositories
    model: Model | None
    records: Records
    watch: Watch
    no_model: str = NO_MODEL
    releases: Releases | None = None
    learnings: KnownLearnings = NOTHING_TAUGHT
    budgets: Budgets = field(default_factory=Budgets)
    outcomes: PastOutcomes = NO_OUTCOMES

    def noted_in(self, trace: Trace) -> Deps:
        """The same; what others answer is kept in the record, so that a replay knows it too."""
        return replace(
            self,
            releases=self.releases and NotedReleases(self.releases, trace),
            learnings=NotedLearnings(self.learnings, trace),
            outcomes=NotedOutcomes(self.outcomes, trace),
        )
