"""Findings of a kind that the team taught not to raise get the fate `dismissed`, in sight of all.

Which learning covers which finding is said by the look that verifies them: it has read the
learnings anyway, and answers after its verdicts. Its word is a claim. Never P0, never security,
never data, and only where the quote stands: plain code sees to it. What people dismissed with a
reason in one pull request is known in the next by fingerprint and quote; that needs no model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.finding import Category, Fate, Finding, Severity
from bot.domain.identifiers import RepositoryId
from bot.domain.learning import Learning, cites_the_same
from workers.context.learnings import shown_words
from workers.model.markers import fresh_marker
from workers.model.prompts import Prompt
from workers.review.answers import TaughtWord
from workers.review.evidence import Lines

_NEVER = (Category.SECURITY, Category.DATA)
_FEWEST_WORDS = 3
_FACTS = (
    "Plain code found these. They hold, so give no verdict on them; only this second question is "
    "about them too.\n\n{facts}\n\n"
)


@dataclass(frozen=True, slots=True)
class Excuse:
    """A model's word that a learning covers a finding, and what it quotes of it."""

    learning: Learning
    quote: str


Excuses = Mapping[tuple[str, int | None], Excuse]
"""By the finding's id and line, which a verdict does not change."""


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
    """What is known of this repository.

    `shown`: whether the policy lets a finding be shown at all; what it keeps back is not weighed.
    """

    known: Sequence[Learning]
    home: RepositoryId
    shown: Callable[[Finding], bool]


@dataclass(frozen=True, slots=True)
class Weighing:
    """The second question of a verification: which finding a learning covers.

    `learnings`: those that the verification may read; `shown` as for `Memory`; `lines` reads what
    a model may.
    """

    learnings: Sequence[Learning]
    shown: Callable[[Finding], bool]
    lines: Lines

    def takes(self, fact: Finding) -> bool:
        """Whether something that nobody verifies is put for this question alone."""
        read = all(self.lines(item.commit, item.path) is not None for item in fact.evidence)
        return _may_be_silenced(fact) and self.shown(fact) and read and bool(self.about([fact]))

    def about(self, findings: Sequence[Finding]) -> tuple[Learning, ...]:
        """The learnings that could take one of these off the table; a severity may still change."""
        able = [finding for finding in findings if finding.category not in _NEVER]
        return tuple(
            one for one in self.learnings if any(one.covers(f.path, f.category) for f in able)
        )


def second_question(prompt: Prompt, about: Sequence[Learning], facts: str) -> str:
    """What follows the findings; `facts` are put for this alone, "" where there are none."""
    told = (f"{number}. {shown_words(one)}" for number, one in enumerate(about, 1))
    return prompt.render(
        facts=_FACTS.format(facts=facts) if facts else "",
        learnings="\n\n".join(told),
        nonce=fresh_marker(),
    )


def excuses(
    words: Sequence[TaughtWord], first: int, asked: Sequence[Finding], about: Sequence[Learning]
) -> Excuses:
    """The words that name something which was put, by finding; nothing is checked yet.

    `first`: the number of the first of those asked about.
    """
    return {
        _key(asked[word.number - first]): Excuse(about[word.learning - 1], word.quote)
        for word in words
        if first <= word.number < first + len(asked) and 1 <= word.learning <= len(about)
    }


def silence(findings: Sequence[Finding], memory: Memory, said: Excuses) -> Silenced:
    """Fold what was taught not to be raised: known again by plain code, or excused by its words."""
    folded: dict[Finding, tuple[Learning, str]] = {}
    for finding in findings:
        if not _may_be_silenced(finding) or not memory.shown(finding):
            continue
        again = _dismissed_before(finding, memory.known)
        excuse = said.get(_key(finding))
        if again is not None:
            folded[finding] = again, shown_words(again)
        elif excuse is not None and _holds(excuse, finding):
            folded[finding] = excuse.learning, excuse.quote
    by = {one.key: one for one, _ in folded.values()}
    return Silenced(
        tuple(_folded(f, *folded[f], memory.home) if f in folded else f for f in findings),
        by=tuple(by[key] for key in sorted(by)),
    )


def _key(finding: Finding) -> tuple[str, int | None]:
    return finding.id, finding.line


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


def _holds(excuse: Excuse, finding: Finding) -> bool:
    """It is about such findings there, and these are its words: enough of them, or all."""
    said, text = " ".join(excuse.quote.split()), shown_words(excuse.learning)
    enough = len(said.split()) >= _FEWEST_WORDS or said == text
    covered = excuse.learning.covers(finding.path, finding.category)
    return bool(said) and enough and said in text and covered


def _folded(finding: Finding, learning: Learning, quote: str, home: RepositoryId) -> Finding:
    label, first = learning.label(home), learning.first
    place = f", {first.link}" if first.link else ""
    words = " ".join(quote.split())
    reason = f'learning {label}, by {first.author} on {first.date}{place} says "{words}"'
    return replace(finding, fate=Fate.DISMISSED, reason=reason, silenced_by=label)
