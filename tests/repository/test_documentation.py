"""What documents a definition: where it stands, and its first sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.repository.projects import DATA, sections
from workers.repository.documentation import LONGEST_SENTENCE, Documentation, first_sentence
from workers.repository.outlines.walker import parse
from workers.repository.parsed import Parsed

SAMPLES = sections((DATA / "documentation" / "samples.txt").read_text())
TOLD = sections((DATA / "documentation" / "told.txt").read_text())


def told(path: str, text: str) -> str:
    """One line for the file and one a definition: its name, the lines and the first sentence."""
    outline, lines = parse(path, text.encode()).outline, text.split("\n")
    named = [("the file", outline.documentation)]
    named += [(f"{entry.kind} {entry.name}", entry.documentation) for entry in outline.definitions]
    return "".join(
        f"{name}: {place.line}-{place.end_line} {place.sentence(lines)}\n"
        if place is not None
        else f"{name}\n"
        for name, place in named
    )


@pytest.mark.parametrize("path", SAMPLES)
def test_a_sample_is_documented_as_recorded(path: str) -> None:
    assert told(path, SAMPLES[path]) == TOLD[path]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["# One.", "# Two."], "One."),
        (
            ["// See Mr. Bean and e.g. J. Doe, v1.2!", "// No."],
            "See Mr. Bean and e.g. J. Doe, v1.2!",
        ),
        (['"""', "Wraps", "  over lines", "", 'and stops."""'], "Wraps over lines"),
        (["'''It said \"stop.\" Then not.'''"], 'It said "stop."'),
        (['r"""Raw \\d."""'], "Raw \\d."),
        (["/**", " * <p>Is <b>bold</b>, {@code a < b}.</p>", " */"], "Is bold, a < b."),
        (["/// <summary>", '/// Uses <see cref="M:A.B"/>.', "/// </summary>"], "Uses A.B."),
        (['/// <param name="a">what</param>'], "what"),
        (["/**", " * @param a what", " * @return b", " */"], "@param a what"),
        (["// ------", "// Heading", "// ------", "// Text."], "Heading"),
        (["#:nodoc:"], ""),
        (["# frozen_string_literal: true"], ""),
        (["/** {@inheritDoc} */"], ""),
        (["/**/"], ""),
        ([], ""),
        (["# ends。次。"], "ends。"),
        (["/*! \\brief Short. */"], "Short."),
        (["# Example", "# >>> f()", "# 1"], "Example"),
    ],
)
def test_the_first_sentence_is_one_line_of_prose(lines: list[str], sentence: str) -> None:
    assert first_sentence(lines) == sentence


def test_a_long_sentence_is_cut() -> None:
    said = first_sentence([f"# {'word ' * 100}"])
    assert said == f"{'word ' * 39}wo..."
    assert len(said) == LONGEST_SENTENCE


_LINES = st.lists(st.text(st.sampled_from("a. \\@*/#'\"{}<>=bx\t\u3002"), max_size=60), max_size=80)


@given(_LINES)
def test_whatever_stands_in_a_comment_its_sentence_is_short_and_on_one_line(
    lines: list[str],
) -> None:
    said = first_sentence(lines)
    assert len(said) <= LONGEST_SENTENCE
    assert said == " ".join(said.split())


_PIECES = (
    "/** a */", "/* b */", "// c", "/// d", "//! e", "# f", '"""g"""', "\n", "\n\n", "  ", "{", "}",
    "int h() {}", "class I {", "@J", "#[k]", "[L]", "def m", "end", "fn n() {}", "pub mod o {",
    "export ", "func p() {}", "'''", "/*", "<?php", "typedef struct q {} r;", "sig { s }",
)  # fmt: skip


@pytest.mark.parametrize(
    "suffix", ["py", "ts", "js", "go", "java", "kt", "rb", "rs", "c", "cpp", "cs", "php"]
)
@settings(max_examples=30)
@given(st.lists(st.sampled_from(_PIECES), max_size=40))
def test_documentation_stands_apart_from_code_and_within_the_file(
    suffix: str, pieces: list[str]
) -> None:
    text = "".join(pieces)
    outline = parse(f"a.{suffix}", text.encode()).outline
    places = [outline.documentation, *(entry.documentation for entry in outline.definitions)]
    rows = text.split("\n")
    for place in filter(None, places):
        assert 1 <= place.line <= place.end_line <= len(rows)
        assert rows[place.line - 1].strip()[:1] in "/#'\"="


def test_a_long_comment_above_many_names_is_read_once() -> None:
    """A declaration gives a thousand names, and each of them asks for it."""
    names = ", ".join(f"a{n}" for n in range(1_000))
    source = ("int x;\n" + "// y\n" * 40_000 + f"int {names};\n").encode()
    outline = parse("a.c", source).outline
    assert len(outline.definitions) == 1_001
    assert {entry.documentation for entry in outline.definitions[1:]} == {Documentation(2, 40_001)}


def test_thousands_of_comments_set_apart_by_a_line_document_nothing() -> None:
    text = "".join(f"// {n}\n\nfunc f{n}() {{}}\n" for n in range(8_000))
    outline = parse("a.go", f"package p\n{text}".encode()).outline
    assert len(outline.definitions) == 8_000
    assert not any(entry.documentation for entry in outline.definitions)


@pytest.mark.parametrize("path", SAMPLES)
def test_documentation_is_kept_and_read_back(path: str) -> None:
    source = SAMPLES[path].encode()
    parsed = parse(path, source)
    assert Parsed.unpack(parsed.pack(), source).outline == parsed.outline


def test_what_an_index_keeps_of_documentation_is_its_place_alone() -> None:
    text = "".join(f"/** {'words ' * 50}{n}. */\nint f{n}(void);\n" for n in range(100))
    bare = "".join(f"\nint f{n}(void);\n" for n in range(100))
    documented, plain = (len(parse("a.c", each.encode()).pack()) for each in (text, bare))
    assert documented < plain + 600
