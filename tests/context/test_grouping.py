"""Changed files that name each other are read side by side; nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.git_repository import Content
from tests.fakes.proposal import Proposal, propose
from workers.context.grouping import connected, grouped
from workers.context.overview import overview
from workers.context.parts import Part
from workers.repository.knowledge import understand


def _connected(proposal: Proposal) -> list[list[str]]:
    with proposal.code() as code:
        change = code.changes()
        knowledge = understand(code, change, proposal.pull.base_tip, lambda _path: False)
        return connected(change.files, knowledge)


def test_a_caller_a_new_helper_and_their_test_belong_together(tmp_path: Path) -> None:
    base: dict[str, Content] = {
        "a/price.py": "def price(n):\n    return n\n",
        "b/other.py": "x = 1\n",
        "z/shop.py": "from a.price import price\n\n\ndef buy():\n    return price(1)\n",
        "tests/test_price.py": "from a.price import price\n\n\ndef test():\n    assert price(1)\n",
    }
    head: dict[str, Content] = {
        "a/price.py": "from c.rounding import rounded\n\n\ndef price(n):\n    return rounded(n)\n",
        "b/other.py": "x = 2\n",
        "c/rounding.py": "def rounded(n):\n    return round(n)\n",
        "z/shop.py": "from a.price import price\n\n\ndef buy():\n    return price(2)\n",
        "tests/test_price.py": "from a.price import price\n\n\ndef test():\n    assert price(2)\n",
    }
    assert _connected(propose(tmp_path, base, head)) == [
        ["a/price.py", "c/rounding.py", "tests/test_price.py", "z/shop.py"],
        ["b/other.py"],
    ]


def test_a_name_that_everybody_uses_ties_nobody(tmp_path: Path) -> None:
    users = {f"m{n}.py": f"log_line({n})\n" for n in range(12)}
    head: dict[str, Content] = {"log.py": "def log_line(n):\n    pass\n", **users}
    assert all(len(group) == 1 for group in _connected(propose(tmp_path, {"x": "x\n"}, head)))


def _part(path: str, tokens: int) -> Part:
    return Part(path, "x" * (3 * tokens), 1, 2)


def test_what_belongs_together_shares_a_prompt_where_it_fits() -> None:
    parts = {path: [_part(path, 40)] for path in "abcd"}
    groups, cut = grouped([["a", "d"], ["b"], ["c"]], parts, room=90, most=2)
    assert [[part.path for part in group.parts] for group in groups] == [["a", "d"], ["b", "c"]]
    assert cut == []


@given(
    sizes=st.lists(st.lists(st.integers(1, 60), min_size=1, max_size=6), max_size=8),
    most=st.integers(1, 4),
)
def test_each_part_is_in_one_group_or_named_as_cut(sizes: list[list[int]], most: int) -> None:
    together = [[f"{n}.{m}" for m in range(len(some))] for n, some in enumerate(sizes)]
    parts = {
        f"{n}.{m}": [_part(f"{n}.{m}", size)]
        for n, some in enumerate(sizes)
        for m, size in enumerate(some)
    }
    groups, cut = grouped(together, parts, room=70, most=most)
    placed = [part for group in groups for part in group.parts]
    assert sorted(part.path for part in (*placed, *cut)) == sorted(parts)
    assert len(groups) <= most
    assert all(sum(part.tokens for part in group.parts) <= 70 for group in groups)


def test_an_outline_names_what_a_prompt_does_not_show(tmp_path: Path) -> None:
    base: dict[str, Content] = {"a.py": "def price(n):\n    return n\n", "b.py": "x = 1\n"}
    head: dict[str, Content] = {"a.py": "def price(n, m):\n    return n\n", "b.py": "x = 2\n"}
    proposal = propose(tmp_path, base, head)
    with proposal.code() as code:
        change = code.changes()
        knowledge = understand(code, change, proposal.pull.base_tip, lambda _path: False)
    assert overview(change.files, knowledge, {"b.py"}, 500) == (
        "modified a.py (+1 -1): price (signature, line 1)"
    )
    assert overview(change.files, knowledge, {"a.py", "b.py"}, 500) == ""
