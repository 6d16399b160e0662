# ruff: noqa: E501 (a table of whole messages reads better unbroken)
"""What a comment asks of the bot, and everything that only looks like asking."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.domain.commands import Command
from bot.domain.markdown_prose import prose_paragraphs
from bot.domain.mention_parsing import (
    COMMANDS,
    MOST_COMMANDS,
    mistyped_command,
    parse_commands,
)

REVIEW = Command("review")
HELP = Command("help")


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("@plumbline review", (REVIEW,)),
        ("hi @Plumbline[bot], please review!", (REVIEW,)),
        ("@plumbline review deep\nthanks", (Command("review", "deep"),)),
        ("@plumbline", (HELP,)),
        ("@plumbline help please", (HELP,)),
        ("@plumbline help me see", (Command("ask", "help me see"),)),
        (
            "@plumbline why does `f()` fail?\nHere.",
            (Command("ask", "why does `f()` fail?\nHere."),),
        ),
        ("@plumbline why", (Command("why"),)),
        ("@plumbline why not `shop/cart.py:6`?", (Command("why", "shop/cart.py:6"),)),
        ("@plumbline explain shop/cart.py:12.", (Command("explain", "shop/cart.py:12"),)),
        ("@plumbline explain the loop", (Command("ask", "explain the loop"),)),
        ("@plumbline dismiss: no caller\nmore", (Command("dismiss", "no caller"),)),
        ("@plumbline review security `db/**`", (Command("review", "security `db/**`"),)),
        ("@plumbline pause please", (Command("pause"),)),
        ("@plumbline stop that", (Command("ask", "stop that"),)),
        ("@plumbline resolve\n\n@plumbline reopen", (Command("resolve"), Command("reopen"))),
        ("@plumbline ask why", (Command("ask", "why"),)),
        ("Is this safe, @plumbline?", (Command("ask", "Is this safe?"),)),
        ("@plumbline review\n\n@plumbline help", (REVIEW, HELP)),
        ("@plumbline review @plumbline review", (REVIEW,)),
        ("- a\n\n    @plumbline review", (REVIEW,)),
        ("> why?\n\n@plumbline review", (REVIEW,)),
        ("\u200f@plumbline\u200e review \u05d0", (Command("review", "\u05d0"),)),
        ("@plumbline what <!-- hidden --> is it", (Command("ask", "what  is it"),)),
        (
            "@plumbline review\nOn Mon, Nov 23, 2026 at 10:00 AM Bob <\nb@c.de> wrote:\n\n@plumbline help",
            (REVIEW,),
        ),
    ],
)
def test_asked(text: str, commands: tuple[Command, ...]) -> None:
    assert parse_commands(text, "plumbline") == commands


@pytest.mark.parametrize(
    "text",
    [
        "`@plumbline review`",
        "``a ` @plumbline review``",
        "```\n@plumbline review\n```",
        "~~~\n@plumbline review",
        "- ```\n  @plumbline review\n  ```",
        "    @plumbline review",
        "> @plumbline review",
        "> quoted\n@plumbline review, still the same quote",
        "<!-- @plumbline review -->",
        "<!--\n\n@plumbline review\n\n-->",
        "<pre>\n\n@plumbline review\n\n</pre>",
        "<code>@plumbline review</code>",
        '<a title="@plumbline review">x</a>',
        "[x](https://h/@plumbline)",
        "https://h/@plumbline",
        "[x]: @plumbline",
        "\\@plumbline review",
        "x@plumbline.com",
        "@plumbline-dev review",
        "@plumbline/team review",
        "@plumbline.com",
        "@plumbline's review was right",
        "@plumbline2 review",
        "On Mon, Nov 23, 2026 at 10:00, @plumbline <n@github.com> wrote:\n> @plumbline review",
        "-- \n@plumbline review",
    ],
)
def test_not_asked(text: str) -> None:
    assert parse_commands(text, "plumbline") == ()


def test_one_comment_asks_for_a_few_things_at_most() -> None:
    text = "\n\n".join(f"@plumbline why {number}" for number in range(50))
    assert len(parse_commands(text, "plumbline")) == MOST_COMMANDS


@pytest.mark.parametrize(
    ("question", "command"),
    [
        ("reveiw", "review"),
        ("please Reviw, deep", "review"),
        ("hepl", "help"),
        ("help me see", ""),
        ("here is why", ""),
        ("why does it review twice?", ""),
        ("dismis false positive", "dismiss"),
        ("dismis is what I meant to write", ""),
        ("", ""),
    ],
)
def test_a_mistyped_command(question: str, command: str) -> None:
    assert mistyped_command(question) == command


PIECES = st.lists(
    st.sampled_from(
        [
            "Some words.",
            "> @plumbline review",
            "```\n@plumbline stop\n```",
            "Code:\n\n    @plumbline pause",
            "- a\n  - b\n    - `@plumbline help`",
            "<!-- @plumbline review -->",
            "@plumbline-dev review",
            "@someone review",
            "\u202eabc\u202c \u05d0\u05d1",
            "x" * 9_000,
        ]
    ),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(PIECES, PIECES, st.sampled_from(["review full", "pause", "dismiss it is so", "why a.py:3"]))
def test_generated_comments_ask_for_what_stands_in_prose(
    before: list[str], after: list[str], asked: str
) -> None:
    """200 comments of up to 60,000 characters and more: one command each, whatever is around it."""
    text = "\n\n".join([*before, f"@plumbline {asked}", *after])
    assert parse_commands(text, "plumbline") == parse_commands(f"@plumbline {asked}", "plumbline")
    assert parse_commands("\n\n".join([*before, *after]), "plumbline") == ()


def test_no_handle_no_commands() -> None:
    assert parse_commands("@ review", "") == ()


UNITS = (
    "@plumbline ", "`", "`` ` ", "<!--", "<code>", "](", "[", "> ", ">", "- ", "1. ", "<a b='",
    "\n", "\\`", "```\n", "<!--\n", "* * a", "\u202e@plumbline\n\n", "On 2020", "]()()(",
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = (unit * 60_000)[:60_000] + " @plumbline review"
    started = time.process_time()
    parse_commands(text, "plumbline")
    assert time.process_time() - started < 2


def commonmark_paragraphs(text: str) -> str:
    """The inline source outside quotes, code and HTML, by an independent parser."""
    found, depth = [], 0
    for token in MarkdownIt("commonmark").parse(text):
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "inline" and depth == 0:
            found.append(token.content)
    return " ".join(found)


@given(st.lists(st.sampled_from(["> ", "- ", "    ", "x", "# ", "\n", "\n\n", "```\n", "  "])))
def test_blocks_are_those_of_commonmark(parts: list[str]) -> None:
    """Compared by the words that are prose; how a heading's own marks are cut does not matter."""
    text = "".join(parts)
    words = re.findall(r"x+", " ".join(prose_paragraphs(text)))
    assert words == re.findall(r"x+", commonmark_paragraphs(text))


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for command in parse_commands(text + "\n\n@plumbline " + text, "plumbline"):
        assert command.verb in {form.verb for form in COMMANDS}


def test_the_page_lists_every_command() -> None:
    page = Path("docs/mentions.md").read_text(encoding="utf-8")
    for form in COMMANDS:
        usage = form.usage.replace("|", r"\|")
        assert f"| `@plumbline {usage}` | {form.effect} |" in page
