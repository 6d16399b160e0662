"""May an answer in a finding's thread contradict it? Most need no model to tell. Pure."""

from __future__ import annotations

import re

from bot.domain.jobs import Mention
from bot.domain.markdown_prose import prose_paragraphs
from bot.domain.markdown_spans import blank_markup

LONGEST = 10_000
"""Characters of an answer that are looked into."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_AGREES = frozenset(
    "a ad all and as addressed agreed am and appreciate are catch cool correct done fair fix fixed "
    "fixing for good got great i i'll it it's just lgtm will me my nice now ok okay on one oops "
    "point push pushed right should so sorry sure thank thanks that that's the there this thx to "
    "true up updated we will with yeah yep yes you you're".split()
)
"""An answer of these words alone agrees; anything else is looked into."""


def may_contradict(markdown: str) -> bool:
    """Whether the writer's own words may say that the finding is wrong.

    Not: quotes and code alone, thanks and consent, what is addressed to somebody else.
    """
    said = " ".join(blank_markup(part) for part in prose_paragraphs(markdown[:LONGEST])).strip()
    if said.startswith("@"):
        return False
    words = {word.lower().replace("\u2019", "'") for word in _WORD.findall(said)}
    return not words <= _AGREES


def disputes(mention: Mention) -> bool:
    """Whether this is said in a thread and is no question: a mention may dispute, too."""
    command = mention.command
    if mention.place != "review_comment" or mention.in_reply_to is None:
        return False
    statement = command.verb == "ask" and not command.text.rstrip().endswith("?")
    return command.verb == "dispute" or statement
