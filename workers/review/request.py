"""What to review, and the pull request as it was read for that."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.diff import ChangeSet
from bot.domain.jobs import Trigger
from bot.domain.policy import Effort, Policy
from bot.domain.pull_request import PullRef, PullRequest
from bot.ports import Code
from workers.review.reading_policy import PolicyOverrides
from workers.review.scope import Scope


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """What to review, and what the person who asks wants otherwise than the policy.

    `asked`: a person asked for it, so neither the policy's skip rules nor a pause hold.
    `paused_by`: who paused automatic reviews, if somebody did.
    """

    ref: PullRef
    trigger: Trigger
    asked: bool = False
    effort: Effort | None = None
    scope: Scope = field(default_factory=Scope)
    paused_by: str = ""
    overrides: PolicyOverrides = field(default_factory=PolicyOverrides)


@dataclass(frozen=True, slots=True)
class Opened:
    """A request's pull request with its commits at hand; its review is recorded under `key`."""

    request: ReviewRequest
    key: str
    pull: PullRequest
    policy: Policy
    code: Code
    change: ChangeSet
