"""Findings of a kind that the team taught not to raise get the fate `dismissed`, in sight of all.

Never P0, never security, never data: plain code sees to it before and after the model's word. What
people dismissed with a reason in one pull request is known in the next by fingerprint and quote;
that needs no model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.conversation import Message
from bot.domain.diff import ChangeSet
from bot.domain.finding import Category, Fate, Finding, Severity
from bot.domain.identifiers import RepositoryId
from bot.domain.learning import Learning, cites_the_same
from bot.errors import LimitExceeded, ModelError
from workers.context.learnings import shown_words
from workers.context.pack import Pack
from workers.model.conversation import Question, Session, ask
from workers.model.prompts import load_prompt
from workers.review.answers import TaughtAnswer
from workers.review.authors_words import nonce
from workers.review.evidence import Lines
from workers.review.room import prefix
from workers.review.verify import as_put

_NEVER = (Category.SECURITY, Category.DATA)
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Silenced:
    """All findings. `given`: the learnings that a model read; `by`: those that took a finding off
    the table.
    """

    findings: tuple[Finding, ...]
    given: tuple[Learning, ...] = ()
    by: tuple[Learning, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of this repository, and of that what is about this change.

    `shown`: whether the policy lets a finding be shown at all; what it keeps back is not weighed.
    """

    known: Sequence[Learning]
    matching: Sequence[Learning]
    home: RepositoryId
    shown: Callable[[Finding], bool]


@dataclass(frozen=True, slots=True)
class Asking:
    """What a model is asked with."""

    pack: Pack
    change: ChangeSet
    lines: Lines
    session: Session


def silence(findings: Sequence[Finding], memory: Memory, asking: Asking | None) -> Silenced:
    """Fold what was taught not to be raised; `asking` None: only what needs no model.

    A failure of the model leaves the findings as they are.

    Raises:
        Superseded: nobody wants the review any more.
    """
    opened = [f for f in findings if _may_be_silenced(f) and memory.shown(f)]
    again = {f: one for f in opened if (one := _dismissed_before(f, memory.known))}
    left = [f for f in opened if f not in again]
    words = _Words({}) if asking is None else _weighed(left, memory, asking)
    folded = {f: _folded(f, one, shown_words(one), memory) for f, one in again.items()}
    folded |= {f: _folded(f, one, quote, memory) for f, (one, quote) in words.said.items()}
    by = {one.key: one for one in (*again.values(), *(one for one, _ in words.said.values()))}
    return Silenced(
        tuple(folded.get(finding, finding) for finding in findings),
        tuple(words.weighed),
        tuple(by[key] for key in sorted(by)),
    )


def _may_be_silenced(finding: Finding) -> bool:
    return (
        finding.fate is None
        and finding.severity is not Severity.P0
        and finding.category not in _NEVER
    )


def _dismissed_before(finding: Finding, known: Sequence[Learning]) -> Learning | None:
    """The learning that was made of the same finding, on the same code."""
    for learning in known:
        for teaching in learning.teachings:
            same = teaching.fingerprint == finding.fingerprint
            if same and cites_the_same(finding, teaching):
                return learning
    return None


@dataclass(frozen=True, slots=True)
class _Words:
    """What a model said, as far as plain code lets it stand: finding -> learning and quote."""

    said: Mapping[Finding, tuple[Learning, str]]
    weighed: Sequence[Learning] = field(default=())


def _weighed(findings: Sequence[Finding], memory: Memory, asking: Asking) -> _Words:
    asked = [
        finding
        for finding in findings
        if _may_be_shown(finding, asking.lines)
        and any(one.covers(finding.path, finding.category) for one in memory.matching)
    ]
    about = [one for one in memory.matching if any(one.covers(f.path, f.category) for f in asked)]
    if not asked:
        return _Words({})
    try:
        answer = ask(_question(asked, about, asking), asking.session)
    except (ModelError, LimitExceeded):
        return _Words({}, about)
    said = {
        asked[word.number - 1]: (about[word.learning - 1], word.quote)
        for word in answer.results
        if 1 <= word.number <= len(asked) and 1 <= word.learning <= len(about)
    }
    held = {f: (one, quote) for f, (one, quote) in said.items() if _says(one, quote, f)}
    return _Words(held, about)


def _may_be_shown(finding: Finding, lines: Lines) -> bool:
    """Plain code's facts may quote files that the policy sends to no model."""
    return all(lines(item.commit, item.path) is not None for item in finding.evidence)


def _says(learning: Learning, quote: str, finding: Finding) -> bool:
    """It is about such findings there, and these are its words: enough of them, or all."""
    said, text = " ".join(quote.split()), shown_words(learning)
    enough = len(said.split()) >= _FEWEST_WORDS or said == text
    return (
        bool(said) and enough and said in text and learning.covers(finding.path, finding.category)
    )


def _folded(finding: Finding, learning: Learning, quote: str, memory: Memory) -> Finding:
    label, first = learning.label(memory.home), learning.first
    place = f", {first.link}" if first.link else ""
    words = " ".join(quote.split())
    reason = f'learning {label}, by {first.author} on {first.date}{place} says "{words}"'
    return replace(finding, fate=Fate.DISMISSED, reason=reason, silenced_by=label)


def _question(
    asked: Sequence[Finding], about: Sequence[Learning], asking: Asking
) -> Question[TaughtAnswer]:
    prompt = load_prompt("taught")
    put = [as_put(number, finding, asking.change) for number, finding in enumerate(asked, 1)]
    told = [f"{number}. {shown_words(one)}" for number, one in enumerate(about, 1)]
    text = prompt.render(findings="\n\n".join(put), learnings="\n\n".join(told), nonce=nonce())
    return Question(
        room="intent",
        purpose="taught by the team?",
        messages=(*prefix(asking.pack), Message("user", text)),
        answer=TaughtAnswer,
        prompt_version=prompt.tag,
        tier="fast",
        tools=False,
        max_rounds=1,
    )
