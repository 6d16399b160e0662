"""`@plumbline <question>`: answered from the code, with citations that plain code checks."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from bot.domain.conversation import Message
from bot.domain.disputes import disputes
from bot.domain.jobs import Mention
from bot.domain.mention_parsing import mistyped_command
from bot.domain.pull_request import PullRef, PullRequest
from bot.errors import LimitExceeded, ModelError
from bot.github import words
from bot.github.words import notices
from workers.commands.dispute import look_again
from workers.commands.progress import AnswerProgress
from workers.commands.reading import (
    Reading,
    as_data,
    finding_words,
    line_words,
    may_be_shown,
    read_for_questions,
    thread_words,
)
from workers.commands.second_looks import looks_are_left
from workers.commands.thread_findings import ThreadFinding, finding_of_thread
from workers.commands.world import Answering, Outcome, cannot
from workers.model.conversation import Question
from workers.model.conversation import ask as ask_model
from workers.model.prompts import load_prompt
from workers.review.answers import Quote
from workers.review.authors_words import authors_words, nonce


class Answered(BaseModel):
    """The model's answer to a person's question."""

    answer: str
    evidence: list[Quote]


def ask(ref: PullRef, mention: Mention, world: Answering) -> Outcome:
    """The whole reply, as it will be posted."""
    asked = mention.command.text
    meant = mistyped_command(asked)
    if meant:
        return cannot(notices.did_you_mean(world.handle, meant))
    found = finding_of_thread(ref, mention, world.pulls, world.records)
    if found is not None and disputes(mention):
        looked = look_again(ref, mention, found, world)
        if looked is not None:
            return looked
    return _answer(ref, mention, found, world)


def _answer(
    ref: PullRef, mention: Mention, found: ThreadFinding | None, world: Answering
) -> Outcome:
    if world.model is None:
        return Outcome(words.question_without_model())
    pull = world.pulls.read(ref)
    with (
        AnswerProgress(ref, mention, world.publisher, world.clock) as progress,
        world.repositories.open(pull) as code,
    ):
        reading = read_for_questions(pull, code, world.model, world, progress)
        try:
            progress.asking()
            said = _words(mention, pull, found, reading, world)
            answered = ask_model(_question(said, reading.shared), reading.session)
        except (ModelError, LimitExceeded) as error:
            return cannot(words.question_failed(str(error)))
        return Outcome(_worded(answered, reading))


def _words(
    mention: Mention,
    pull: PullRequest,
    found: ThreadFinding | None,
    reading: Reading,
    world: Answering,
) -> str:
    """Question, finding or line, thread, author's words: all of it data."""
    parts = [("question", as_data(mention.command.text))]
    if found is None:
        parts += _line_and_thread(mention, pull, reading, world)
    elif may_be_shown(found.finding, reading.sources):
        parts.append(("finding of this thread", finding_words(found, pull.head)))
        parts.append(("thread", thread_words(pull, found.comment.id)))
        if not looks_are_left(pull.ref, found, world.records):
            parts.append(("who judges it", "People, from now on: it was looked at often enough."))
    shown = "\n\n".join(f"[{name}]\n{text}" for name, text in parts if text)
    return f"{shown}\n\n{authors_words(pull).text}"


def _line_and_thread(
    mention: Mention, pull: PullRequest, reading: Reading, world: Answering
) -> list[tuple[str, str]]:
    """What people talk about in a thread of theirs: else "is this slower?" has no "this"."""
    if mention.place != "review_comment":
        return []
    top = mention.in_reply_to or mention.comment_id
    first = world.pulls.comment(pull.ref, top)
    where = "" if first is None else line_words(first, reading.sources)
    if not where:
        return []
    parts = [("written on the last line of", where)]
    if mention.in_reply_to is not None:
        parts.append(("thread", thread_words(pull, top, whole=True)))
    return parts


def _question(said: str, shared: Sequence[Message]) -> Question[Answered]:
    prompt = load_prompt("answer")
    return Question(
        room="answer",
        purpose="answer a question",
        messages=(*shared, Message("user", prompt.render(words=said, nonce=nonce()))),
        answer=Answered,
        prompt_version=prompt.tag,
    )


def _worded(answered: Answered, reading: Reading) -> str:
    stand = reading.stands(answered.evidence)
    return words.answer(answered.answer, stand, len(answered.evidence), reading.base)
