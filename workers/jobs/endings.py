"""How work for a person ends: a reaction, words that a job of its own posts, a look later."""

from __future__ import annotations

from bot.domain.jobs import LookAtOutcomes, LookCause, Mention, PublishReply, reply_key
from bot.domain.pull_request import PullRef
from bot.errors import PermanentError, PlumblineError
from workers.commands.world import Outcome
from workers.jobs.deps import JobDeps
from workers.outcomes import LOOK_AFTER_SECONDS


def end(pull: PullRef, mention: Mention, outcome: Outcome, deps: JobDeps) -> None:
    """Show how it ended; the reaction first, as the record of the words ends the work."""
    look_later(pull, "said", "", deps)
    if outcome.reaction:
        deps.publisher.react(pull, mention, outcome.reaction)
    if outcome.text:
        reply(pull, mention, outcome.text, deps)
    else:
        deps.publisher.settle(pull, mention)
        deps.records.keep_reply(reply_key(pull, mention), "")


def reply(pull: PullRef, mention: Mention, text: str, deps: JobDeps) -> None:
    """Record the words; a job of its own posts them."""
    key = reply_key(pull, mention)
    deps.records.keep_reply(key, text)
    deps.queue.enqueue(PublishReply(pull, mention, key))


def publish_reply(job: PublishReply, deps: JobDeps) -> None:
    """Post the recorded words, and take 👀 back."""
    text = deps.records.reply(job.reply_key)
    if text is None:
        raise PermanentError(f"reply {job.reply_key!r} is not on record: nothing to publish")
    deps.publisher.reply(job.pull, job.mention, job.reply_key, text)
    deps.publisher.settle(job.pull, job.mention)


def look_later(pull: PullRef, cause: LookCause, of: str, deps: JobDeps) -> None:
    """See soon, in a job of its own, what became of what was posted."""
    deps.queue.enqueue(LookAtOutcomes(pull, cause, of), LOOK_AFTER_SECONDS)


def shown_error(error: Exception) -> PlumblineError:
    """What is shown of an error; a bug's own text may hold anything."""
    if isinstance(error, PlumblineError):
        return error
    return PermanentError(f"an unexpected error ({type(error).__name__}); it is in the logs")
