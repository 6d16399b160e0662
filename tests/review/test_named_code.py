"""What a finding names: held against both commits, asked about, and not posted unexplained."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.finding import Category, Evidence, Fate, Finding, Origin, Severity
from tests.fakes.code import BASE, HEAD, MemoryCode
from workers.context.sources import Sources
from workers.review.named_code import NamedCode

CODE = MemoryCode(
    head={
        "app/ledger.py": "import asyncio\nfrom orm import Session\n\n\nclass Ledger:\n    pass\n",
        "app/pay.py": "from app.ledger import Ledger\n\nbook = Ledger()\nSession.close()\n",
        "app/rebuild.py": "",
        "keys/secret.py": "token = 1\n",
    },
    base={"app/ledger.py": "class Ledger:\n    def drop_all(self):\n        return 1\n"},
)
FINDING = Finding(
    title="Wrong",
    body="It is wrong.",
    severity=Severity.P1,
    category=Category.CORRECTNESS,
    origin=Origin.HUNT,
    path="app/pay.py",
    line=3,
    evidence=(Evidence("app/pay.py", HEAD, 3, 3, "book = Ledger(quoted_only)"),),
)


def _named(said: frozenset[str] = frozenset()) -> NamedCode:
    return NamedCode(CODE, (HEAD, BASE), Sources(CODE, lambda _: False).lines, said)


@pytest.mark.parametrize(
    ("title", "unknown"),
    [
        ("`Ledger.rebalance` loses orders", ("rebalance",)),
        ("Ledger.rebalance loses orders", ("rebalance",)),
        ("`settle_all` and `Shelf.close_out()` fail", ("settle_all", "Shelf", "close_out")),
        ("`Ledger.drop_all` is gone", ()),
        ("`quoted_only` is read twice", ()),
        ("`app.rebuild()` is empty", ()),
        ("`asyncio.gather` swallows what fails", ()),
        ("`json.load_all` is slow", ()),
        ("`Session.flush_all` is never called", ()),
        ("`Ledger.__hash__` raises `UnhashableError`", ()),
        ("A wrong total where `x is None`", ()),
    ],
)
def test_what_stands_in_no_file(title: str, unknown: tuple[str, ...]) -> None:
    assert _named().unknown(replace(FINDING, title=title)) == unknown


def test_facts_and_what_the_author_promises_are_no_inventions() -> None:
    title = "Not as promised: add `max_retries`"
    promised = replace(FINDING, title=title, origin=Origin.INTENT)
    assert _named(frozenset({"max_retries"})).unknown(promised) == ()
    assert _named(frozenset({"max_retries"})).unknown(replace(FINDING, title=title)) != ()
    assert _named().unknown(replace(FINDING, title=title, origin=Origin.CHECK)) == ()


def test_lines_that_nobody_can_open_are_struck() -> None:
    told = "See `app/ledger.py:44` and pay.py:2-9; not ledger.py:3, keys/secret.py:1 or a.txt:7."
    found = _named().struck(replace(FINDING, body=told, trigger="pay.py:5", title="ledger.py:0"))
    assert (
        found.body
        == "See `app/ledger.py` and pay.py; not ledger.py:3, keys/secret.py:1 or a.txt:7."
    )
    assert (found.trigger, found.title) == ("pay.py", "ledger.py")


def test_a_symbol_that_is_nowhere_is_none() -> None:
    symbols = ["Ledger.rebalance", "Ledger.drop_all", "module level", "book"]
    struck = [_named().struck(replace(FINDING, symbol=symbol)).symbol for symbol in symbols]
    assert struck == ["", "Ledger.drop_all", "module level", "book"]


INVENTED = replace(FINDING, title="`Ledger.rebalance` loses orders", body="As in cash.py:44.")


@pytest.mark.parametrize(
    ("verification", "explained"),
    [
        ("Read app/pay.py:3.", False),
        ("`rebalance` and cash.py: as told.", False),
        ("`rebalance` stands in cash.py:44, beside app/pay.py:3.", False),
        ("`rebalance` is set at run time, from cash.py, by app/pay.py:3.", True),
    ],
)
def test_a_name_without_code_needs_a_word_on_where_it_is_from(
    verification: str, explained: bool
) -> None:
    held = _named().held_to(replace(INVENTED, verification=verification))
    if explained:
        assert (held.fate, held.body) == (None, "As in cash.py.")
    else:
        assert held.fate is Fate.UNPROVEN
        assert held.reason.startswith("it names `rebalance`")


def test_what_has_a_fate_keeps_it() -> None:
    refuted = replace(INVENTED, fate=Fate.REFUTED)
    assert _named().held_to(refuted) == refuted


def test_lookups_are_bounded() -> None:
    """What nobody looked up is taken as known."""
    titles = [f"`made_up_{n}` fails" for n in range(70)]
    named = _named()
    assert sum(bool(named.unknown(replace(FINDING, title=title))) for title in titles) == 60
