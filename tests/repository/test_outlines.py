"""Each language's sample is outlined as the golden file beside it says."""

from __future__ import annotations

import dataclasses
import json

import pytest

from tests.repository.projects import DATA, sections
from workers.repository.outline import SIZE_CAP_BYTES, Typed, Use
from workers.repository.outlines.walker import parse

SAMPLES = sections((DATA / "outlines" / "samples.txt").read_text())


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_outlined_as_recorded(name: str) -> None:
    outline = parse(name, SAMPLES[name].encode()).outline
    golden = DATA / "outlines" / f"{name.partition('.')[0]}.json"
    assert json.loads(json.dumps(dataclasses.asdict(outline))) == json.loads(golden.read_text())


def test_a_syntax_error_costs_one_definition_not_the_file() -> None:
    outline = parse("broken.py", SAMPLES["broken.py"].encode()).outline
    assert {"whole", "Kept.method"} <= {entry.name for entry in outline.definitions}


def test_a_file_over_the_cap_is_empty_and_says_so() -> None:
    outline = parse("big.py", b"#" * (SIZE_CAP_BYTES + 1)).outline
    assert outline.definitions == ()
    assert outline.note == "big.py: too large to outline (600,001 bytes, the cap is 600,000)"


def test_a_language_without_a_grammar_is_empty_and_says_so() -> None:
    outline = parse("a.cob", b"DISPLAY 'x'.").outline
    assert outline.note == "a.cob: no grammar for this kind of file"


def test_uses_are_identifiers_not_words_in_comments_or_strings() -> None:
    parsed = parse("a.py", b"# find me\nx = 'find'\nbox.find(1)\nfind\n")
    assert parsed.uses({"find"}, range(1, 5)) == (
        Use("find", "box", 3, True),
        Use("find", "", 4, False),
    )


@pytest.mark.parametrize(
    ("path", "source", "use"),
    [
        ("a.ts", b"api.load(new Thing())", Use("load", "api", 1, True)),
        ("a.go", b"package p\nfunc f() { api.load() }", Use("load", "api", 2, True)),
        ("A.java", b"class A { void f() { api.load(); } }", Use("load", "api", 1, True)),
        ("a.rb", b"api.load(1)", Use("load", "api", 1, True)),
        ("a.rs", b"fn f() { api::load(); }", Use("load", "api", 1, True)),
        ("a.rs", b"fn f() { api.load::<u8>(); }", Use("load", "api", 1, True)),
        ("A.java", b"class A { Object f = api::load; }", Use("load", "api", 1, False)),
        ("A.java", b"class A { Object f = new api.load<>(1); }", Use("load", "api", 1, True)),
        ("a.kt", b"fun f() { api.load(1) }", Use("load", "api", 1, True)),
        ("a.kt", b"fun f() { api!!.load { it } }", Use("load", "api", 1, True)),
        ("a.kt", b"fun f() { api load 1 }", Use("load", "api", 1, True)),
        ("a.kt", b"val f = api::load", Use("load", "api", 1, False)),
        ("a.c", b"void f() { s->api.load(1); }", Use("load", "s.api", 1, True)),
        ("a.cpp", b"void f() { api->load<int>(1); }", Use("load", "api", 1, True)),
        ("a.cpp", b"void f() { ns::api::load(1); }", Use("load", "ns::api", 1, True)),
        ("a.cpp", b"auto f = new ns::load(1);", Use("load", "ns", 1, True)),
        ("a.cs", b"class A { void F() { api.load<int>(1); } }", Use("load", "api", 1, True)),
        ("a.cs", b"class A { void F() { api?.load(1); } }", Use("load", "api", 1, True)),
        ("a.cs", b"class A { object f = new api.load(1); }", Use("load", "api", 1, True)),
    ],
)
def test_a_call_knows_its_receiver(path: str, source: bytes, use: Use) -> None:
    assert parse(path, source).uses({"load"}, [1, 2]) == (use,)


def test_the_enclosing_definition_is_the_innermost() -> None:
    outline = parse("a.py", b"class A:\n    def f(self):\n        return 1\n\nx = 1\n").outline
    around = [outline.enclosing(line) for line in (1, 3, 4)]
    assert [entry.name if entry else None for entry in around] == ["A", "A.f", None]


def test_evidence_of_types_is_plain_values() -> None:
    source = b"""class Till:
    stock: Stock

    def __init__(self, clerk: "Clerk | None"):
        self.clerk = clerk

    def ring(self, thing) -> Receipt:
        basket = (await Basket.of(1, 2)).owner
        if isinstance(thing, Coin):
            pass
        return basket
"""
    assert parse("till.py", source).outline.typed == (
        Typed("self.stock", 2, 1, 11, type="Stock"),
        Typed("clerk", 4, 4, 5, type='"Clerk | None"'),
        Typed("self.clerk", 5, 1, 11, value="clerk"),
        Typed("()", 7, 7, 11, type="Receipt"),
        Typed("thing", 7, 7, 11, value="?"),
        Typed("basket", 8, 8, 11, value="Basket.of().owner"),
        Typed("thing", 9, 10, 10, type="Coin"),
        Typed("()", 11, 11, 11, value="basket"),
    )


def test_paths_that_begin_together_stand_in_one_order_however_often_they_are_read() -> None:
    """The grammar tells of nested nodes in any order, and a replay compares byte for byte."""
    source = b"fn f() { one::two::three::four(); }\nfn g() { five::six::seven(); }\n"
    read = {parse("a.rs", source).outline.imports for _ in range(30)}
    paths = ("one.two.three", "one.two", "one", "five.six", "five")
    assert [[entry.alias for entry in imports] for imports in read] == [list(paths)]


def test_a_conditional_that_cuts_a_declaration_cuts_no_outline() -> None:
    source = b"""class Till
#if ASYNC
    : IAsync
#endif
{
    void Ring() {}
}
"""
    outline = parse("Till.cs", source).outline
    assert [entry.name for entry in outline.definitions] == ["Till", "Till.Ring"]
    assert outline.definitions[1].line == 6


def test_a_brace_that_is_missing_does_not_nest_functions_of_c() -> None:
    source = b"void broken(int a) {\n  if (a) {\n}\n\nint next(void) { return 1; }\n"
    names = [entry.name for entry in parse("a.c", source).outline.definitions]
    assert names == ["broken", "next"]


def test_an_enum_of_cpp_without_a_name_gives_its_members_to_what_is_around() -> None:
    source = b"struct Basket {\n  enum : unsigned { kSmall = 1, kLarge = 2 };\n};\n"
    assert [entry.name for entry in parse("basket.hpp", source).outline.definitions] == [
        "Basket",
        "Basket.kSmall",
        "Basket.kLarge",
    ]
