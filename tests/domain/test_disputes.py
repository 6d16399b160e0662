"""Which answers in a thread are worth a second look."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import Command
from bot.domain.disputes import disputes, may_contradict
from bot.domain.jobs import Mention


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("This is wrong because X.", True),
        ("Nope", True),
        ("@plumbline[bot] is wrong here", False),  # addressed to somebody by name: not to us
        ("Thanks, fixed!", False),
        ("Thanks, that was very helpful.", False),
        ("Thanks, but that was wrong.", True),
        ("you're right", False),
        ("Fixed in ba0b877.", False),
        ("Resolved in the last commit", False),
        ("defaced", True),  # a word, not a commit
        ("\U0001f44d", False),
        ("> wrong", False),
        ("`wrong`", False),
        ("```\nwrong\n```", False),
        ("<!-- wrong -->", False),
        ("", False),
    ],
)
def test_may_contradict(text: str, may: bool) -> None:
    assert may_contradict(text) is may


@given(st.text(max_size=500))
def test_any_text_is_judged(text: str) -> None:
    assert may_contradict(text) in (True, False)


@pytest.mark.parametrize(
    ("command", "top", "is_one"),
    [
        (Command("dispute", "wrong"), 4, True),
        (Command("ask", "this is wrong"), 4, True),
        (Command("ask", "why is this wrong?"), 4, False),
        (Command("ask", "show me who calls it"), 4, False),
        (Command("ask", "this is wrong"), None, False),
        (Command("dismiss", "wrong"), 4, False),
    ],
)
def test_a_mention_may_dispute_too(command: Command, top: int | None, is_one: bool) -> None:
    assert disputes(Mention("review_comment", 5, "ann", command, top)) is is_one
