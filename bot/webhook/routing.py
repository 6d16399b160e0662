"""Event -> what to do with it. Pure.

The receiver does not know a repository's policy (drafts, skip rules): the worker judges that.
"""

from __future__ import annotations

from bot.domain.commands import Command
from bot.domain.delivery import HeadChange, Plan
from bot.domain.disputes import LONGEST, may_contradict
from bot.domain.events import (
    CommentEvent,
    Event,
    InstallationEvent,
    MergeGroupEvent,
    PullAction,
    PullRequestEvent,
    RerequestEvent,
    ThreadEvent,
)
from bot.domain.identifiers import DeliveryId
from bot.domain.jobs import (
    MOST_RERUN,
    AcknowledgeMention,
    AcknowledgePull,
    CancelPull,
    ForgetInstallation,
    Job,
    LookAtOutcomes,
    Mention,
    PassMergeGroup,
    RerunChecks,
    ReviewPull,
    Trigger,
)
from bot.domain.mention_parsing import parse_commands
from bot.domain.policy import ReviewOn
from bot.domain.pull_request import RepositoryRef

_REVIEW_ON: dict[PullAction, ReviewOn] = {
    "opened": "opened",
    "reopened": "opened",
    "ready": "ready",
    "pushed": "pushed",
}
_FOREIGN = "the delivery names no installation of the App"


def route(event: Event, delivery: DeliveryId, handle: str) -> Plan | str:
    """What to do, or in words why there is nothing to do. `handle`: what people mention, no `@`."""
    plan: Plan | str
    match event:
        case PullRequestEvent():
            plan = _pull_request(event, delivery)
        case CommentEvent():
            plan = _comment(event, handle)
        case ThreadEvent():
            plan = _one(LookAtOutcomes(event.pull, "thread"), event.pull.repository)
        case RerequestEvent():
            plan = _rerequest(event, delivery)
        case MergeGroupEvent():
            plan = _one(PassMergeGroup(event.repository, event.head), event.repository)
        case InstallationEvent():
            plan = _installation(event)
        case _:
            plan = "pong"
    return plan


def _pull_request(event: PullRequestEvent, delivery: DeliveryId) -> Plan | str:
    if event.pull.repository.installation is None:
        return _FOREIGN
    closed = event.action == "closed"
    change = HeadChange(event.pull, event.head, closed, event.updated_at)
    if closed:
        return Plan((CancelPull(event.pull, event.head),), change)
    if event.action == "retargeted":
        # A key of its own: the review that stands for this head must not be overwritten.
        again = Trigger("retargeted", f"retargeted-{delivery}")
        return Plan((), change, ReviewPull(event.pull, again))
    if event.action == "edited":
        anew = Trigger("edited", f"edited-{delivery}")
        return Plan((), change, ReviewPull(event.pull, anew), gather=True)
    trigger = Trigger("event", event=_REVIEW_ON[event.action])
    acknowledge = AcknowledgePull(event.pull, event.head, trigger)
    review = ReviewPull(event.pull, trigger)
    return Plan((acknowledge,), change, review, gather=event.action == "pushed")


def _one(job: Job, repository: RepositoryRef) -> Plan | str:
    return _FOREIGN if repository.installation is None else Plan((job,))


def _comment(event: CommentEvent, handle: str) -> Plan | str:
    if event.sender_is_bot:
        return "comments of bots are never commands"
    if event.pull.repository.installation is None:
        return _FOREIGN
    commands = parse_commands(event.text, handle) or _answer_in_a_thread(event)
    if not commands:
        return f"@{handle} is not mentioned"
    mentions = (
        Mention(event.place, event.comment_id, event.sender, command, event.in_reply_to, part)
        for part, command in enumerate(commands)
    )
    return Plan(tuple(AcknowledgeMention(event.pull, mention) for mention in mentions))


def _answer_in_a_thread(event: CommentEvent) -> tuple[Command, ...]:
    """It may contradict a finding; whether the thread is about one, a worker looks up."""
    if event.place != "review_comment" or event.in_reply_to is None:
        return ()
    return (Command("dispute", event.text[:LONGEST]),) if may_contradict(event.text) else ()


def _rerequest(event: RerequestEvent, delivery: DeliveryId) -> Plan | str:
    trigger = Trigger("rerequest", f"rerequest-{delivery}")
    if not event.pulls:
        return _one(RerunChecks(event.repository, event.head, trigger), event.repository)
    if event.repository.installation is None:
        return _FOREIGN
    jobs: list[Job] = []
    for pull in event.pulls[:MOST_RERUN]:
        jobs += [AcknowledgePull(pull, event.head, trigger), ReviewPull(pull, trigger)]
    return Plan(tuple(jobs))


def _installation(event: InstallationEvent) -> Plan | str:
    if event.action != "removed":
        return "pull requests are reviewed at their next event"
    if not (event.whole_account or event.repositories):
        return "no repository was removed"
    repositories = () if event.whole_account else event.repositories
    return Plan((ForgetInstallation(event.installation, repositories),))
