"""What the model is given: near context once, within the budget, and nothing that is withheld."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.proposal import Proposal, example, propose
from workers.context.budget import LIMITS, EffortLimits, within
from workers.context.guidelines import Guideline, Rules
from workers.context.pack import TOO_LARGE, Packing, pack_change
from workers.context.sources import Sources
from workers.model.tokens import estimated_tokens
from workers.repository.knowledge import understand
from workers.review.reading_policy import path_rule
from workers.review.triage import select

LIGHT = LIMITS["light"]


def _packed(
    proposal: Proposal,
    limits: EffortLimits = LIGHT,
    never_send: tuple[str, ...] = (),
    guidelines: tuple[Guideline, ...] = (),
) -> Packing:
    hidden, ignored = path_rule(never_send), path_rule(())
    with proposal.code() as code:
        change = code.changes()
        knowledge = understand(code, change, proposal.pull.base_tip, ignored)
        read = select(change, ignored, hidden).read
        return pack_change(
            change, read, knowledge, Sources(code, hidden), Rules(guidelines), limits
        )


def _sections(text: str) -> dict[str, str]:
    parts = [part.partition("\n\n") for part in f"\n\n{text}".split("\n\n# ")[1:]]
    return {title: body for title, _, body in parts}


def test_the_example_is_one_pack_in_the_order_of_need(tmp_path: Path) -> None:
    (pack,) = _packed(example(tmp_path)).packs
    sections = _sections(pack.text)
    assert list(sections) == [
        "All changed files",
        "The change (old line, new line, mark, text)",
        "Facts found by plain code",
        "Reported by plain code already: do not report these again "
        "(the same place failing for another reason is yours to report)",
        "Code around the change, at the head",
    ]
    assert pack.files == (
        "parcel/pricing.py",
        "parcel/checkout.py",
        "parcel/services.py",
        "tests/test_pricing.py",
    )
    assert pack.left_out == ()
    around = sections["Code around the change, at the head"]
    assert (
        "shipping_cost(weight, order.country, order.express)" in around
    )  # the caller nobody changed
    assert "parcel/nightly.py" in around
    assert "parcel/report.py" in around  # the caller's caller


def test_nothing_is_said_twice(tmp_path: Path) -> None:
    """Two callers within a few lines are one piece of context, and each line stands there once."""
    callers = ["from a import price", "", "def one():", "    return price(1)", "", "def two():"]
    callers += ["    return price(2)", "", *(f"x{n} = {n}" for n in range(40))]
    base = {"a.py": "def price(n):\n    return n\n", "b.py": "\n".join(callers)}
    (pack,) = _packed(propose(tmp_path, base, {"a.py": "def price(n, m):\n    return n\n"})).packs
    assert pack.text.count("return price(1)") == 1
    assert pack.text.count("return price(2)") == 1
    assert pack.text.count("-- b.py: ") == 1
    assert "line 4 in one relies on price (its contract changed)" in pack.text
    assert "line 7 in two relies on price (its contract changed)" in pack.text


def test_a_caller_that_holds_a_telling_name_too_is_shown_once(tmp_path: Path) -> None:
    """As a caller; the other file with that name is a place to look."""
    caller = "from a import price\n\n\ndef total(order):\n    return price(order.net_weight)\n"
    base = {
        "a.py": "def price(n):\n    return n\n",
        "b.py": caller,
        "c.py": "net_weight = 3\n",
    }
    head = {"a.py": "def price(n, order):\n    return n + order.net_weight\n"}
    (pack,) = _packed(propose(tmp_path, base, head)).packs
    assert pack.text.count("return price(order.net_weight)") == 1
    assert "-- c.py: also names net_weight\n    1 | net_weight = 3" in pack.text


def test_what_changed_tests_use_of_their_own_comes_last(tmp_path: Path) -> None:
    filler = "".join(f"x{n} = {n}\n" for n in range(90))
    tests = "def test_price():\n    assert {}\n\n\n" + filler + "def handler():\n    return 2\n"
    base = {
        "a.py": "from b import rate\n\n\ndef price(n):\n    return n\n",
        "b.py": "def rate():\n    return 2\n",
        "tests/test_a.py": tests.format("1"),
    }
    head = {
        "a.py": "from b import rate\n\n\ndef price(n):\n    return n * rate()\n",
        "tests/test_a.py": tests.format("handler()"),
    }
    (pack,) = _packed(propose(tmp_path, base, head)).packs
    around = _sections(pack.text)["Code around the change, at the head"]
    assert [row for row in around.split("\n") if row.startswith("--")] == [
        "-- b.py: function rate, used by the change",
        "-- tests/test_a.py: function handler, used by its tests",
    ]


def test_a_long_changed_function_is_shown_whole_where_it_is_the_only_one(tmp_path: Path) -> None:
    rows = [f"    x{n} = {n}" for n in range(200)]
    long = "def price(n):\n{}\n    return n\n"
    changed = long.format("\n".join([*rows[:100], "    n = n or 1", *rows[100:]]))
    one = propose(tmp_path / "one", {"a.py": long.format("\n".join(rows))}, {"a.py": changed})
    (pack,) = _packed(one).packs
    assert "    x0 = 0\n" in pack.text
    assert "    x199 = 199\n" in pack.text

    small = "".join(f"def f{n}():\n    return {n}\n\n\n" for n in range(20))
    many = propose(
        tmp_path / "many",
        {"a.py": long.format("\n".join(rows)), "b.py": small},
        {"a.py": changed, "b.py": small.replace("return ", "return 1 + ")},
    )
    text = "".join(pack.text for pack in _packed(many).packs)
    assert "    x100 = 100\n" in text
    assert "    x199 = 199\n" not in text


def test_what_the_diff_shows_is_not_repeated(tmp_path: Path) -> None:
    base = {"a.py": "def price(n):\n    return n\n\n\ndef one():\n    return price(1)\n"}
    head = {"a.py": "def price(n):\n    return -n\n\n\ndef one():\n    return price(1) + 0\n"}
    (pack,) = _packed(propose(tmp_path, base, head)).packs
    assert "Code around the change, at the head" not in _sections(pack.text)


def test_a_caller_far_below_in_the_same_file_is_context(tmp_path: Path) -> None:
    """The view ends at the last change; what stands below it was shown by nobody."""
    filler = "".join(f"x{n} = {n}\n" for n in range(60))
    body = "def price(n):\n    return {}n\n\n\n" + filler + "\n\ndef one():\n    return price(1)\n"
    base, head = {"a.py": body.format("")}, {"a.py": body.format("-")}
    (pack,) = _packed(propose(tmp_path, base, head)).packs
    assert "return price(1)" in _sections(pack.text)["Code around the change, at the head"]


def test_of_a_stretch_that_the_diff_shows_in_part_the_rest_is_context(tmp_path: Path) -> None:
    """With one line of what the diff shows, to find the place by."""
    rest = "".join(f"x{n} = {n}\n" for n in range(9))
    body = "FIRST = {}\n\n\ndef delay(n):\n    a = n\n    b = n\n    c = n\n    return n * FIRST\n"
    (pack,) = _packed(
        propose(tmp_path, {"a.py": body.format(200) + rest}, {"a.py": body.format(1) + rest})
    ).packs
    around = _sections(pack.text)["Code around the change, at the head"]
    first, *shown, _ = around.split("\n")
    assert first == "-- a.py: line 8 in delay relies on FIRST (changed inside)"
    assert shown[:4] == [
        "    4 | def delay(n):",
        "    5 |     a = n",
        "    6 |     b = n",
        "    7 |     c = n",
    ]


def _wide(tmp_path: Path, callers: int) -> Proposal:
    body = "\n".join(f"    x{n} = {n}" for n in range(40))
    base = {
        f"callers/c{n}.py": f"from a import price\n\ndef caller{n}():\n{body}\n    price({n})\n"
        for n in range(callers)
    }
    base["a.py"] = "def price(n):\n    return n\n"
    return propose(tmp_path, base, {"a.py": "def price(n, m):\n    return n\n"})


@pytest.mark.parametrize("tokens", [700, 800, 900, 1_000])
def test_context_beyond_the_budget_is_named(tmp_path: Path, tokens: int) -> None:
    limits = replace(LIGHT, context_tokens=tokens)
    (pack,) = _packed(_wide(tmp_path, 30), limits).packs
    assert estimated_tokens(pack.text) <= tokens
    shown = pack.text.count("-- callers/")
    cut = [title for title in pack.left_out if title.startswith("callers/")]
    assert shown + len(cut) == 6
    if cut:
        assert "# Also there, not shown for want of room\n\n" in pack.text


def test_of_many_callers_a_few_are_shown_and_the_rest_named(tmp_path: Path) -> None:
    (pack,) = _packed(_wide(tmp_path, 30)).packs
    around = _sections(pack.text)["Code around the change, at the head"]
    assert around.count("-- callers/") == 6
    assert "-- 24 more places rely on price, not shown\n" in around
    places = set(re.findall(r"callers/c\d+\.py", around))
    assert places == {f"callers/c{n}.py" for n in range(30)}
    assert pack.left_out == ()


@pytest.mark.parametrize("tokens", [800, 2_000, 12_000])
def test_guidelines_lists_and_paths_cannot_burst_the_budget(tmp_path: Path, tokens: int) -> None:
    many = {f"{'deep/' * 30}f{n}.py": f"y = {n}\n" for n in range(150)}
    proposal = propose(tmp_path, {"a.py": "x = 1\n"}, {"a.py": "x = 2\n", **many})
    rules = tuple(Guideline(f"{n}/AGENTS.md", "Be careful.\n" * 400) for n in range(6))
    packing = _packed(proposal, replace(LIGHT, context_tokens=tokens), guidelines=rules)
    for pack in packing.packs:
        assert estimated_tokens(pack.text) <= tokens
    (first, *_) = packing.packs
    assert "more lines, left out for want of room]" in first.text


def test_a_large_change_is_split_and_a_huge_file_is_cut(tmp_path: Path) -> None:
    def lines(n: int) -> str:
        return "".join(f"value_{k} = {k}\n" for k in range(n))

    head = {"a.py": lines(100), "b.py": lines(100), "c.py": lines(100), "d.py": lines(900)}
    limits = replace(LIGHT, context_tokens=2_200, packs=2)
    packing = _packed(propose(tmp_path, {"z.py": "z\n"}, head), limits)
    assert [pack.files for pack in packing.packs] == [("a.py",), ("b.py",)]
    assert packing.cut == dict.fromkeys(("c.py", "d.py"), TOO_LARGE)
    for pack in packing.packs:
        assert _sections(pack.text)["All changed files"] == "A a.py\nA b.py\nA c.py\nA d.py"


CHARGE = """// The till.

/** Charges the amount. At once. */
export function charge(amount: number): number {
  return amount;
}
"""
BUY = "import {{ charge }} from './charge';\n\nexport const bought = {};\n"


def _buying(folder: Path) -> Proposal:
    base = {"shop/charge.ts": CHARGE, "shop/buy.ts": BUY.format("1")}
    return propose(folder, base, {"shop/buy.ts": BUY.format("charge(1)")})


def test_a_contract_in_use_is_shown_with_what_documents_it(tmp_path: Path) -> None:
    (pack,) = _packed(_buying(tmp_path)).packs
    assert _sections(pack.text)["Code around the change, at the head"] == (
        "-- shop/charge.ts: function charge, used by the change\n"
        "charge is documented: Charges the amount.\n"
        "    4 | export function charge(amount: number): number {\n"
        "    5 |   return amount;\n    6 | }"
    )


def test_a_doc_string_is_shown_in_its_place_and_not_again(tmp_path: Path) -> None:
    charge = 'def charge(amount):\n    """Charges the amount."""\n    return amount\n'
    buy = "from charge import charge\n\nbought = 1\n"
    head = {"buy.py": buy.replace("= 1", "= charge(1)")}
    (pack,) = _packed(propose(tmp_path, {"charge.py": charge, "buy.py": buy}, head)).packs
    assert pack.text.count("Charges the amount.") == 1


def test_what_documents_code_takes_no_room_from_code(tmp_path: Path) -> None:
    """With just enough room for the code, it is there without its documentation."""
    proposal = _buying(tmp_path)
    hidden = ignored = path_rule(())
    told = []
    with proposal.code() as code:
        change = code.changes()
        knowledge = understand(code, change, proposal.pull.base_tip, ignored)
        for tokens in range(160, 320, 2):
            limits = replace(LIGHT, context_tokens=tokens)
            sources = Sources(code, hidden)
            packing = pack_change(change, change.files, knowledge, sources, Rules(), limits)
            (text,) = (pack.text for pack in packing.packs)
            assert estimated_tokens(text) <= tokens
            told.append(("return amount" in text, "is documented" in text))
    assert list(dict.fromkeys(told)) == [(False, False), (True, False), (True, True)]


def test_nothing_of_a_withheld_file_is_packed(tmp_path: Path) -> None:
    """Neither as a change, nor as a caller, a definition, a fact, nor out of its old place."""
    canary = "CANARY_7f3"
    base = {
        "lib.py": "def price(n):\n    return n\n",
        "secrets/use.py": f"from lib import price\n\ndef {canary}_use():\n    return price(1)\n",
        "secrets/rates.py": f"def rate(a={canary!r}):\n    return a\n",
        "app.py": "from secrets.rates import rate\n\ndef run():\n    return rate()\n",
        "secrets/moved.py": f"A = {canary!r}\nB = 1\nC = 2\nD = 3\nE = 4\n",
    }
    head = {
        "lib.py": "def price(n, m):\n    return n\n",
        "secrets/rates.py": f"def rate(a={canary!r}, b={canary!r}):\n    return a\n",
        "app.py": "from secrets.rates import rate\n\ndef run():\n    return rate(1)\n",
        "secrets/moved.py": None,
        "open/moved.py": "A = 0\nB = 1\nC = 2\nD = 3\nE = 4\n",
    }
    proposal = propose(tmp_path, base, head)
    for hidden in ((), ("secrets/**",)):
        text = "\n".join(pack.text for pack in _packed(proposal, LIGHT, hidden).packs)
        assert (canary in text) == (hidden == ())
        assert ("secrets/use.py:4" in text) == (hidden == ())
        assert "`price` changed its parameters" in text


def test_a_fact_is_one_line_with_the_places_that_may_be_sent(tmp_path: Path) -> None:
    colours = "from enum import Enum\n\n\nclass Colour(Enum):\n    RED = 1\n    BLUE = 2\n"
    tells = "from lib import Colour\n\nx = {Colour.RED: 1, Colour.BLUE: 2}\n"
    base = {"lib.py": colours, "a.py": tells, "secrets/b.py": tells}
    proposal = propose(tmp_path, base, {"lib.py": colours + "    GREEN = 3\n"})
    line = "`Colour` gained `GREEN`; these places tell its other members apart: "
    for withheld, told in (((), "a.py:3, secrets/b.py:3"), (("secrets/**",), "a.py:3")):
        (pack,) = _packed(proposal, never_send=withheld).packs
        assert line + told in _sections(pack.text)["Facts found by plain code"].split("\n")
    (pack,) = _packed(proposal, never_send=("secrets/**", "a.py")).packs
    assert "Colour` gained" not in pack.text


def test_within_names_what_it_leaves_out() -> None:
    assert within("a\nb", 10) == "a\nb"
    cut = within("\n".join(["some words on a line"] * 50), 60)
    assert estimated_tokens(cut) <= 60
    rows = cut.split("\n")
    assert rows[-1] == f"[{50 - (len(rows) - 1)} more lines, left out for want of room]"
