"""Names of code and places in sentences, as findings tell them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.review.code_names import CodeName, Place, name_of, names_in, places_in, with_places


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("`Ledger.rebalance` loses orders", ["Ledger.rebalance"]),
        ("Ledger.rebalance loses orders", ["Ledger.rebalance"]),
        ("`Rack::Response#close` keeps the body", ["Rack.Response.close"]),
        ("add_subapp raises KeyError", ["add_subapp"]),
        ("`fetchAll()` and `open()` block", ["fetchAll", "open"]),
        ("`Ledger.close(now, 2)` and `(a + b)` fail", ["Ledger.close"]),
        ("`$installedByVendor` is stale, `empty?` too", ["$installedByVendor"]),
        ("open() blocks; so does std::fs::read", ["open", "std.fs.read"]),
        ("fileMode.UnmarshalJSON refuses `mode`", ["fileMode.UnmarshalJSON"]),
        ("redirect calls undefined `port` on any port", []),
        ("`x is None`, `--flag`, `a + b`, `0.5` and `.env`", []),
        ("GitHub, JavaScript and Node.js at example.com, e.g. v1.2", []),
        ("`config.py`, `package.json` and src/app_main.py", []),
        ("Write to a.b_c@example.com", []),
    ],
)
def test_names_of_code(title: str, names: list[str]) -> None:
    assert [".".join(name.parts) for name in names_in(title)] == names


def test_what_languages_give_and_people_say_is_not_the_projects() -> None:
    assert CodeName(("Order", "__hash__")).told == ("Order",)
    assert CodeName(("Order", "constructor")).told == ("Order",)
    assert CodeName(("UnboundLocalError",)).told == ()


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("UrlDispatcher.resolve", CodeName(("UrlDispatcher", "resolve"))),
        ("redirect", None),
        ("module level", None),
        ("", None),
    ],
)
def test_a_symbol(symbol: str, name: CodeName | None) -> None:
    assert name_of(symbol) == name


def test_places() -> None:
    text = "In `src/a.py:12`, b.tar.gz:3-5 (c++/d.hpp:7): not at example.org:80, 12:30, x.py:1:2."
    assert places_in(text) == (
        Place("src/a.py:12", "src/a.py", "py", 12, 12),
        Place("b.tar.gz:3-5", "b.tar.gz", "gz", 3, 5),
        Place("c++/d.hpp:7", "c++/d.hpp", "hpp", 7, 7),
    )
    assert with_places(text, lambda place: place.path).startswith("In `src/a.py`, b.tar.gz (c++")
    assert places_in("http://host/a.py:3 and https://x.io:80/b.py:9") == ()


def test_a_hostile_text_is_read_in_one_pass() -> None:
    for part in ("a+", "a.", "a/", "a.b:", "../", "`a"):
        assert places_in(part * 100_000) == ()


@given(st.text("ab_./:`#0-9()A ", max_size=60))
def test_a_text_whose_places_are_told_as_they_stand_is_the_same(text: str) -> None:
    assert with_places(text, lambda place: place.text) == text
    assert all("".join(name.parts) for name in names_in(text))
