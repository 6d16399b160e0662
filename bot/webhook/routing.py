"""From event to work: which wish is recorded and which jobs are enqueued. Pure.

The receiver does not know a repository's policy (drafts, skips): the worker decides that.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.events import (
    CommentEvent,
    Event,
    InstallationEvent,
    MergeGroupEvent,
    PullRequestEvent,
    RerequestEvent,
)
from bot.domain.identifiers import DeliveryId
from bot.domain.jobs import (
    AcknowledgeMention,
    AcknowledgePull,
    CancelPull,
    ForgetInstallation,
    Mention,
    PassMergeGroup,
    ReviewPull,
    Trigger,
)
from bot.domain.mention_parsing import parse_commands
from bot.store.inbox import Planned, Wish

_MOST_COMMANDS = 5
_MOST_PULLS = 10


@dataclass(frozen=True, slots=True)
class Route:
    """What a delivery leads to. No jobs and no wish: it is uninteresting, for this reason."""

    wish: Wish | None = None
    jobs: tuple[Planned, ...] = ()
    reason: str = ""

    @property
    def interesting(self) -> bool:
        """Whether anything is to be stored."""
        return bool(self.jobs) or self.wish is not None


def route(event: Event, delivery: DeliveryId, handle: str) -> Route:
    """The work for one event; `handle` is the name that people mention, without the @."""
    match event:
        case PullRequestEvent():
            return _pull_request(event)
        case CommentEvent():
            return _comment(event, handle)
        case RerequestEvent():
            return _rerequest(event, delivery)
        case MergeGroupEvent():
            return Route(jobs=(Planned(PassMergeGroup(event.repository, event.head)),))
        case InstallationEvent():
            return _installation(event)
        case _:
            return Route(reason="pong")


def _pull_request(event: PullRequestEvent) -> Route:
    if event.pull.repository.installation is None:
        return Route(reason="the delivery names no installation of the App")
    if event.action == "closed":
        wish = Wish(event.pull, event.head, closed=True)
        return Route(wish, (Planned(CancelPull(event.pull, event.head)),))
    wish = Wish(event.pull, event.head, closed=False)
    if event.action == "retargeted":
        trigger = Trigger("retargeted", "retargeted")
        return Route(wish, (Planned(ReviewPull(event.pull, trigger), gather=True),))
    trigger = Trigger("event")
    return Route(
        wish,
        (
            Planned(AcknowledgePull(event.pull, event.head, trigger)),
            Planned(ReviewPull(event.pull, trigger), gather=True),
        ),
    )


def _comment(event: CommentEvent, handle: str) -> Route:
    if event.sender_is_bot:
        return Route(reason="comments of bots are never commands")
    if event.pull.repository.installation is None:
        return Route(reason="the delivery names no installation of the App")
    commands = parse_commands(event.text, handle)[:_MOST_COMMANDS]
    if not commands:
        return Route(reason=f"@{handle} is not mentioned")
    mentions = (
        Mention(event.place, event.comment_id, event.sender, command, event.in_reply_to)
        for command in commands
    )
    return Route(jobs=tuple(Planned(AcknowledgeMention(event.pull, m)) for m in mentions))


def _rerequest(event: RerequestEvent, delivery: DeliveryId) -> Route:
    if event.repository.installation is None or not event.pulls:
        return Route(reason="no pull request of the App hangs on this check")
    trigger = Trigger("rerequest", f"rerequest-{delivery}")
    jobs: list[Planned] = []
    for pull in event.pulls[:_MOST_PULLS]:
        jobs.append(Planned(AcknowledgePull(pull, event.head, trigger)))
        jobs.append(Planned(ReviewPull(pull, trigger)))
    return Route(jobs=tuple(jobs))


def _installation(event: InstallationEvent) -> Route:
    if event.action != "removed":
        return Route(reason="pull requests are reviewed at their next event")
    repositories = () if event.whole_account else event.repositories
    if not event.whole_account and not repositories:
        return Route(reason="no repository was removed")
    return Route(jobs=(Planned(ForgetInstallation(event.installation, repositories)),))
