"""May an answer in a finding's thread contradict it? Most need no model to tell. Pure."""

from __future__ import annotations

from bot.domain.agreement import agrees
from bot.domain.jobs import Mention
from bot.domain.markdown_prose import prose_paragraphs
from bot.domain.markdown_spans import blank_markup
from bot.domain.question_forms import asks

LONGEST = 10_000
"""Characters of an answer that are looked into."""


def may_contradict(markdown: str) -> bool:
    """Whether the writer's own words may say that the finding is wrong.

    Not: quotes and code alone, thanks and consent, what is addressed to somebody else.
    """
    said = " ".join(blank_markup(part) for part in prose_paragraphs(markdown[:LONGEST])).strip()
    if said.startswith("@"):
        return False
    return not agrees(said)


def disputes(mention: Mention) -> bool:
    """Whether this is said in a thread and asks nothing by its form: a mention may dispute, too."""
    command = mention.command
    if mention.place != "review_comment" or mention.in_reply_to is None:
        return False
    statement = command.verb == "ask" and not asks(command.text)
    return command.verb == "dispute" or statement
