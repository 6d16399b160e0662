"""What shows by its form alone that something is asked, and what the record answers. Pure.

No model is asked: a statement that is taken for a question, or the other way round, is still read
by whoever answers it.
"""

from __future__ import annotations

import re

from bot.domain.agreement import QUESTION_MARKS, agrees
from bot.domain.commands import Command

_MARKED = re.compile(rf"[{QUESTION_MARKS}](?=[^\w\s]*(?:\s|\Z))")
"""At the end of a word: in addresses and code the mark stands within."""
_PARTICLE = re.compile(r"[\u304b\u5417\u55ce\u5462][\u3002.\s]*\Z")
"""What ends a question in Japanese and Chinese, where the mark is often left out."""
_REQUEST = re.compile(
    r"(?ai:(?:please\s+)?(?:(?:can|could|would|will) you|show|list|tell|explain|describe|find"
    r"|summari[sz]e|compare)\b)"
)
_THIS = r"(?:this|that|it|(?:this|that|the) (?:finding|comment|remark)|this one)"
_EXPLAINED = re.compile(rf"(?:(?:can|could|would) you )?explain {_THIS}")
_WHY = re.compile(
    rf"why {_THIS}"
    rf"|why (?:is|was) {_THIS}(?: (?:here|there|posted|raised|reported|flagged|found))"
    rf"|why (?:did|do) you (?:post|raise|report|flag|say) {_THIS}"
)
_WORD = re.compile(r"[^\W_]+")
_POLITE = frozenset({"please", "pls", "thanks", "thx"})


def asks(text: str) -> bool:
    """Whether it ends with a question, thanks apart, or begins with a request for something."""
    said = text.strip()
    ends = [mark.end() for mark in _MARKED.finditer(said)]
    if ends and agrees(said[ends[-1] :]):
        return True
    return bool(_PARTICLE.search(said) or _REQUEST.match(said))


def asked_of_the_record(text: str) -> Command | None:
    """What these words ask for in a finding's thread, where "this" is the finding: `explain this`,
    `why was this posted?`; None where they ask something else.
    """
    words = [word for word in _WORD.findall(text[:_LONGEST].lower()) if word not in _POLITE]
    said = " ".join(words)
    if len(text) > _LONGEST:
        return None
    if _EXPLAINED.fullmatch(said):
        return Command("explain")
    return Command("why") if _WHY.fullmatch(said) else None


_LONGEST = 100
