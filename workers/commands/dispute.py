"""Somebody says in a finding's thread that it is wrong: look again, and admit it or prove it.

One look reads what is said and answers it: what contradicts nothing and asks for something, too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import BaseModel

from bot.domain.conversation import Message
from bot.domain.finding import Category, Evidence, Finding, Origin, Severity
from bot.domain.jobs import Mention
from bot.domain.learning import Taught
from bot.domain.pull_request import PullRef, PullRequest
from bot.domain.ruling import Ruling, RulingKind, rounds
from bot.errors import LimitExceeded, ModelError
from bot.github import words
from bot.github.permalinks import permalink_base
from bot.github.words import notices, settlements
from bot.ports import Model
from workers.commands.dismiss import take_off
from workers.commands.progress import AnswerProgress
from workers.commands.reading import (
    Reading,
    as_data,
    finding_words,
    may_be_shown,
    read_for_questions,
    thread_words,
)
from workers.commands.remember import learn_from, may_teach
from workers.commands.second_looks import is_settled, looks_are_left, tell_once
from workers.commands.thread_findings import ThreadFinding, finding_of_thread
from workers.commands.world import DONE, Answering, Outcome, cannot
from workers.model.conversation import Question, ask
from workers.model.prompts import load_prompt
from workers.review.answers import Quote
from workers.review.authors_words import nonce

_NEVER_ON_WORDS = (Category.SECURITY, Category.DATA)
_COMMENT_MARKS = ("#", "//", "/*", "*", "--", "<!--", ";", '"""', "'''")


class LookedAgain(BaseModel):
    """The model's second look; a claim until plain code has checked its quotes."""

    stance: Literal["contradicts", "agrees", "other"]
    verdict: Literal["withdraw", "mended", "stands", "undecided"]
    why: str
    reply: str = ""
    evidence: list[Quote]


def dispute(ref: PullRef, mention: Mention, world: Answering) -> Outcome:
    """The answer to what a person wrote in the thread; 👍 where it contradicts nothing."""
    found = finding_of_thread(ref, mention, world.pulls, world.records)
    return (None if found is None else look_again(ref, mention, found, world)) or DONE


def look_again(
    ref: PullRef, mention: Mention, found: ThreadFinding, world: Answering
) -> Outcome | None:
    """The answer to a statement in a finding's thread. None: it has to be asked as a question, as
    the finding is settled or the look gave nothing to say.
    """
    if is_settled(ref, found, world.records):
        return None
    if world.model is None:
        why = settlements.no_second_look(world.handle)
        return tell_once(ref, mention, found, why, world.records)
    if not looks_are_left(ref, found, world.records):
        why = settlements.looks_are_spent(world.handle)
        return tell_once(ref, mention, found, why, world.records)
    return _look(ref, mention, found, world.model, world)


def _look(
    ref: PullRef, mention: Mention, found: ThreadFinding, model: Model, world: Answering
) -> Outcome | None:
    """Verify what is said against the code."""
    pull = world.pulls.read(ref)
    with (
        AnswerProgress(ref, mention, world.publisher, world.clock) as progress,
        world.repositories.open(pull) as code,
    ):
        reading = read_for_questions(pull, code, model, world, progress)
        if not may_be_shown(found.finding, reading.sources):
            return cannot(settlements.hidden_from_models())
        progress.asking()
        try:
            looked = ask(_question(pull, mention, found, reading), reading.session)
        except (ModelError, LimitExceeded) as error:
            return cannot(words.question_failed(str(error)))
        evidence = reading.stands(looked.evidence)
    if looked.stance != "contradicts":
        return _spoken_to(mention, looked, evidence, reading.base, progress.told)
    shown = thread_words(pull, found.comment.id)
    if looked.verdict == "mended" and _gone(pull, found, evidence):
        return _mended(pull, looked, found, evidence, world)
    fresh = tuple(proof for proof in evidence if not _shown(proof, found.finding, shown))
    kind = _kind(looked, found.finding, evidence, fresh)
    borne_out = kind != "undecided" or looked.verdict == "undecided"
    why = " ".join(looked.why.split()) if borne_out else ""
    ruling = Ruling(found.finding.name, kind, why, mention.sender, mention.name)
    return _end(ref, mention, found, ruling, evidence if kind == "withdrawn" else fresh, world)


def _question(
    pull: PullRequest, mention: Mention, found: ThreadFinding, reading: Reading
) -> Question[LookedAgain]:
    prompt = load_prompt("dispute")
    to_us = "" if mention.command.verb == "dispute" else ", said to you"
    parts = (
        ("finding", finding_words(found, pull.head)),
        ("thread", thread_words(pull, found.comment.id)),
        (f"answer of {as_data(mention.sender)}{to_us}", as_data(mention.command.text)),
    )
    said = "\n\n".join(f"[{name}]\n{text}" for name, text in parts if text)
    return Question(
        room="answer",
        purpose="look into a dispute",
        messages=(*reading.shared, Message("user", prompt.render(words=said, nonce=nonce()))),
        answer=LookedAgain,
        prompt_version=prompt.tag,
    )


def _spoken_to(
    mention: Mention, looked: LookedAgain, evidence: tuple[Evidence, ...], base: str, told: bool
) -> Outcome | None:
    """What contradicts nothing: consent, people's talk, or a wish that was put to us.

    `told`: a word of progress promises an answer.
    """
    if looked.stance == "agrees" or mention.command.verb == "dispute":
        return Outcome(notices.nothing_to_add(), "+1") if told else DONE
    if not looked.reply.strip():
        return None
    return Outcome(words.answer(looked.reply, evidence, len(looked.evidence), base))


def _gone(pull: PullRequest, found: ThreadFinding, evidence: tuple[Evidence, ...]) -> bool:
    """Whether code that was pushed since is shown for it."""
    now = [proof for proof in evidence if proof.commit == pull.head and not _is_comment(proof)]
    return bool(now) and found.review.head != pull.head


def _mended(
    pull: PullRequest,
    looked: LookedAgain,
    found: ThreadFinding,
    evidence: tuple[Evidence, ...],
    world: Answering,
) -> Outcome:
    """The finding was right and is no more: nothing is withdrawn, nothing learnt from it.

    It counts as open until a review, which looks for itself, calls it fixed.
    """
    taken = world.publisher.resolve(pull.ref, (found.finding,), True)
    base = permalink_base(pull.ref, world.web_url)
    why = " ".join(looked.why.split())
    said = settlements.mended(why, evidence, base, found.review.head, pull.head)
    return Outcome(said if taken else f"{said} {settlements.not_resolved()}")


def _kind(
    looked: LookedAgain,
    finding: Finding,
    evidence: tuple[Evidence, ...],
    fresh: tuple[Evidence, ...],
) -> RulingKind:
    """What the model claims, as far as quotes bear it; what plain code found is not talked away."""
    if looked.verdict == "withdraw":
        needs_code = finding.category in _NEVER_ON_WORDS or finding.origin is Origin.CHECK
        code = [proof for proof in evidence if not _is_comment(proof)]
        return "withdrawn" if code or not needs_code else "undecided"
    return "upheld" if looked.verdict == "stands" and fresh else "undecided"


def _is_grave(finding: Finding) -> bool:
    """Whoever wrote the hole may have written the code that excuses it, too: a text in quotation
    marks is code. So only somebody who could merge it anyway has it struck out."""
    return finding.severity is Severity.P0 or finding.category in _NEVER_ON_WORDS


def _is_comment(proof: Evidence) -> bool:
    """Words that stand in a file: the author may have written them for this."""
    rows = [row.strip() for row in proof.quote.split("\n")]
    return all(row.startswith(_COMMENT_MARKS) for row in rows if row)


def _shown(proof: Evidence, finding: Finding, thread: str) -> bool:
    """Whether people have this proof before them already."""
    if f"{proof.path}:{proof.line}" in thread:
        return True
    return any(_same_place(proof, other) for other in finding.evidence)


def _same_place(proof: Evidence, other: Evidence) -> bool:
    """Lines of two commits are told apart by their text: a push moves them."""
    if proof.path != other.path:
        return False
    if proof.commit != other.commit:
        return proof.quote.strip() in other.quote or other.quote.strip() in proof.quote
    return proof.line <= other.end_line and other.line <= proof.end_line


def _end(
    ref: PullRef,
    mention: Mention,
    found: ThreadFinding,
    ruling: Ruling,
    evidence: tuple[Evidence, ...],
    world: Answering,
) -> Outcome:
    others = [one for one in world.records.rulings(ref) if one.source != ruling.source]
    nth = rounds(others, ruling.finding) + 1
    base = permalink_base(ref, world.web_url)
    if ruling.kind == "withdrawn":
        if _is_grave(found.finding) and not may_teach(ref, mention, world):
            world.records.rule(ref, replace(ruling, kind="undecided"))
            return Outcome(settlements.left_to_people(ruling.reason, evidence, base))
        taught = _borne_out(ref, mention, found, ruling, evidence, world)
        take_off(ref, found, ruling, taught, world)
        return Outcome(settlements.withdrawn(ruling.reason, evidence, base))
    world.records.rule(ref, ruling)
    if ruling.kind == "upheld":
        return Outcome(settlements.upheld(ruling.reason, evidence, base, nth))
    return Outcome(settlements.undecided(ruling.reason, nth))


def _borne_out(
    ref: PullRef,
    mention: Mention,
    found: ThreadFinding,
    ruling: Ruling,
    evidence: tuple[Evidence, ...],
    world: Answering,
) -> Taught | None:
    """What it teaches, where code bore the reason out."""
    return learn_from(ref, mention, found.finding, ruling, world) if evidence else None
