"""The outside world of the jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.jobs import ForgetInstallation, TidyClone
from bot.ports import (
    Allowances,
    Learnings,
    Model,
    Publisher,
    PullRequests,
    Queue,
    Records,
    Releases,
    Repositories,
    Wanted,
)
from workers.commands.progress import Clock, MonotonicClock
from workers.outcomes import Looking
from workers.review.budgets import Budgets


@dataclass(frozen=True, slots=True)
class JobDeps:
    """The outside world of the jobs. `handle` gives the name people mention.

    `model` is None where none is configured, `releases` where no package index is named.
    """

    pulls: PullRequests
    repositories: Repositories
    model: Model | None
    records: Records
    publisher: Publisher
    queue: Queue
    wanted: Wanted
    allowances: Allowances
    learnings: Learnings
    looking: Looking
    forget: Callable[[ForgetInstallation], None]
    tidy: Callable[[TidyClone], None]
    handle: Callable[[], str]
    web_url: str
    releases: Releases | None = None
    budgets: Budgets = field(default_factory=Budgets)
    clock: Clock = field(default_factory=MonotonicClock)
