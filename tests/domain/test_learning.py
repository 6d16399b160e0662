"""What a person asks to remember, and what a learning is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import Command, Lesson, lesson_in, number_in
from bot.domain.diff import Side
from bot.domain.finding import Category, Evidence, Finding, Origin, Severity
from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.learning import (
    Learning,
    Teaching,
    from_finding,
    quote_digests,
    sameness,
)
from bot.domain.mention_parsing import parse_commands
from bot.domain.pull_request import RepositoryRef
from bot.domain.record_codec import decode, encode

SHOP = RepositoryRef(RepositoryId(11), "acme/shop", InstallationId(5))
BLOG = RepositoryRef(RepositoryId(12), "acme/blog", InstallationId(5))


@pytest.mark.parametrize(
    ("text", "lesson"),
    [
        ("Prices are cents.", Lesson("Prices are cents.")),
        ("that prices are cents", Lesson("prices are cents")),
        ("We hold that prices are cents", Lesson("We hold that prices are cents")),
        ("Cents for db/**", Lesson("Cents", ("db/**",))),
        ("Cents, for `db/**`, api/** and *.sql.", Lesson("Cents", ("db/**", "api/**", "*.sql"))),
        ("Cents FOR\n/db/", Lesson("Cents", ("/db/",))),
        ("No retries for money for db/**", Lesson("No retries for money", ("db/**",))),
        ("Do not ask for retries", Lesson("Do not ask for retries")),
        ("Look at https://x.test/a for more", Lesson("Look at https://x.test/a for more")),
        ("Docs for https://x.test/a", Lesson("Docs for https://x.test/a")),
        ("One for db/** only", Lesson("One for db/** only")),
        ("Old for `setup.py`", Lesson("Old", ("setup.py",))),
        ("Old for setup.py", Lesson("Old for setup.py")),
        ("Twice for a/b, a/b", Lesson("Twice", ("a/b",))),
        ("for db/**", Lesson("", ("db/**",))),
        ("this is for /", Lesson("this is for /")),
        ("", Lesson("")),
    ],
)
def test_the_words_and_the_paths_after_the_last_for(text: str, lesson: Lesson) -> None:
    assert lesson_in(text) == lesson


@given(st.text(max_size=300))
def test_any_text_is_a_lesson_of_its_own_words(text: str) -> None:
    lesson = lesson_in(text)
    assert lesson.words in text
    assert all(path in text for path in lesson.paths)


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("#3", 3), ("`3`.", 3), ("03", None), ("0", None), ("3 4", None), ("it", None)],
)
def test_a_number(text: str, number: int | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("@plumbline remember one\ntwo", (Command("remember", "one\ntwo"),)),
        ("@plumbline remember: a, @plumbline memory", None),
        ("@plumbline please remember", (Command("remember"),)),
        ("@plumbline memory leaks here?", (Command("ask", "memory leaks here?"),)),
        ("@plumbline forget #12!", (Command("forget", "12"),)),
        ("@plumbline forget what I said", (Command("ask", "forget what I said"),)),
        (
            "- @plumbline forget 1\n- @plumbline remember x for a/**",
            (Command("forget", "1"), Command("remember", "x for a/**")),
        ),
    ],
)
def test_as_it_is_asked_for(text: str, commands: tuple[Command, ...] | None) -> None:
    expected = commands or (Command("remember", "a,"), Command("memory"))
    assert parse_commands(text, "plumbline") == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Use tabs.", "use  TABS", True),
        ("Use tabs", "Use `tabs`!", True),
        ("Use tabs", "Use\u200f tabs", True),
        ("\ufb01le", "file", True),
        ("Use tabs", "Use no tabs", False),
        ("!", "?", False),
        ("Totals < 0 are refused", "Totals > 0 are refused", False),
        ("A rate is != 1", "A rate is == 1", False),
        ("This is C++.", "This is C#.", False),
        ("No answer is -1", "No answer is 1", False),
        ("Prices are in $", "Prices are in \u20ac", False),
        ("A well-known port", "a well known port", True),
        ("המחירים באגורות", "המחירים, באגורות.", True),
    ],
)
def test_the_same_words(one: str, other: str, same: bool) -> None:
    assert (sameness(one) == sameness(other)) is same


def finding(path: str = "shop/cart.py", quote: str = "x = 1", side: Side = "RIGHT") -> Finding:
    return Finding(
        "Wrong",
        "It is wrong.",
        Severity.P1,
        Category.CORRECTNESS,
        Origin.HUNT,
        path,
        1,
        side=side,
        evidence=(Evidence(path, Sha("a" * 40), 1, 1, quote),),
    )


def test_what_a_finding_teaches_is_about_its_category_in_its_file() -> None:
    taught = from_finding(finding(), Teaching("7/c1", "bob", "dismissed"))
    assert taught == Teaching(
        "7/c1",
        "bob",
        "dismissed",
        paths=("/shop/cart.py",),
        category=Category.CORRECTNESS,
        finding=finding().name,
        fingerprint=finding().fingerprint,
        quotes=quote_digests(finding(quote="  x =  1")),
    )
    assert taught is not None
    assert decode(Teaching, encode(taught)) == taught


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("cart.py", ("/cart.py",)),
        ("a/b/c.py", ("/a/b/c.py",)),
        ("a [1]*/b .py", (r"/a \[1\]\*/b .py",)),
        (f"a/{'b' * 300}/c.py", None),
        ("\r", None),
    ],
)
def test_a_file_s_pattern(path: str, pattern: tuple[str, ...] | None) -> None:
    taught = from_finding(finding(path), Teaching("c", "bob"))
    assert (taught and taught.paths) == pattern


_NAMES = st.text(
    st.sampled_from("ab *?[]!#\\ \t\n\r.-^{}\u202e\u00e9\udc80"), min_size=1, max_size=6
)


@given(
    st.lists(_NAMES.filter(lambda name: name not in (".", "..")), min_size=1, max_size=4).map(
        "/".join
    )
)
def test_what_a_finding_teaches_is_about_its_own_file(path: str) -> None:
    taught = from_finding(finding(path), Teaching("c", "bob"))
    if taught is not None:
        assert taught.covers(path, Category.CORRECTNESS)
        assert not taught.covers(f"other/{path}", Category.CORRECTNESS)


def test_words_of_one_pull_request_are_taken_out_of_its_own_hunt() -> None:
    here, there = Teaching("1", "bob", pull=7), Teaching("2", "ann", pull=3)
    both = Learning(1, "Use tabs.", SHOP, (here, there))
    assert both.apart_from(SHOP, 7) == Learning(1, "Use tabs.", SHOP, (there,))
    assert both.apart_from(BLOG, 7) == both
    assert Learning(1, "Use tabs.", SHOP, (here,)).apart_from(SHOP, 7) is None
