"""What one webhook delivery asks for: jobs to start at once, and a change of what is wanted."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.identifiers import DeliveryId, Sha
from bot.domain.jobs import Job, ReviewPull
from bot.domain.pull_request import PullRef


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a delivery is known again: by its GUID, or (a replay with a new GUID) by its body."""

    delivery: DeliveryId
    body_sha256: str


@dataclass(frozen=True, slots=True)
class HeadChange:
    """What a delivery says of a pull request.

    `updated_at` is GitHub's time of the pull request (ISO 8601, UTC): deliveries come in any
    order, and an older one must not undo a newer one. "" stands for unknown: believed as it comes.
    """

    pull: PullRef
    head: Sha
    closed: bool = False
    updated_at: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with one delivery, decided without looking at anything else.

    `review` is made once for all deliveries that ask for it while it waits; `gather`: more of
    them are expected soon, so it starts late, unless it is the pull request's first.
    """

    jobs: tuple[Job, ...] = ()
    change: HeadChange | None = None
    review: ReviewPull | None = None
    gather: bool = False

    @property
    def empty(self) -> bool:
        """Nothing is to be done, and nothing kept."""
        return not (self.jobs or self.review or self.change)
