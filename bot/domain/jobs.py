"""What the receiver asks of the workers: ids, SHAs and words of people; never a token.

A job crosses Redis as one JSON object, `{"kind": ..., ...}`. A job only says "look at this pull
request": the worker reads again what is wanted now (level-triggered).
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from bot.domain.commands import THINKING, Command
from bot.domain.events import CommentPlace
from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.mention_parsing import mistyped_command
from bot.domain.policy import ReviewOn
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.domain.record_codec import decode

QueueName = Literal["acknowledge", "command", "publish", "mention", "review", "idle"]
MOST_RERUN = 10
"""A commit may be the head of many pull requests; more than this is no accident."""

LookCause = Literal["posted", "said", "thread", "closed"]


@dataclass(frozen=True, slots=True)
class Mention:
    """Where somebody mentioned the bot, and what they asked; `part` counts a comment's commands."""

    place: CommentPlace
    comment_id: int
    sender: str
    command: Command
    in_reply_to: int | None = None
    part: int = 0

    @property
    def name(self) -> str:
        """Tells it apart from every other mention of the pull request."""
        name = f"{self.place}-{self.comment_id}"
        return f"{name}-{self.part}" if self.part else name


@dataclass(frozen=True, slots=True)
class Trigger:
    """Why a review is made. `id` tells reviews of one head apart: "auto", or the request's id.

    `event` is the first of the gathered events by its name in the policy's `review.on`.
    """

    kind: Literal["event", "mention", "rerequest", "retargeted", "edited"]
    id: str = "auto"
    mention: Mention | None = None
    event: ReviewOn | None = None


@dataclass(frozen=True, slots=True)
class WantedState:
    """What the deliveries said last of a pull request. `generation` grows with each of them.

    `head` is None when nothing was heard of it yet (the App was installed after it was opened).
    `paused_by` is whoever paused automatic reviews, "" when they go on; `stops` counts how often a
    running review was stopped, the last time by `stopped_by`; `stopped`: the review that begins was
    stopped while it waited.
    """

    head: Sha | None = None
    generation: int = 0
    closed: bool = False
    paused_by: str = ""
    stops: int = 0
    stopped_by: str = ""
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class AcknowledgePull:
    """Create the check run for this head, at once."""

    pull: PullRef
    head: Sha
    trigger: Trigger
    kind: Literal["acknowledge_pull"] = "acknowledge_pull"


@dataclass(frozen=True, slots=True)
class AcknowledgeMention:
    """Check the person's right, react, and enqueue what they asked for."""

    pull: PullRef
    mention: Mention
    kind: Literal["acknowledge_mention"] = "acknowledge_mention"


@dataclass(frozen=True, slots=True)
class PassMergeGroup:
    """Give a merge group its check, so that a required check never blocks the queue."""

    repository: RepositoryRef
    head: Sha
    kind: Literal["pass_merge_group"] = "pass_merge_group"


@dataclass(frozen=True, slots=True)
class ReviewPull:
    """Review what the pull request is now."""

    pull: PullRef
    trigger: Trigger
    kind: Literal["review_pull"] = "review_pull"


@dataclass(frozen=True, slots=True)
class RerunChecks:
    """Review again what our check runs on this commit belong to. GitHub names no pull request of a
    fork, so that it must be looked up."""

    repository: RepositoryRef
    head: Sha
    trigger: Trigger
    kind: Literal["rerun_checks"] = "rerun_checks"


@dataclass(frozen=True, slots=True)
class CancelPull:
    """The pull request closed: end what runs, complete its check."""

    pull: PullRef
    head: Sha
    kind: Literal["cancel_pull"] = "cancel_pull"


@dataclass(frozen=True, slots=True)
class AnswerMention:
    """Answer what was asked: a question, or a command."""

    pull: PullRef
    mention: Mention
    kind: Literal["answer_mention"] = "answer_mention"


@dataclass(frozen=True, slots=True)
class PublishReview:
    """Write a recorded review to GitHub. `mention`: who asked for it, if a person did."""

    pull: PullRef
    review_key: str
    mention: Mention | None = None
    kind: Literal["publish_review"] = "publish_review"


@dataclass(frozen=True, slots=True)
class PublishReply:
    """Write a recorded answer to GitHub. `reply_key` names the record."""

    pull: PullRef
    mention: Mention
    reply_key: str
    kind: Literal["publish_reply"] = "publish_reply"


@dataclass(frozen=True, slots=True)
class ForgetInstallation:
    """The App was removed: delete clones, tokens and (empty `repositories`: all) queued work."""

    installation: InstallationId
    repositories: tuple[RepositoryId, ...] = ()
    kind: Literal["forget_installation"] = "forget_installation"


@dataclass(frozen=True, slots=True)
class TidyClone:
    """Pack a clone, and index what no review has read, while nobody waits."""

    repository: RepositoryRef
    kind: Literal["tidy_clone"] = "tidy_clone"


@dataclass(frozen=True, slots=True)
class LookAtOutcomes:
    """See what became of the posted findings. `of` tells looks of one cause apart."""

    pull: PullRef
    cause: LookCause
    of: str = ""
    kind: Literal["look_at_outcomes"] = "look_at_outcomes"


Job = (
    AcknowledgePull
    | AcknowledgeMention
    | PassMergeGroup
    | RerunChecks
    | ReviewPull
    | CancelPull
    | AnswerMention
    | PublishReview
    | PublishReply
    | ForgetInstallation
    | TidyClone
    | LookAtOutcomes
)

QUEUE_OF: dict[str, QueueName] = {
    "acknowledge_pull": "acknowledge",
    "acknowledge_mention": "acknowledge",
    "pass_merge_group": "acknowledge",
    "rerun_checks": "acknowledge",
    "cancel_pull": "acknowledge",
    "publish_review": "publish",
    "publish_reply": "publish",
    "answer_mention": "mention",
    "review_pull": "review",
    "forget_installation": "review",
    "tidy_clone": "idle",
    "look_at_outcomes": "idle",
}
"""Which queue carries which kind of job. Workers serve them in the order of `QueueName`."""


def queue_of(job: Job) -> QueueName:
    """Which queue carries this job: `QUEUE_OF`, but what is answered without a model waits for
    none.
    """
    if isinstance(job, AnswerMention) and not _takes_a_model(job.mention.command):
        return "command"
    return QUEUE_OF[job.kind]


def _takes_a_model(command: Command) -> bool:
    mistyped = command.verb == "ask" and mistyped_command(command.text)
    return command.verb in THINKING and not mistyped


def review_key(pull: PullRef, head: Sha, trigger: Trigger) -> str:
    """The name of one review: installation, repository id, number, head SHA and trigger id."""
    return f"{pull.key}/{head}/{trigger.id}"


def number_in_key(key: str, repository: RepositoryRef) -> int | None:
    """The number of the pull request that a review's key names; None where it names none of this
    repository."""
    before = PullRef(repository, 0).key.removesuffix("0")
    number = key.removeprefix(before).partition("/")[0]
    return int(number) if key.startswith(before) and _NUMBER.fullmatch(number) else None


def reply_key(pull: PullRef, mention: Mention) -> str:
    """The name of the answer to one mention; it begins with the pull request's."""
    return f"{pull.key}/reply/{mention.name}"


def short_key(key: str) -> str:
    """The same name for people: head and trigger, both shortened; `plumbline trace show` takes it.

    What is no review's key stays as it is.
    """
    parts = key.split("/")
    if len(parts) != _PARTS_OF_A_KEY:
        return key
    head, trigger = parts[-2:]
    return f"{head[:12]}/{_GUID_TAIL.sub('', trigger)}"


_PARTS_OF_A_KEY = 5
_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_GUID_TAIL = re.compile(r"(?<=\b[0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f-]+$")


def job_to_json(job: Job) -> dict[str, Any]:
    """A JSON-safe object from which `job_from_json` makes an equal job."""
    return asdict(job)


def job_from_json(raw: dict[str, Any]) -> Job:
    """The inverse of `job_to_json`.

    Raises:
        ValueError: the kind is unknown or a field is missing: another version wrote the job.
    """
    try:
        job: Job = decode(_KINDS[raw["kind"]], raw)
    except (KeyError, ValueError) as error:
        message = (
            f"cannot read job {raw.get('kind')!r}: {error!r}. Was it queued by another version?"
        )
        raise ValueError(message) from error
    return job


def _name_of(kind: type[Any]) -> str:
    return str(next(field.default for field in fields(kind) if field.name == "kind"))


_KINDS: dict[str, Any] = {_name_of(kind): kind for kind in get_args(Job)}
