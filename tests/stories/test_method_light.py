"""What a light review may cost: two questions and one verification, whatever comes together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.domain.budget import Limits
from bot.domain.conversation import ModelRequest
from bot.domain.jobs import Trigger
from bot.domain.learning import Teaching
from bot.domain.review import Review
from bot.github.words.summary import summary_page
from tests.fakes.answers import defect, looked_again, promise, quote, rooms
from tests.fakes.git_repository import Content
from tests.fakes.proposal import REF, propose
from tests.fakes.scripted_model import Reply, ScriptedModel, calls
from workers.review.budgets import Budgets
from workers.review.scope import Scope

Files = Mapping[str, Content]

PLAIN: Files = {
    "pay.py": "def charge(order):\n    return order.total\n",
    "README.md": "Prices.\n",
}
LESS = "def charge(order):\n    return order.total - order.discount\n"
CODE: Files = {"pay.py": LESS}
TWICE: Files = {"pay.py": LESS.replace("order.discount", "2 * order.discount")}
FORTY: Files = {
    f"m{n:02}.py": "".join(f"def f{n}_{line}(x):\n    return x\n\n\n" for line in range(40))
    for n in range(40)
}
MANUAL: Files = {"docs/manual.md": "".join(f"Step {n}: turn it.\n" for n in range(5_000))}
PROSE: Files = {"README.md": "Prices are in cents.\n"}
LIGHT_BY_POLICY = {".github/plumbline.yml": "version: 1\nreview: {effort: light}\n"}
HOLDS_LITTLE = Budgets(Limits(window=9_000))


Line = tuple[str, int, str]
CHARGE: Line = ("pay.py", 1, "def charge(order):")
LESSENED: Line = ("pay.py", 2, "    return order.total - 2 * order.discount")
README: Line = ("README.md", 1, "Prices are in cents.")
M00: Line = ("m00.py", 1, "def f0_0(x):")
M01: Line = ("m01.py", 1, "def f1_0(x):")
LIGHT = {"effort": "light"}
AT_MOST = "hunt intent verify verify"
"""The verification may look something up once."""


@dataclass(frozen=True)
class Case:
    """The first review of a pull request or, with `pushed`, the next one; and the calls it costs.

    `line` is where every room finds something to say, `before` where the first review did.
    `pushed` is {} where nothing but the words is new.
    """

    head: Files
    line: Line
    costs: str = AT_MOST
    base: Files = field(default_factory=lambda: PLAIN)
    pushed: Files | None = None
    before: Line = CHARGE
    title: str = "Change parcels"
    asked: Mapping[str, Any] = field(default_factory=dict)
    taught: str = ""


CASES = {
    "a small change": Case(CODE, CHARGE),
    "a push under an open finding": Case(CODE, LESSENED, pushed=TWICE),
    "a push and another title": Case(CODE, LESSENED, pushed=TWICE, title="Parcels"),
    "another title alone": Case(
        CODE,
        ("pay.py", 2, "    return order.total - order.discount"),
        "intent verify verify",
        pushed={},
        title="Parcels",
        asked={"trigger": Trigger("edited", "edited-1")},
    ),
    "a large change, light asked for": Case(FORTY, M00, asked=LIGHT),
    "a large change, light by policy": Case(FORTY, M00, base={**PLAIN, **LIGHT_BY_POLICY}),
    "a push to a large change": Case({**FORTY, **CODE}, LESSENED, pushed=TWICE),
    "all of a large change again": Case(
        {**FORTY, **CODE}, M01, pushed=TWICE, asked={**LIGHT, "scope": Scope(again=True)}
    ),
    "a model that holds little": Case(FORTY, M00, asked={**LIGHT, "budgets": HOLDS_LITTLE}),
    "prose": Case(PROSE, README, "intent verify verify"),
    "prose of many pages": Case(
        MANUAL, ("docs/manual.md", 1, "Step 0: turn it."), "intent verify verify"
    ),
    "a push of prose": Case(CODE, README, "intent verify verify", pushed=PROSE),
    "a push of prose under an open finding": Case(
        PROSE,
        ("README.md", 2, "And taxes."),
        "intent recheck verify verify",
        pushed={"README.md": "Prices are in cents.\nAnd taxes.\n"},
        before=README,
    ),
    "a rename with an edit": Case(
        {"pay.py": None, "paying.py": LESS}, ("paying.py", 1, "def charge(order):")
    ),
    "something taught that bears on it": Case(CODE, CHARGE, taught="Totals are checked."),
}


@pytest.mark.parametrize("name", CASES)
def test_a_light_review_is_two_questions_and_one_verification(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    model, review = _reviewed(tmp_path, case)
    assert (review.effort, _costs(model)) == ("light", case.costs)


def _reviewed(folder: Path, case: Case) -> tuple[ScriptedModel, Review]:
    proposal = propose(folder, case.base, case.head)
    if case.taught:
        teaching = Teaching("1", "bob", pull=1)
        proposal.learnings.teach(REF.repository, case.taught, teaching)
    if case.pushed is not None:
        title = proposal.pull.title
        first = proposal.reviewed(_finds_everywhere(case.before, title), effort="deep")
        proposal.records.published(first.key, 900)
    if case.pushed:
        proposal.says(head=proposal.repository.commit(case.pushed, branch="topic"))
    proposal.says(title=case.title)
    crash = {"kind": "crash", "title": "Crashes on it"}
    model = _finds_everywhere(case.line, proposal.pull.title, **crash)
    return model, proposal.review(model, **case.asked)


def test_a_light_look_at_a_large_change_says_what_it_did_not_read(tmp_path: Path) -> None:
    """Neither defects nor promises are looked for there; what most code relies on is read."""
    body = "".join(f"    x += {number}\n" for number in range(150))
    long = {f"m{n}.py": f"def f{n}(x):\n{body}    return x\n" for n in range(10)}
    users = {f"use{n}.py": "from m9 import f9\n\nf9(1)\n" for n in range(3)}
    changed = {path: text.replace("+=", "-=") for path, text in long.items()}
    proposal = propose(tmp_path, {**long, **users}, changed)
    model = rooms()
    review = proposal.review(model, effort="light")
    states = {entry.path: (entry.state, entry.reason) for entry in review.coverage.files}
    assert (review.status, len(model.requests)) == ("partial", 2)
    assert states["m9.py"] == ("read", "")
    assert states["m5.py"] == ("cut", "too large for this review's budget")
    (asked,) = model.asked("intent")
    assert not asked.tools_open
    assert (
        "they cannot be looked at here: where a promise depends on them"
        in asked.messages[2].content
    )
    assert "`@plumbline review deep` reads more of what was cut" in summary_page(
        review, "https://github.com/acme/parcel", "", 60_000
    )


def test_prose_that_takes_a_larger_prompt_is_read_whole_at_once(tmp_path: Path) -> None:
    manual = {"manual.md": "".join(f"Step {n}: turn it.\n" for n in range(1_000))}
    model = rooms()
    review = propose(tmp_path, PLAIN, manual).review(model)
    assert (review.status, review.effort_told, len(model.requests)) == (
        "complete",
        "light: documentation alone, 1,000 changed lines in 1 file",
        1,
    )


def test_a_small_change_with_long_tests_is_read_whole_in_one_larger_prompt(tmp_path: Path) -> None:
    row = "    assert charge(Order(total={n}, discount=0, parcels=(Parcel({n}, size=3),))) == {n}"
    tests = "\n".join(("def test_charge():", *(row.format(n=n) for n in range(280)), ""))
    model = rooms()
    review = propose(tmp_path, PLAIN, {**CODE, "tests/test_pay.py": tests}).review(model)
    assert (review.effort, review.status, _costs(model)) == ("light", "complete", "hunt intent")
    assert {file.path: file.state for file in review.coverage.files} == {
        "pay.py": "read",
        "tests/test_pay.py": "read",
    }


def _finds_everywhere(line: Line, said: str, **other: str) -> ScriptedModel:
    """Each room finds something there, whatever was found before; it looks around where it may."""
    path, number, text = line
    cited = quote(path, number, text)
    found = defect(path, number, cited, **other)
    breach = defect(path, number, cited, title="Not as promised", kind="broken-promise")
    broken = promise("Keep it", "broken", cited, quote=said, defects=[breach])
    model = rooms(
        hunt={"defects": [found], "sites": []},
        intent={"promises": [broken], "unasked": []},
        recheck={"results": [looked_again(1, "unsure")]},
    )

    def curious(request: ModelRequest) -> Reply:
        if request.tools_open and request.messages[-1].role != "tool":
            return calls(("read_file", {"path": path}))
        return model.complete(request)

    return ScriptedModel(curious)


def _costs(model: ScriptedModel) -> str:
    """The calls by purpose, those of the rooms in the order of their names."""
    made = [request.purpose.split()[0].rstrip(":") for request in model.requests]
    return " ".join((*sorted(made[:2]), *made[2:]))
