"""What the effects of mentions need of the outside world, and how each of them ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.ports import Learnings, Model, Publisher, PullRequests, Records, Repositories, Wanted
from workers.commands.progress import Clock, MonotonicClock
from workers.review.budgets import Budgets


@dataclass(frozen=True, slots=True)
class Answering:
    """The outside world. `web_url`: where GitHub's pages are; `handle`: what people mention."""

    pulls: PullRequests
    repositories: Repositories
    model: Model | None
    records: Records
    publisher: Publisher
    wanted: Wanted
    learnings: Learnings
    handle: str
    web_url: str
    budgets: Budgets = field(default_factory=Budgets)
    clock: Clock = field(default_factory=MonotonicClock)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Words for the place where it was asked, a reaction on the comment, or both."""

    text: str = ""
    reaction: Literal["", "+1", "confused"] = ""


DONE = Outcome(reaction="+1")
"""There is nothing to say: what was asked for can be seen."""


def cannot(why: str) -> Outcome:
    """It could not be done, with the one sentence that says why."""
    return Outcome(why, "confused")


Effect = Callable[[PullRef, Mention, Answering], Outcome]
"""Does what a mention asks for. It may run twice: each is the same again."""
