"""Posts a review that is on record, and tells who asked when GitHub does not take it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.jobs import Mention, PublishReview
from bot.domain.pull_request import PullRef
from bot.domain.review import Review
from bot.errors import PermanentError, PlumblineError, Superseded, TransientError
from bot.github.words import notices
from workers.commands.review import outcome
from workers.commands.world import Outcome, cannot
from workers.jobs.deps import JobDeps
from workers.jobs.endings import end, look_later
from workers.jobs.mentions import asked
from workers.jobs.reviews import still_asked


def publish_review(job: PublishReview, deps: JobDeps, attempt: int, last: bool) -> None:
    """Post it once; only the class that it may propose is settled here, all else is on record."""
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
        if job.mention is not None and still_asked(job.pull, job.mention, deps, last):
            deps.queue.enqueue(asked(job.pull, job.mention))
        return
    except PlumblineError as error:
        if last or not isinstance(error, TransientError):
            why = f"the review was made but could not be posted: {error}"
            _not_proposed(job, review, deps)
            deps.publisher.give_up(job.pull, review.head, job.review_key, why, superseded=False)
            if job.mention is not None:
                end(job.pull, job.mention, cannot(notices.not_posted(str(error))), deps)
        raise
    deps.records.published(job.review_key, posted)
    look_later(job.pull, "posted", job.review_key, deps)
    if job.mention is not None:
        _review_is_done(job.pull, job.mention, review, posted is not None, deps)


def _review_is_done(
    pull: PullRef, mention: Mention, review: Review, posted: bool, deps: JobDeps
) -> None:
    """What was posted is the answer to who asked; else they get 👍 and one line."""
    if posted:
        deps.publisher.settle(pull, mention)
    else:
        end(pull, mention, Outcome(outcome(pull, review, deps.web_url), "+1"), deps)


def _proposing_once(job: PublishReview, review: Review, deps: JobDeps) -> Review:
    """Reviews of other pull requests may have found the same class: the first to post has it."""
    if review.proposal is None:
        return review
    ours = deps.looking.outcomes.propose(job.pull, review.proposal, job.review_key)
    return review if ours else replace(review, proposal=None)


def _not_proposed(job: PublishReview, review: Review, deps: JobDeps) -> None:
    """It was not posted after all: another review may."""
    if review.proposal is not None:
        deps.looking.outcomes.not_proposed(job.review_key)
