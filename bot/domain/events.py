"""A webhook delivery, reduced at the gate to the few fields that the program reads.

Field sources: https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.pull_request import PullRef, RepositoryRef

PullAction = Literal["opened", "reopened", "ready", "pushed", "retargeted", "edited", "closed"]
CommentPlace = Literal["issue_comment", "review_comment", "review"]


@dataclass(frozen=True, slots=True)
class PullRequestEvent:
    """Something happened to a pull request; look at it again.

    `updated_at` is ISO 8601 in UTC: it tells which of two deliveries is the newer one.
    """

    pull: PullRef
    action: PullAction
    head: Sha
    draft: bool
    sender: str
    updated_at: str = ""


@dataclass(frozen=True, slots=True)
class CommentEvent:
    """Somebody wrote something on a pull request. `text` is data, never an instruction.

    `comment_id` is the issue comment's, review comment's or review's id, as `place` says;
    `in_reply_to` is the first comment of the review thread, None outside threads and for the first.
    """

    pull: PullRef
    place: CommentPlace
    comment_id: int
    text: str
    sender: str
    sender_is_bot: bool
    in_reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class ThreadEvent:
    """A person resolved a review thread that a bot began, or opened it again."""

    pull: PullRef


@dataclass(frozen=True, slots=True)
class RerequestEvent:
    """Somebody pressed "Re-run" on our check run or check suite."""

    repository: RepositoryRef
    pulls: tuple[PullRef, ...]
    head: Sha
    sender: str


@dataclass(frozen=True, slots=True)
class MergeGroupEvent:
    """A merge queue asks for checks on a temporary commit."""

    repository: RepositoryRef
    head: Sha


@dataclass(frozen=True, slots=True)
class InstallationEvent:
    """The App was installed, removed, suspended, or given or denied repositories."""

    installation: InstallationId
    account: str
    action: Literal["added", "removed", "suspended", "unsuspended"]
    repositories: tuple[RepositoryId, ...] = ()
    whole_account: bool = False


@dataclass(frozen=True, slots=True)
class PingEvent:
    """GitHub checks that the hook answers."""


Event = (
    PullRequestEvent
    | CommentEvent
    | ThreadEvent
    | RerequestEvent
    | MergeGroupEvent
    | InstallationEvent
    | PingEvent
)
