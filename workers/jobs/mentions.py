"""What people write to us: whether they may, that it was read, and the work or its answer."""

from __future__ import annotations

from bot.domain.jobs import (
    AcknowledgeMention,
    AnswerMention,
    Mention,
    ReviewPull,
    Trigger,
    reply_key,
)
from bot.domain.pull_request import PullRef
from bot.errors import TransientError
from bot.github import words
from bot.github.words import notices
from workers.commands.effects import AT_ONCE, EFFECTS
from workers.commands.pause import resume
from workers.commands.second_looks import is_heard
from workers.commands.standing import may_ask, standing_of
from workers.commands.thread_findings import as_meant
from workers.commands.world import Answering, Outcome, cannot
from workers.jobs.deps import JobDeps
from workers.jobs.endings import end, reply, shown_error


def acknowledge_mention(job: AcknowledgeMention, deps: JobDeps) -> None:
    """Check the right, show that it was read, and do it or enqueue it."""
    pull = job.pull
    mention = as_meant(pull, job.mention, deps.pulls, deps.records)
    verb = mention.command.verb
    with_model = deps.model is not None
    if verb == "dispute" and not is_heard(pull, mention, deps.pulls, deps.records, with_model):
        return
    if not _is_allowed(pull, mention, deps):
        return
    if not deps.publisher.react(pull, mention, "eyes"):
        return  # whoever wrote it took it back
    if verb == "review":
        deps.queue.enqueue(asked(pull, mention))
    elif verb == "resume":
        _resume(pull, mention, deps)
    elif verb in AT_ONCE:
        end(pull, mention, EFFECTS[verb](pull, mention, _answering(deps)), deps)
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
        end(pull, mention, Outcome(told, "confused"), deps)
    return permitted and allowed == "yes"


def _resume(pull: PullRef, mention: Mention, deps: JobDeps) -> None:
    """Automatic reviews go on; a review of what came meanwhile is the answer."""
    refused = resume(pull, _answering(deps))
    if refused is None:
        deps.queue.enqueue(asked(pull, mention))
    else:
        end(pull, mention, refused, deps)


def asked(pull: PullRef, mention: Mention) -> ReviewPull:
    """The review that a person asked for; its own beside those that events ask for."""
    return ReviewPull(pull, Trigger("mention", mention.name, mention))


def answer(job: AnswerMention, deps: JobDeps, last: bool) -> None:
    """Answer once: the words are recorded before they are posted."""
    text = deps.records.reply(reply_key(job.pull, job.mention))
    if text is None:
        try:
            effect = EFFECTS[job.mention.command.verb]
            outcome = effect(job.pull, job.mention, _answering(deps))
        except Exception as error:
            if last or not isinstance(error, TransientError):
                why = words.question_failed(f"{str(shown_error(error)).rstrip('.')}.")
                end(job.pull, job.mention, cannot(why), deps)
            raise
        end(job.pull, job.mention, outcome, deps)
    elif text:
        reply(job.pull, job.mention, text, deps)


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
