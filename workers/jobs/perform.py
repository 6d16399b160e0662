"""One job, by its kind."""

from __future__ import annotations

from bot.domain.jobs import (
    MOST_RERUN,
    AcknowledgeMention,
    AcknowledgePull,
    AnswerMention,
    CancelPull,
    ForgetInstallation,
    Job,
    LookAtOutcomes,
    PassMergeGroup,
    PublishReply,
    PublishReview,
    RerunChecks,
    ReviewPull,
    TidyClone,
    Trigger,
    review_key,
)
from bot.domain.pull_request import PullRef
from workers.jobs.deps import JobDeps
from workers.jobs.endings import look_later, publish_reply
from workers.jobs.mentions import acknowledge_mention, answer
from workers.jobs.posting import publish_review
from workers.jobs.reviews import review
from workers.outcomes import look


def perform(job: Job, deps: JobDeps, attempt: int, last: bool) -> None:
    """Do one job. `attempt` counts from 1; `last`: a transient error will not be retried.

    Raises:
        TransientError: try again later.
        PermanentError, UserError: it will never succeed; whoever waits on GitHub was told.
    """
    match job:
        case AcknowledgePull():
            _acknowledge_pull(job, deps)
        case AcknowledgeMention():
            acknowledge_mention(job, deps)
        case PassMergeGroup() | RerunChecks():
            _of_a_commit(job, deps)
        case CancelPull():
            key = review_key(job.pull, job.head, Trigger("event"))
            closed = "the pull request was closed"
            look_later(job.pull, "closed", job.head, deps)
            deps.publisher.give_up(job.pull, job.head, key, closed, superseded=True)
        case ReviewPull():
            review(job, deps, last)
        case AnswerMention():
            answer(job, deps, last)
        case PublishReview():
            publish_review(job, deps, attempt, last)
        case PublishReply():
            publish_reply(job, deps)
        case ForgetInstallation() | TidyClone() | LookAtOutcomes():
            _when_idle(job, deps, last)


def _of_a_commit(job: PassMergeGroup | RerunChecks, deps: JobDeps) -> None:
    """What names no pull request."""
    if isinstance(job, PassMergeGroup):
        deps.publisher.pass_merge_group(PullRef(job.repository, 0), job.head)
        return
    for number in deps.pulls.checked_at(job.repository, job.head)[:MOST_RERUN]:
        pull = PullRef(job.repository, number)
        deps.queue.enqueue(AcknowledgePull(pull, job.head, job.trigger))
        deps.queue.enqueue(ReviewPull(pull, job.trigger))


def _when_idle(
    job: ForgetInstallation | TidyClone | LookAtOutcomes, deps: JobDeps, last: bool
) -> None:
    """What nobody waits for."""
    if isinstance(job, TidyClone):
        deps.tidy(job)
    elif isinstance(job, ForgetInstallation):
        deps.forget(job)
    elif job.cause == "thread":
        look_later(job.pull, "said", "", deps)  # whoever closes one thread often closes more
    else:
        look(job, deps.looking, deps.records, deps.wanted, last)


def _acknowledge_pull(job: AcknowledgePull, deps: JobDeps) -> None:
    """A head that was replaced meanwhile gets no check run: nobody would complete it."""
    now = deps.wanted.current(job.pull)
    if now.closed or now.head not in (None, job.head):
        return
    deps.publisher.acknowledge(job.pull, job.head, review_key(job.pull, job.head, job.trigger))
