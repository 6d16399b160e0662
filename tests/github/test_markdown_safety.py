# ruff: noqa: E501 (a table of whole messages reads better unbroken)
"""Whatever a model writes, GitHub shows it and does nothing. Judged by an independent parser."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.github.markdown_safety import code_span, fenced, safe_cell, safe_line, safe_prose, visible

LINKS = "https://github.com/acme/shop/blob/"
HERE = f"{LINKS}{'a' * 40}/src/x.py#L1-L2"
GFM = MarkdownIt("commonmark").enable("table")
LIVE = re.compile(r"(?<![A-Za-z0-9])@[A-Za-z0-9]|#\d|\bGH-\d|https?://|www\.", re.IGNORECASE)
PIECES = st.lists(
    st.sampled_from(
        [
            "`", "``", "```", "~~~", "\n", "\n\n", " ", "    ", "\\", "@bob", "@a/b", "#1", "GH-2",
            "fixes ", "/merge", "<!-- plumbline:00 -->", "<b>", "</details>", "<", "!", "[x]", "(u)",
            "[x](http://e.de)", "![i](http://e.de/i.png)", "http://e.de/@bob", "www.e.de", HERE, "&#64;bob",
            "&", "\u202e", "\u200b", "*", "_", "- ", "> ", "1. ", "|", "a", "suggestion", "# ", "===",
            "GH\\-3", "https:/\\/e.de", "\r", "[a]: http://e.de", "$", "~", "x@y.de",
        ]
    ),
    max_size=14,
).map("".join)  # fmt: skip


def leaves(tokens: list[Token]) -> list[Token]:
    found = []
    for token in tokens:
        found += leaves(token.children) if token.children else [token]
    return found


def assert_inert(text: str) -> None:
    tokens = leaves(GFM.parse(text))
    assert not {t.type for t in tokens} & {"html_inline", "html_block", "image", "link_open"}
    for content in (t.content for t in tokens if t.type == "text"):
        assert not LIVE.search(content.replace(HERE, "")), content
    assert not any(t.info == "suggestion" for t in tokens if t.type == "fence")
    assert "<!-- plumbline:" not in text
    indent = "" if any(t.type == "fence" for t in tokens) else r"\s*"
    assert not re.search(rf"^{indent}/[a-z]", text, re.MULTILINE)  # bots read the raw text
    assert visible(text) == text


@given(PIECES)
def test_prose_is_inert_and_settled(text: str) -> None:
    safe = safe_prose(text, LINKS)
    assert_inert(safe)
    assert safe_prose(safe, LINKS) == safe


@given(PIECES)
def test_lines_and_cells_are_inert_and_settled(text: str) -> None:
    for make in (safe_line, safe_cell):
        safe = make(text, LINKS)
        assert "\n" not in safe
        assert_inert(safe)
        assert make(safe, LINKS) == safe


@given(PIECES)
def test_what_follows_untrusted_prose_is_still_ours(text: str) -> None:
    """No open fence, quote or HTML swallows the next paragraph."""
    tokens = GFM.parse(safe_prose(text) + "\n\n**ours**")
    assert tokens[-2].children is not None
    assert [t.content for t in tokens[-2].children if t.type == "text" and t.content] == ["ours"]


@given(PIECES)
def test_a_cell_stays_one_cell(text: str) -> None:
    tokens = GFM.parse(f"| a | b |\n|---|---|\n| {safe_cell(text)} | c |")
    assert sum(token.type == "td_open" for token in tokens) == 2


@given(PIECES)
def test_a_fence_holds_its_code(text: str) -> None:
    tokens = GFM.parse(fenced(text))
    assert [token.type for token in tokens] == ["fence"]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("cc @bob and @acme/core", "cc `@bob` and `@acme/core`"),
        ("fixes #1, closes acme/shop#2, GH-3", "fixes `#1`, closes `acme/shop#2`, `GH-3`"),
        ("see `foo()` in **bold**", "see `foo()` in **bold**"),
        ("/lgtm", "`/lgtm`"),
        ("/lgtm.", "`/lgtm`."),
        ("Head uses https://a.test/. Or not.", "Head uses `https://a.test/`. Or not."),
        ("/etc/pip.conf sets it.", "`/etc/pip.conf` sets it."),
        ("```\n/lgtm\n//x\n```", "```\n /lgtm\n//x\n```"),
        ("fixes GH\\-3 and https:/\\/e.de", "fixes `GH-3` and `https://e.de`"),
        ("[here](https://e.de)", "\\[here](`https://e.de)`"),
        (f"see {HERE}", f"see {HERE}"),
        ("<img src=x>", "\\<img src=x>"),
        ("a\u202eb", "a{U+202E}b"),
        ("```py\nx = '@bob'", "```py\nx = '@bob'\n```"),
        ("```suggestion\nx\n```", "```\nx\n```"),
        ("an ` open tick", "an \\` open tick"),
    ],
)
def test_examples(text: str, safe: str) -> None:
    assert safe_prose(text, LINKS) == safe


def test_code_keeps_its_backticks() -> None:
    assert code_span("a`b") == "``a`b``"
    assert fenced("```\nx\n```") == "````\n```\nx\n```\n````"
