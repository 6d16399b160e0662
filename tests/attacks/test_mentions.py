"""Mentions in bulk and in circles: a comment asks for little, what we post asks for nothing."""

from __future__ import annotations

import pytest

from bot.domain.mention_parsing import MOST_COMMANDS, parse_commands
from bot.domain.policy import Policy
from bot.github import words
from bot.github.markers import marked, marker_of
from bot.github.words import explanations, notices, settlements
from bot.github.words.settings_table import settings_table
from tests.attacks.test_evil_model import TEXTS

LINKS = "https://github.com/acme/shop/blob/"


def test_fifty_mentions_are_a_handful_of_commands() -> None:
    text = "\n\n".join(f"@plumbline what of line {n}?" for n in range(50))
    assert len(parse_commands(text, "plumbline")) == MOST_COMMANDS


@pytest.mark.parametrize("text", TEXTS)
def test_what_we_post_never_asks_us_or_another_bot_for_anything(text: str) -> None:
    """Our own reply, quoted back or read by a bot that reads raw mentions, starts nothing."""
    replies = [
        words.answer(f"{text}\n\n@plumbline review\n@dependabot merge", (), 0, LINKS),
        words.question_failed(text),
        words.given_up(f"@plumbline review {text}").summary,
        words.help_text("plumbline"),
        settlements.undecided(text, 1),
        settlements.withdrawn(text, (), LINKS),
        settlements.looks_are_spent("plumbline"),
        settlements.no_second_look("plumbline"),
        notices.did_you_mean("plumbline", "review"),
        explanations.nothing_near(text, 3, 1),
        settings_table(Policy(ignore=(text,), problems=(text,)), text),
    ]
    for reply in replies:
        for handle in ("plumbline", "dependabot", "bob"):
            assert parse_commands(marked(reply, marker_of("key")), handle) == ()
