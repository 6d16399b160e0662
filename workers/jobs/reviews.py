"""The making of a review, for an event or for a person who asked."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.jobs import Mention, PublishReview, ReviewPull, TidyClone
from bot.domain.pull_request import PullRef
from bot.errors import Stopped, Superseded, TransientError
from bot.github.words import notices
from workers.commands.review import asked_effort, asked_scope
from workers.commands.world import cannot
from workers.jobs.deps import JobDeps
from workers.jobs.endings import end, shown_error
from workers.pipeline import Deps, ReviewRequest, review_pull_request
from workers.review.scope import Scope
from workers.review.world import NO_MODEL
from workers.watch import ReviewWatch

_TIDY_AFTER_SECONDS = 60.0
"""Reviews of one repository come in bursts; the clone is tidied once for all of them."""


def review(job: ReviewPull, deps: JobDeps, last: bool) -> None:
    """One review of one pull request at a time: it is held while the review is made."""
    mention = job.trigger.mention
    with deps.wanted.hold(job.pull) as held:
        watch = ReviewWatch(job.pull, job.trigger, held, deps.wanted, deps.publisher)
        request = _request(job, held.paused_by)
        try:
            if held.closed:
                raise Superseded("the pull request was closed")
            if held.stopped:
                raise Stopped(f"{held.stopped_by} said stop")
            reviewed = review_pull_request(request, _world(job, deps, watch))
            watch.check()
        except Superseded as error:
            watch.give_up(error)
            if isinstance(error, Stopped):
                if mention is not None:
                    deps.publisher.settle(job.pull, mention)
                return
            if mention is not None and still_asked(job.pull, mention, deps, last):
                raise TransientError(f"{error}; what was asked for begins again", 1.0) from error
            return
        except Exception as error:
            if last or not isinstance(error, TransientError):
                watch.give_up(shown_error(error))
                if mention is not None:
                    why = notices.not_reviewed(str(shown_error(error)))
                    end(job.pull, mention, cannot(why), deps)
            raise
    deps.queue.enqueue(PublishReview(reviewed.pull.ref, reviewed.key, mention))
    deps.queue.enqueue(TidyClone(reviewed.pull.ref.repository), _TIDY_AFTER_SECONDS)


def _request(job: ReviewPull, paused_by: str) -> ReviewRequest:
    mention = job.trigger.mention
    return ReviewRequest(
        job.pull,
        job.trigger,
        asked=job.trigger.kind in ("mention", "rerequest"),
        effort=asked_effort(mention.command) if mention else None,
        scope=asked_scope(mention.command) if mention else Scope(),
        paused_by=paused_by,
    )


def still_asked(pull: PullRef, mention: Mention, deps: JobDeps, last: bool) -> bool:
    """A push does not undo what a person asked for; closing does, and they are told."""
    closed = deps.wanted.current(pull).closed
    if last or closed:
        why = "the pull request is closed" if closed else "it was pushed to again and again"
        end(pull, mention, cannot(notices.not_reviewed(why)), deps)
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
        outcomes=deps.looking.outcomes,
    )
