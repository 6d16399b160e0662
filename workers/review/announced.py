"""Findings whose very consequence the author plainly announces are folded as `intended`.

Their text can demote a finding in sight of all; it can never delete one, and it can never touch
security or data loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.conversation import Message
from bot.domain.diff import ChangeSet
from bot.domain.finding import Category, Fate, Finding, Origin, Severity
from bot.errors import LimitExceeded, ModelError
from workers.context.pack import Pack
from workers.model.conversation import Question, Session, ask
from workers.model.prompts import load_prompt
from workers.review.answers import AnnouncedAnswer
from workers.review.authors_words import AuthorsWords, nonce
from workers.review.evidence import Lines
from workers.review.room import prefix
from workers.review.verify import as_put

_NEVER = (Category.SECURITY, Category.DATA)
_FEWEST_WORDS = 3


def fold_announced(
    findings: Sequence[Finding],
    words: AuthorsWords,
    pack: Pack,
    change: ChangeSet,
    lines: Lines,
    session: Session,
) -> list[Finding]:
    """Ask, only where the words name what a finding is about, and fold what they announce.

    A failure of the model leaves the findings as they are.

    Raises:
        Superseded: nobody wants the review any more.
    """
    asked = [f for f in findings if _may_be_announced(f, words) and _may_be_shown(f, lines)]
    if not asked:
        return list(findings)
    try:
        answer = ask(_question(asked, words, pack, change), session)
    except (ModelError, LimitExceeded):
        return list(findings)
    quotes = {
        result.number: result.quote
        for result in answer.results
        if result.announced and _is_announcement(result.quote, words)
    }
    folded = {
        finding: replace(
            finding,
            fate=Fate.INTENDED,
            reason=f'the author announces it: "{" ".join(quotes[number].split())}"',
        )
        for number, finding in enumerate(asked, 1)
        if number in quotes
    }
    return [folded.get(finding, finding) for finding in findings]


def _may_be_announced(finding: Finding, words: AuthorsWords) -> bool:
    if finding.fate or finding.category in _NEVER or finding.severity is Severity.P0:
        return False
    if finding.origin is Origin.INTENT:
        return False
    stem = finding.path.rpartition("/")[2].partition(".")[0]
    names = {finding.symbol.rpartition(".")[2].rstrip("()"), stem}
    return any(len(name) > 2 and name.lower() in words.text.lower() for name in names)


def _may_be_shown(finding: Finding, lines: Lines) -> bool:
    """Plain code's facts may quote files that the policy sends to no model."""
    return all(lines(item.commit, item.path) is not None for item in finding.evidence)


def _is_announcement(quote: str, words: AuthorsWords) -> bool:
    """The author's own words, and enough of them to announce anything."""
    return len(quote.split()) >= _FEWEST_WORDS and words.says("body", quote) is not None


def _question(
    asked: Sequence[Finding], words: AuthorsWords, pack: Pack, change: ChangeSet
) -> Question[AnnouncedAnswer]:
    prompt = load_prompt("announced")
    put = "\n\n".join(as_put(number, finding, change) for number, finding in enumerate(asked, 1))
    return Question(
        room="intent",
        purpose="announced by the author?",
        messages=(
            *prefix(pack),
            Message("user", prompt.render(findings=put, words=words.text, nonce=nonce())),
        ),
        answer=AnnouncedAnswer,
        prompt_version=prompt.tag,
        tier="fast",
        tools=False,
        max_rounds=1,
    )
