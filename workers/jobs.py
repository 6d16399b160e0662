"""What each kind of job does. RQ calls `perform` through `workers.queue.entry`.

Level-triggered: a job says only "look at this pull request"; what is wanted is read again.
Every job may run twice (a worker was killed): each is idempotent by its key.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.domain.jobs import (
    AcknowledgeMention,
    AcknowledgePull,
    AnswerMention,
    CancelPull,
    ForgetInstallation,
    Job,
    LookAtOutcomes,
    LookCause,
    Mention,
    PassMergeGroup,
    PublishReply,
    PublishReview,
    ReviewPull,
    TidyClone,
    Trigger,
    reply_key,
    review_key,
)
from bot.domain.pull_request import PullRef
from bot.domain.review import Review
from bot.errors import PermanentError, PlumblineError, Stopped, Superseded, TransientError
from bot.github import notices, words
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
from workers.commands.effects import AT_ONCE, EFFECTS
from workers.commands.pause import resume
from workers.commands.review import asked_effort, asked_scope, outcome
from workers.commands.standing import is_disputable, may_ask, standing_of
from workers.commands.world import Answering, Outcome, cannot
from workers.outcomes import LOOK_AFTER_SECONDS, Looking, look
from workers.pipeline import Deps, ReviewRequest, review_pull_request
from workers.review.budgets import Budgets
from workers.review.noted_outcomes import NO_OUTCOMES
from workers.review.scope import Scope
from workers.review.world import NO_MODEL
from workers.watch import ReviewWatch

_TIDY_AFTER_SECONDS = 60.0
"""Reviews of one repository come in bursts; the clone is tidied once for all of them."""


@dataclass(frozen=True, slots=True)
class JobDeps:
    """The outside world of the jobs. `handle` gives the name people mention.

    `looking` is None where nobody keeps outcomes.
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
    forget: Callable[[ForgetInstallation], None]
    tidy: Callable[[TidyClone], None]
    handle: Callable[[], str]
    web_url: str
    releases: Releases | None = None
    budgets: Budgets = field(default_factory=Budgets)
    clock: Callable[[], float] = time.monotonic
    looking: Looking | None = None


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
            _acknowledge_mention(job, deps)
        case PassMergeGroup():
            deps.publisher.pass_merge_group(PullRef(job.repository, 0), job.head)
        case CancelPull():
            key = review_key(job.pull, job.head, Trigger("event"))
            closed = "the pull request was closed"
            _look_later(job.pull, "closed", job.head, deps)
            deps.publisher.give_up(job.pull, job.head, key, closed, superseded=True)
        case ReviewPull():
            _review(job, deps, last)
        case AnswerMention():
            _answer(job, deps, last)
        case PublishReview():
            _publish_review(job, deps, attempt, last)
        case PublishReply():
            _publish_reply(job, deps)
        case ForgetInstallation() | TidyClone() | LookAtOutcomes():
            _when_idle(job, deps, last)


def _when_idle(
    job: ForgetInstallation | TidyClone | LookAtOutcomes, deps: JobDeps, last: bool
) -> None:
    """What nobody waits for."""
    if isinstance(job, TidyClone):
        deps.tidy(job)
    elif isinstance(job, ForgetInstallation):
        deps.forget(job)
    elif job.cause == "thread":
        _look_later(job.pull, "said", "", deps)  # whoever closes one thread often closes more
    elif deps.looking is not None:
        look(job, deps.looking, deps.records, deps.wanted, last)


def _look_later(pull: PullRef, cause: LookCause, of: str, deps: JobDeps) -> None:
    """See soon, in a job of its own, what became of what was posted."""
    if deps.looking is not None:
        deps.queue.enqueue(LookAtOutcomes(pull, cause, of), LOOK_AFTER_SECONDS)


def _acknowledge_pull(job: AcknowledgePull, deps: JobDeps) -> None:
    """A head that was replaced meanwhile gets no check run: nobody would complete it."""
    now = deps.wanted.current(job.pull)
    if now.closed or now.head not in (None, job.head):
        return
    deps.publisher.acknowledge(job.pull, job.head, review_key(job.pull, job.head, job.trigger))


def _acknowledge_mention(job: AcknowledgeMention, deps: JobDeps) -> None:
    """Check the right, show that it was read, and do it or enqueue it."""
    pull, mention = job.pull, job.mention
    verb = mention.command.verb
    if verb == "dispute" and not _worth_a_look(pull, mention, deps):
        return
    if not _is_allowed(pull, mention, deps):
        return
    if not deps.publisher.react(pull, mention, "eyes"):
        return  # whoever wrote it took it back
    if verb == "review":
        deps.queue.enqueue(_asked(pull, mention))
    elif verb == "resume":
        _resume(pull, mention, deps)
    elif verb in AT_ONCE:
        _end(pull, mention, EFFECTS[verb](pull, mention, _answering(deps)), deps)
    else:
        deps.queue.enqueue(AnswerMention(pull, mention))


def _is_allowed(pull: PullRef, mention: Mention, deps: JobDeps) -> bool:
    """Whether the person may, and has not asked for too much; else they were told, or need not be.

    Guests are counted before the policy is read, so that a flood of theirs costs a look-up each.
    """
    standing = standing_of(pull, mention.sender, deps.pulls)
    guest = standing.guest
    allowed = deps.allowances.take(pull, mention, guest) if guest else "yes"
    if allowed == "silence":
        return False
    permitted = may_ask(pull, mention, standing, deps.pulls, deps.records)
    for_others = mention.command.verb in ("dispute", "thanks")  # said to them, or asks for nothing
    if not permitted and (for_others or not standing.author):
        if not for_others:
            deps.publisher.react(pull, mention, "confused")
        return False
    if not guest:
        allowed = deps.allowances.take(pull, mention, guest)
    if not permitted or allowed != "yes":
        told = {"yes": notices.write_access_needed(), "no": notices.too_many()}.get(allowed, "")
        _end(pull, mention, Outcome(told, "confused"), deps)
    return permitted and allowed == "yes"


def _worth_a_look(pull: PullRef, mention: Mention, deps: JobDeps) -> bool:
    """Whether an answer without a mention is said to us: people talk to each other in threads."""
    return deps.model is not None and is_disputable(pull, mention, deps.pulls, deps.records)


def _resume(pull: PullRef, mention: Mention, deps: JobDeps) -> None:
    """Automatic reviews go on; a review of what came meanwhile is the answer."""
    refused = resume(pull, _answering(deps))
    if refused is None:
        deps.queue.enqueue(_asked(pull, mention))
    else:
        _end(pull, mention, refused, deps)


def _asked(pull: PullRef, mention: Mention) -> ReviewPull:
    """The review that a person asked for; its own beside those that events ask for."""
    return ReviewPull(pull, Trigger("mention", mention.name, mention))


def _review(job: ReviewPull, deps: JobDeps, last: bool) -> None:
    """One review of one pull request at a time: it is held while the review is made."""
    mention = job.trigger.mention
    with deps.wanted.hold(job.pull) as held:
        watch = ReviewWatch(job.pull, job.trigger, held, deps.wanted, deps.publisher)
        request = ReviewRequest(
            job.pull,
            job.trigger,
            asked=job.trigger.kind in ("mention", "rerequest"),
            effort=asked_effort(mention.command) if mention else None,
            scope=asked_scope(mention.command) if mention else Scope(),
            paused_by=held.paused_by,
        )
        try:
            if held.closed:
                raise Superseded("the pull request was closed")
            reviewed = review_pull_request(request, _world(job, deps, watch))
            watch.check()
        except Superseded as error:
            watch.give_up(error)
            if isinstance(error, Stopped):
                if mention is not None:
                    deps.publisher.settle(job.pull, mention)
                return
            if mention is not None and _still_asked(job.pull, mention, deps, last):
                raise TransientError(f"{error}; what was asked for begins again", 1.0) from error
            return
        except Exception as error:
            if last or not isinstance(error, TransientError):
                watch.give_up(_told(error))
                if mention is not None:
                    why = notices.not_reviewed(str(_told(error)))
                    _end(job.pull, mention, cannot(why), deps)
            raise
    deps.queue.enqueue(PublishReview(reviewed.pull.ref, reviewed.key, mention))
    deps.queue.enqueue(TidyClone(reviewed.pull.ref.repository), _TIDY_AFTER_SECONDS)


def _still_asked(pull: PullRef, mention: Mention, deps: JobDeps, last: bool) -> bool:
    """A push does not undo what a person asked for; closing does, and they are told."""
    closed = deps.wanted.current(pull).closed
    if last or closed:
        why = "the pull request is closed" if closed else "it was pushed to again and again"
        _end(pull, mention, cannot(notices.not_reviewed(why)), deps)
        return False
    return True


def _world(job: ReviewPull, deps: JobDeps, watch: ReviewWatch) -> Deps:
    """A moved base changes what the code stands on, not what was said of it: no model is asked."""
    world = Deps(
        deps.pulls,
        deps.repositories,
        None,
        deps.records,
        watch,
        no_model="The base branch changed, so only the contract checks ran again",
        learnings=deps.learnings,
    )
    if job.trigger.kind == "retargeted":
        return world
    return replace(
        world,
        model=deps.model,
        no_model=NO_MODEL,
        releases=deps.releases,
        budgets=deps.budgets,
        outcomes=deps.looking.outcomes if deps.looking else NO_OUTCOMES,
    )


def _told(error: Exception) -> PlumblineError:
    """What is shown of an error; a bug's own text may hold anything."""
    if isinstance(error, PlumblineError):
        return error
    return PermanentError(f"an unexpected error ({type(error).__name__}); it is in the logs")


def _publish_review(job: PublishReview, deps: JobDeps, attempt: int, last: bool) -> None:
    review = deps.records.review(job.review_key)
    if review is None:
        raise PermanentError(f"review {job.review_key!r} is not on record: nothing to publish")
    review = _proposing_once(job, review, deps)
    try:
        posted = deps.publisher.publish(job.pull, review, job.review_key, attempt)
    except Superseded as error:
        why = str(error)
        _not_proposed(job, review, deps)
        deps.publisher.give_up(job.pull, review.head, job.review_key, why, superseded=True)
        if job.mention is not None and _still_asked(job.pull, job.mention, deps, last):
            deps.queue.enqueue(_asked(job.pull, job.mention))
        return
    except PlumblineError as error:
        if last or not isinstance(error, TransientError):
            why = f"the review was made but could not be posted: {error}"
            _not_proposed(job, review, deps)
            deps.publisher.give_up(job.pull, review.head, job.review_key, why, superseded=False)
            if job.mention is not None:
                _end(job.pull, job.mention, cannot(notices.not_posted(str(error))), deps)
        raise
    deps.records.published(job.review_key, posted)
    _look_later(job.pull, "posted", job.review_key, deps)
    if job.mention is not None:
        _review_is_done(job.pull, job.mention, review, posted is not None, deps)


def _review_is_done(
    pull: PullRef, mention: Mention, review: Review, posted: bool, deps: JobDeps
) -> None:
    """What was posted is the answer to who asked; else they get 👍 and one line."""
    if posted:
        deps.publisher.settle(pull, mention)
    else:
        _end(pull, mention, Outcome(outcome(pull, review, deps.web_url), "+1"), deps)


def _proposing_once(job: PublishReview, review: Review, deps: JobDeps) -> Review:
    """Reviews of other pull requests may have found the same class: the first to post has it."""
    if review.proposal is None or deps.looking is None:
        return review
    ours = deps.looking.outcomes.propose(job.pull, review.proposal, job.review_key)
    return review if ours else replace(review, proposal=None)


def _not_proposed(job: PublishReview, review: Review, deps: JobDeps) -> None:
    """It was not posted after all: another review may."""
    if review.proposal is not None and deps.looking is not None:
        deps.looking.outcomes.not_proposed(job.review_key)


def _answer(job: AnswerMention, deps: JobDeps, last: bool) -> None:
    """Answer once: the words are recorded before they are posted."""
    text = deps.records.reply(reply_key(job.pull, job.mention))
    if text is None:
        try:
            effect = EFFECTS[job.mention.command.verb]
            outcome = effect(job.pull, job.mention, _answering(deps))
        except Exception as error:
            if last or not isinstance(error, TransientError):
                why = words.question_failed(f"{str(_told(error)).rstrip('.')}.")
                _end(job.pull, job.mention, cannot(why), deps)
            raise
        _end(job.pull, job.mention, outcome, deps)
    elif text:
        _reply(job.pull, job.mention, text, deps)


def _answering(deps: JobDeps) -> Answering:
    return Answering(
        deps.pulls,
        deps.repositories,
        deps.model,
        deps.records,
        deps.publisher,
        deps.wanted,
        deps.learnings,
        deps.handle(),
        deps.web_url,
        deps.budgets,
        deps.clock,
    )


def _end(pull: PullRef, mention: Mention, outcome: Outcome, deps: JobDeps) -> None:
    """Show how it ended; the reaction first, as the record of the words ends the work."""
    _look_later(pull, "said", "", deps)
    if outcome.reaction:
        deps.publisher.react(pull, mention, outcome.reaction)
    if outcome.text:
        _reply(pull, mention, outcome.text, deps)
    else:
        deps.publisher.settle(pull, mention)
        deps.records.keep_reply(reply_key(pull, mention), "")


def _reply(pull: PullRef, mention: Mention, text: str, deps: JobDeps) -> None:
    """Record the words; a job of its own posts them."""
    key = reply_key(pull, mention)
    deps.records.keep_reply(key, text)
    deps.queue.enqueue(PublishReply(pull, mention, key))


def _publish_reply(job: PublishReply, deps: JobDeps) -> None:
    text = deps.records.reply(job.reply_key)
    if text is None:
        raise PermanentError(f"reply {job.reply_key!r} is not on record: nothing to publish")
    deps.publisher.reply(job.pull, job.mention, job.reply_key, text)
    deps.publisher.settle(job.pull, job.mention)
