"""The author's words: what is left of a template, how much is read, and that quotes are theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.identifiers import Sha
from bot.domain.pull_request import Commit, LinkedIssue, PullRequest
from tests.fakes.code import BASE, HEAD
from tests.fakes.proposal import REF
from workers.review.authors_words import authors_words, nonce
from workers.review.boilerplate import template_lines

PULL = PullRequest(
    REF,
    title="Refuse heavy parcels",
    body="",
    author="alice",
    state="open",
    base_branch="main",
    head_branch="topic",
    base_tip=BASE,
    merge_base=BASE,
    head=HEAD,
)


@pytest.mark.parametrize(
    "body", ["", "  \n", "<!-- only a hint -->", "## What\n\n## Why\n", "- [ ] tests", "# Notes"]
)
def test_a_template_without_words_says_nothing(body: str) -> None:
    assert authors_words(replace(PULL, title=" ", body=body)).empty


def test_what_the_template_says_is_not_said_by_the_author() -> None:
    template = template_lines(["## What\n_Please describe the change._\n"])
    body = "## What\n\n_Please  describe the change._\nHeavy parcels are refused.\n"
    words = authors_words(replace(PULL, body=body), template)
    assert words.sources["body"] == "## What\n\nHeavy parcels are refused."
    assert words.says("body", "Please describe") is None


def test_all_that_the_author_said_in_four_parts() -> None:
    words = authors_words(
        replace(
            PULL,
            body="Above 30 kg.\r\nNothing else changes.",
            commits=(
                Commit(Sha("1" * 40), "Refuse\n\nSigned-off-by: Ada <a@b.c>"),
                Commit(Sha("2" * 40), "Test it\n"),
            ),
            issues=(LinkedIssue(4, "Heavy parcels ship for free", "They must not.", "url"),),
        )
    )
    assert words.text == (
        "[title]\nRefuse heavy parcels\n\n"
        "[body]\nAbove 30 kg.\nNothing else changes.\n\n"
        "[commit]\nTest it\n\n"
        "[issue]\nIssue #4: Heavy parcels ship for free\nThey must not."
    )
    assert words.notes == ()


def test_what_is_too_long_is_cut_and_said() -> None:
    words = authors_words(
        replace(
            PULL,
            body="b" * 60_000,
            commits=tuple(Commit(Sha(f"{n:040x}"), "c" * 3_000) for n in range(60)),
            issues=tuple(LinkedIssue(n, "i", "i" * 7_000, "") for n in range(12)),
        )
    )
    assert words.notes[:2] == (
        "only the first 10 of 12 linked issues were read",
        "only the first 6000 characters of issue #0 were read",
    )
    assert words.notes[-1] == "only the first 20000 characters of the description were read"
    assert "only the first 50 of 60 commit messages were read" in words.notes
    assert len(words.text) < 20_000 + 10 * 6_100 + 50 * 2_010


def test_no_model_reads_a_credential_or_invisible_text_of_a_description() -> None:
    token = "ghp_" + "a1B2" * 9
    words = authors_words(replace(PULL, body=f"Use {token} to try it.\u202e"))
    assert words.sources["body"] == "Use [redacted: github-token] to try it.\\u202e"


def test_a_quote_is_found_where_it_was_said() -> None:
    words = authors_words(replace(PULL, body="Above the\nlast step it is refused."))
    assert words.says("body", "the last  step it") == "body"
    assert words.says("commit", "Refuse heavy parcels") == "title"
    assert words.says("body", "Nobody said this") is None
    assert words.says("body", "it") is None


def test_no_marker_is_the_same_twice() -> None:
    assert len({nonce() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        ("Required: totals stay what they were", False),
        ("It says 'Speed up totals' and does not", True),
        ("This is safe for every caller of totals, it says", True),
        ("it is safe for callers", False),
        ("", False),
    ],
)
def test_a_run_of_the_authors_own_words_is_told(text: str, repeated: bool) -> None:
    """Five words in a row are no chance; a saying that is shorter counts as a whole."""
    pull = replace(PULL, title="Speed up totals", body="This is safe for every caller of totals.")
    words = authors_words(pull)
    blanked = words.blanked_in(text)
    assert (blanked != text) is repeated
    assert words.blanked_in(blanked) == blanked


def test_the_authors_own_words_are_taken_out_of_a_text() -> None:
    pull = replace(PULL, title="Totals", body="This is safe for every caller of totals. Fast, too!")
    text = "Totals: it is safe for every caller, of totals; `is safe for every caller` (fast too)."
    assert authors_words(pull).blanked_in(text) == (
        "Totals: it [the author's words]; `[the author's words]` (fast too)."
    )


def test_a_text_that_ends_with_a_short_saying_of_theirs() -> None:
    """The longer runs of the description reach beyond its end there."""
    pull = replace(PULL, title="Fix pay", body="Every caller of totals is safe.")
    words = authors_words(pull)
    assert words.blanked_in("It does not fix pay") == "It does not [the author's words]"
