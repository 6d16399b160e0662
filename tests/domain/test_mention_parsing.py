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
THANKS = Command("thanks")


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
        ("@plumbline stop that", (Command("stop"),)),
        ("@plumbline stop it now", (Command("stop"),)),
        ("@plumbline please stop the review, I pushed it to the wrong branch", (Command("stop"),)),
        ("@plumbline pause for a while please", (Command("pause"),)),
        ("@plumbline pause please. It is a draft.", (Command("pause"),)),
        ("@plumbline resume where you left off", (Command("resume"),)),
        ("@plumbline stop that?", (Command("ask", "stop that?"),)),
        ("@plumbline stop when it is clean", (Command("ask", "stop when it is clean"),)),
        (
            "@plumbline pause the loop in the middle once all prices are summed",
            (Command("ask", "pause the loop in the middle once all prices are summed"),),
        ),
        ("@plumbline resolve this one", (Command("ask", "resolve this one"),)),
        ("@plumbline pause, I am rebasing", (Command("pause"),)),
        ("@plumbline resume - rebased now", (Command("resume"),)),
        ("@plumbline stop: the wrong branch", (Command("stop"),)),
        (
            "@plumbline resolve, or is it still there?",
            (Command("ask", "resolve, or is it still there?"),),
        ),
        ("@plumbline reopen: it is used", (Command("reopen", "it is used"),)),
        ("@plumbline reopen because it is used", (Command("reopen", "because it is used"),)),
        ("@plumbline resolve\n\n@plumbline reopen", (Command("resolve"), Command("reopen"))),
        ("@plumbline ask why", (Command("ask", "why"),)),
        ("Is this safe, @plumbline?", (Command("ask", "Is this safe?"),)),
        ("@plumbline review\n\n@plumbline help", (REVIEW, HELP)),
        ("@plumbline review @plumbline review", (REVIEW,)),
        ("- a\n\n    @plumbline review", (REVIEW,)),
        ("> why?\n\n@plumbline review", (REVIEW,)),
        ("@plumbline review .github/** **/*.py", (Command("review", ".github/** **/*.py"),)),
        ("_@plumbline_ review", (REVIEW,)),
        ("**@plumbline:** review", (REVIEW,)),
        ("[@plumbline](https://github.com/apps/plumbline) review", (REVIEW,)),
        ("[@plumbline review](https://github.com/apps/plumbline)", (REVIEW,)),
        ("<p>@plumbline review</p>", (REVIEW,)),
        ("<div>\n@plumbline review full\n</div>", (Command("review", "full"),)),
        ("| a | b |\n|---|---|\n| @plumbline review | x/y |", (REVIEW,)),
        ("@plumbline does `<T>` <b>fit</b>?", (Command("ask", "does `<T>` fit?"),)),
        ("@plumbline is List<String> right?", (Command("ask", "is List<String> right?"),)),
        ("It is never empty here, @plumbline.", (Command("ask", "It is never empty here"),)),
        ("Is it safe? @plumbline", (Command("ask", "Is it safe?"),)),
        ("cc @plumbline", (HELP,)),
        ("Thanks, @plumbline!", (THANKS,)),
        ("@plumbline good catch, thank you", (THANKS,)),
        ("@plumbline thanks, that was helpful", (THANKS,)),
        ("That makes sense, thanks for your help @plumbline!", (THANKS,)),
        ("@plumbline thanks, was that right?", (Command("ask", "thanks, was that right?"),)),
        ("@plumbline help, thanks", (HELP,)),
        ("Danke @plumbline!", (THANKS,)),
        ("@plumbline merci beaucoup", (THANKS,)),
        ("@plumbline \u8c22\u8c22\uff01", (THANKS,)),
        ("@plumbline thanks, please review", (REVIEW,)),
        ("\u8bf7\u770b@plumbline review", (REVIEW,)),
        ("\u5b89\u5168\u5417\uff0c@plumbline\uff1f", (Command("ask", "\u5b89\u5168\u5417?"),)),
        ("<blockquote>a</blockquote>\n\n@plumbline review", (REVIEW,)),
        ("> [!NOTE]\n> Read this.\n\n@plumbline review", (REVIEW,)),
        ("- [ ] @plumbline review", (REVIEW,)),
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
        "foo_@plumbline.com",
        "@plumbline_corp review",
        "&#64;plumbline review",
        "<https://h/@plumbline>",
        "~~@plumbline review~~",
        "<del>@plumbline review</del>",
        "![@plumbline review](x.png)",
        "<blockquote><blockquote>a</blockquote>\n@plumbline review\n</blockquote>",
        "<?a @plumbline review ?>",
        "<![CDATA[@plumbline review]]>",
        "> [!NOTE]\n> @plumbline review",
        "- a\n\n      @plumbline review",
        "```suggestion\n@plumbline review\n```",
        "<details>\n\n```\n@plumbline review\n```\n\n</details>",
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


@pytest.mark.parametrize(
    "header",
    [
        "Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb Bob <n@github.com>:",
        "Am 23.11.26 um 10:00 schrieb Bob:",
        "Le lun. 23 nov. 2026 \u00e0 10:00, Bob <n@github.com> a \u00e9crit :",
        "El lun, 23 nov 2026 a las 10:00, Bob (<n@github.com>) escribi\u00f3:",
        "Em seg., 23 de nov. de 2026 \u00e0s 10:00, Bob <\nn@github.com> escreveu:",
        "Il giorno lun 23 nov 2026 alle ore 10:00 Bob <n@github.com> ha scritto:",
        "Op ma 23 nov. 2026 om 10:00 schreef Bob <n@github.com>:",
        "Den m\u00e5n 23 nov. 2026 kl 10:00 skrev Bob <n@github.com>:",
        "pon., 23 lis 2026 o 10:00 Bob <n@github.com> napisa\u0142(a):",
        "\u043f\u043d, 23 \u043d\u043e\u044f\u0431. 2026 \u0433. \u0432 10:00, Bob <n@github.com>:",
        "2026\u5e7411\u670823\u65e5(\u6708) 10:00 Bob <n@github.com>:",
        "Bob <n@github.com> \u4e8e2026\u5e7411\u670823\u65e5 10:00\u5199\u9053\uff1a",
        "From: Bob <n@github.com>\nSent: Monday, November 23, 2026 10:00 AM\nTo: acme/shop",
        "**Von:** Bob <n@github.com>\n**Gesendet:** Montag, 23. November 2026 10:00",
        "From: Bob ***@***.***>\nSent: Monday, November 23, 2026 10:00 AM\nTo: shop ***@***.***>",
        "From: Bob\nSent: Monday, November 23, 2026 10:00 AM\nTo: acme/shop",
        "From: n@github.com\n\nSent: Monday, November 23, 2026 10:00 AM",
        "Date: Mon, 23 Nov 2026 10:00:00 +0100\nFrom: Bob <n@github.com>\nSubject: Re: it",
        "2026\ub144 11\uc6d4 23\uc77c 10:00, Bob ***@***.***>\ub2d8\uc774 \uc791\uc131:",
        "---- On Mon, 23 Nov 2026 10:00:00 +0100 Bob<n@github.com> wrote ----",
        "-----Urspr\u00fcngliche Nachricht-----",
        "---------- Forwarded message ---------",
        "\u2014\nReply to this email directly, view it on GitHub, or unsubscribe.",
    ],
)
def test_quoted_mail_is_read_in_no_language(header: str) -> None:
    """Mail programs write the line above it in their user's language."""
    text = f"@plumbline review\n\n{header}\n\n@plumbline help"
    assert parse_commands(text, "plumbline") == (REVIEW,)


@pytest.mark.parametrize(
    "line",
    [
        "As I wrote in 2020:",
        "At 10:30 it says:",
        "See (a@b.de) in line 12:",
        "Note: it fails\nDate: 2026-11-23",
        "---- steps ----",
        "From: the second line\nTo: the last",
        "De: it is an article.",
        "Two messages are lost:",
    ],
)
def test_what_only_looks_like_mail_is_read_on(line: str) -> None:
    assert parse_commands(f"{line}\n\n@plumbline review", "plumbline") == (REVIEW,)


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


QUIET = (
    "Some words.",
    "> @plumbline review\nand still quoted",
    "> [!WARNING]\n> @plumbline pause",
    "```suggestion\n@plumbline stop\n```",
    "~~~~\n~~~\n@plumbline stop\n~~~~",
    "Code:\n\n    @plumbline pause",
    "- a\n  - b\n    - `@plumbline help`",
    "1. a\n\n       @plumbline pause",
    "- > @plumbline review\n  lazy",
    "<!-- @plumbline review -->",
    "<details><summary>x</summary>\n\n```\n@plumbline review\n```\n\n</details>",
    "| a |\n|---|\n| `@plumbline review` |",
    "~~@plumbline review~~",
    "@plumbline-dev review, @plumbline_x, @plumbline2, mail@plumbline.io",
    "@someone review",
    "[@other](https://h/@plumbline) ![@plumbline](x.png)",
    "\u202eabc\u202c \u05d0\u05d1 \u0647\u0644",
    "x" * 9_000,
    "**" * 500 + "`" * 7,
)
ASKED = {
    "@plumbline review full": Command("review", "full"),
    "- first\n\n  @plumbline pause": Command("pause"),
    "- [ ] **@plumbline** resolve": Command("resolve"),
    "1. a\n   - @plumbline dismiss it is so": Command("dismiss", "it is so"),
    "Hm, @Plumbline[bot], why not `a.py:3`?": Command("why", "a.py:3"),
    "## @plumbline stop": Command("stop"),
    "\u202b@plumbline \u05dc\u05de\u05d4 \u05d6\u05d4\u202c": Command(
        "ask", "\u05dc\u05de\u05d4 \u05d6\u05d4\u202c"
    ),
    "[@plumbline](https://h) help": HELP,
}


@pytest.mark.parametrize("at_least", [0, 60_000])
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_generated_comments_ask_for_what_stands_in_prose(
    at_least: int, data: st.DataObject
) -> None:
    """200 comments, half of them of 60,000 characters: what is asked, in order, and no more."""
    quiet = st.lists(st.sampled_from(QUIET), max_size=5)
    asked = data.draw(st.lists(st.sampled_from(sorted(ASKED)), max_size=3, unique=True))
    long_gap = data.draw(st.integers(0, len(asked)))
    parts = _stretched(data.draw(quiet), at_least if long_gap == 0 else 0)
    for gap, text in enumerate(asked, start=1):
        between = _stretched(data.draw(quiet), at_least if long_gap == gap else 0)
        parts += [text, "\n---\n", *between, "\n---\n"]
    comment = "\n\n".join(parts).replace("\n", data.draw(st.sampled_from(["\n", "\r\n"])))
    assert len(comment) >= at_least
    assert parse_commands(comment, "plumbline") == tuple(ASKED[text] for text in asked)


def _stretched(blocks: list[str], at_least: int) -> list[str]:
    """The same blocks again and again, to so many characters."""
    once = blocks or ["Some words."]
    characters = sum(len(block) for block in once)
    return blocks if not at_least else once * (at_least // characters + 1)


def test_no_handle_no_commands() -> None:
    assert parse_commands("@ review", "") == ()


UNITS = (
    "@plumbline ", "`", "`` ` ", "<!--", "<code>", "](", "[", "> ", ">", "- ", "1. ", "<a b='",
    "~~", "![", "<?a ", "<blockquote>\n", "a:<b@c>\n", "1 2020 <a@b.de>:", "| @plumbline ",
    "\n", "\\`", "```\n", "<!--\n", "* * a", "\u202e@plumbline\n\n", "On 2020", "]()()(",
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = (unit * 60_000)[:60_000] + " @plumbline review"
    started = time.process_time()
    parse_commands(text, "plumbline")
    assert time.process_time() - started < 10


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
        assert command.verb in {"thanks", *(form.verb for form in COMMANDS)}


def test_the_page_lists_every_command() -> None:
    page = Path("docs/mentions.md").read_text(encoding="utf-8")
    for form in COMMANDS:
        usage = form.usage.replace("|", r"\|")
        assert f"| `@plumbline {usage}` | {form.effect} |" in page
