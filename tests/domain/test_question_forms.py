"""What is asked by its form, in any language, and what the record answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import Command
from bot.domain.question_forms import asked_of_the_record, asks


@pytest.mark.parametrize(
    "text",
    [
        "Is it empty?",
        "Is it empty? ",
        "Is it (ever) empty?)",
        'Does it say "empty?"',
        "**Is it empty?**",
        "Really?!",
        "Could it be empty? Thanks!",
        "It is a header. Or is it?",
        "\u5b83\u662f\u7a7a\u7684\u5417\uff1f",
        "\u5b83\u662f\u7a7a\u7684\u5417",
        "\u7a7a\u3067\u3059\u304b\u3002",
        "\u0647\u0644 \u0647\u0648 \u0641\u0627\u0631\u063a\u061f",
        "show me who calls it",
        "Please list the callers.",
        "could you explain the loop",
    ],
)
def test_asked(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "This is wrong because the first price is a header.",
        "Is it empty? No, it never is.",
        "What you say is wrong.",
        "It is wrong: see https://h/?a=b for it",
        "`a?.b` is safe",
        "Listen, it is a header.",
        "Das ist falsch.",
        "\u9019\u662f\u932f\u7684\u3002",
    ],
)
def test_not_asked(text: str) -> None:
    assert not asks(text)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("explain this", Command("explain")),
        ("Explain it, please.", Command("explain")),
        ("could you explain this finding?", Command("explain")),
        ("why this", Command("why")),
        ("why this?", Command("why")),
        ("Why is this here?", Command("why")),
        ("why was this posted", Command("why")),
        ("Why was this comment posted?", Command("why")),
        ("why did you flag that?", Command("why")),
        ("explain the loop", None),
        ("explain this loop", None),
        ("why is this slower?", None),
        ("why is this wrong?", None),
        ("", None),
        ("explain " + "this " * 100, None),
    ],
)
def test_asked_of_the_record(text: str, command: Command | None) -> None:
    assert asked_of_the_record(text) == command


@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    assert asks(text) in (True, False)
    assert asked_of_the_record(text) in (None, Command("explain"), Command("why"))
