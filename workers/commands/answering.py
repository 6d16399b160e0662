"""`@plumbline help` and plain questions: words for the thread in which they were asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from bot.domain.conversation import Message, Step
from bot.domain.diff import ChangeSet
from bot.domain.jobs import AnswerMention
from bot.domain.pull_request import PullRequest
from bot.errors import LimitExceeded, ModelError
from bot.github import words
from bot.github.permalinks import permalink_base
from bot.ports import Code, Model, PullRequests, Repositories
from workers.context.budget import LIMITS
from workers.context.pack import pack_change
from workers.context.sources import Sources
from workers.model.conversation import Question, Session, ask
from workers.model.prompts import load_prompt
from workers.model.redaction import redact
from workers.model.rendering import visible
from workers.model.tools import Toolbox
from workers.repository.knowledge import understand
from workers.review.answers import Quote, evidence_of
from workers.review.authors_words import authors_words, nonce
from workers.review.budgets import Budgets
from workers.review.evidence import standing
from workers.review.plain_facts import fit_to_show
from workers.review.reading_policy import PolicyOverrides, path_rule, read_policy
from workers.review.room import prefix
from workers.review.triage import select


@dataclass(frozen=True, slots=True)
class Answering:
    """What answering needs of the outside world. `web_url`: where GitHub's pages are."""

    pulls: PullRequests
    repositories: Repositories
    model: Model | None
    handle: str
    web_url: str
    budgets: Budgets = field(default_factory=Budgets)


class Answered(BaseModel):
    """The model's answer to a person's question."""

    answer: str
    evidence: list[Quote]


class _Unwatched:
    """Nobody supersedes a question, and its stages are not shown."""

    def begin(self, pull: PullRequest, key: str) -> None:
        """Nothing to show."""

    def stage(self, name: str) -> None:
        """Nothing to show."""

    def check(self) -> None:
        """Always wanted."""


class _Unrecorded:
    """The answer itself is the record of a question."""

    def add(self, step: Step) -> None:
        """Nothing to keep."""


def answer(job: AnswerMention, world: Answering) -> str:
    """The whole reply, as it will be posted."""
    command = job.mention.command
    if command.verb == "help":
        return words.help_text(world.handle)
    if world.model is None:
        return words.question_without_model(world.handle, command.text)
    pull = world.pulls.read(job.pull)
    with world.repositories.open(pull) as code:
        try:
            return _from_code(command.text, pull, code, world.model, world)
        except (ModelError, LimitExceeded) as error:
            return words.question_failed(str(error))


def _from_code(question: str, pull: PullRequest, code: Code, model: Model, world: Answering) -> str:
    policy = read_policy(code, pull, PolicyOverrides())
    hidden, ignored = path_rule(policy.never_send), path_rule(policy.ignore)
    change, limits = code.changes(), LIMITS["standard"]
    sources = Sources(code, hidden)
    knowledge = fit_to_show(understand(code, change, pull.base_tip, ignored))
    read = select(change, ignored, hidden).read
    packs = pack_change(change, read, knowledge, sources, (), limits).packs
    budget = world.budgets.of(pull.ref, policy, "standard")
    toolbox = Toolbox(code, change.base, change.head, hidden)
    session = Session(model, toolbox, budget, _Unrecorded(), _Unwatched())
    shared = prefix(packs[0]) if packs else (Message("system", load_prompt("system").template),)
    answered = ask(_question(question, pull, shared), session)
    return _worded(answered, change, sources, permalink_base(pull.ref, world.web_url))


def _question(question: str, pull: PullRequest, shared: Sequence[Message]) -> Question[Answered]:
    prompt = load_prompt("answer")
    asked = visible(redact(question)[0])
    said = f"[question]\n{asked}\n\n{authors_words(pull).text}"
    return Question(
        room="answer",
        purpose="answer a question",
        messages=(*shared, Message("user", prompt.render(words=said, nonce=nonce()))),
        answer=Answered,
        prompt_version=prompt.tag,
    )


def _worded(answered: Answered, change: ChangeSet, sources: Sources, base: str) -> str:
    evidence = standing(evidence_of(answered.evidence, change), sources.lines)
    return words.answer(answered.answer, evidence, base)
