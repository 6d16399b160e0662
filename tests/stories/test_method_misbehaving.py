"""A model that misbehaves costs little, is seen by all, and never makes a change look clean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.conversation import ModelAnswer, ModelRequest
from bot.domain.finding import Fate
from tests.fakes.answers import NO_DEFECT, defect, quote, rooms
from tests.fakes.proposal import Proposal, propose
from tests.fakes.scripted_model import Reply, ScriptedModel, calls
from tests.stories.telling import told
from workers.context.budget import LIMITS

BASE = {"pay.py": "def charge(order):\n    return order.total\n"}
HEAD = {"pay.py": "def charge(order):\n    return order.total - order.discount\n"}
CHANGED = quote("pay.py", 2, "return order.total - order.discount")


def _proposed(folder: Path) -> Proposal:
    return propose(folder, BASE, HEAD)


NO_ANSWER: dict[str, tuple[Reply, str, int]] = {
    "prose": (
        "Looks good to me!",
        "does not fit, also after being asked again: there is no JSON object in the answer",
        2,
    ),
    "another form": (
        {"approved": True},
        "does not fit, also after being asked again: "
        "defects: Field required; sites: Field required",
        2,
    ),
    "cut off": (
        ModelAnswer('{"defects": [', finish="length", model="scripted"),
        "was cut off, also after being asked for a shorter one",
        2,
    ),
    "refused": (
        ModelAnswer("I cannot review this.", finish="refusal", model="scripted"),
        "was refused by the model: 'I cannot review this.'",
        1,
    ),
    "tools that are closed": (
        calls(("read_file", {"path": "pay.py"})),
        "does not fit, also after being asked again: "
        "it calls a tool, but no tool is on offer any more",
        2,
    ),
}


@pytest.mark.parametrize("name", NO_ANSWER)
def test_no_answer_is_not_a_clean_answer(tmp_path: Path, name: str) -> None:
    answer, problem, asked = NO_ANSWER[name]
    assert told(_proposed(tmp_path).review(rooms(hunt=answer))) == (
        "partial, light\n"
        "read pay.py\n"
        "not done: the hunt for defects (whole; 1 file) gave no answer: "
        f"The answer to 'hunt: whole' {problem}\n"
        f"{asked + 1} calls to scripted"
    )


def test_both_rooms_off_schema_is_a_failed_review(tmp_path: Path) -> None:
    review = _proposed(tmp_path).review(rooms(hunt="LGTM", intent="LGTM"))
    assert (review.status, len(review.coverage.not_done)) == ("failed", 2)


def test_endless_tool_calls_come_to_an_end(tmp_path: Path) -> None:
    """Each question has its rounds; then the tools close, and no answer is told as none."""

    def endless(request: ModelRequest) -> Reply:
        line = len(request.messages)
        return calls(
            *(("read_file", {"path": "pay.py", "start_line": line + n}) for n in range(20))
        )

    model = ScriptedModel(endless)
    review = _proposed(tmp_path).review(model, effort="standard")
    assert review.status == "failed"
    per_question = LIMITS["standard"].rounds + 1  # and once more, asked to answer
    assert review.usage.model_calls == len(model.requests) == 2 * per_question


def test_quotes_that_do_not_exist_prove_nothing(tmp_path: Path) -> None:
    invented = [
        defect("pay.py", 2, quote("pay.py", 2, "return eval(order)"), title="Invented quote"),
        defect("cash.py", 2, quote("cash.py", 2, "return order.total"), title="Invented path"),
        defect("pay.py", 2, title="No quote"),
    ]
    model = rooms(hunt={"defects": invented, "sites": []})
    assert told(_proposed(tmp_path).review(model)) == (
        "complete, light\n"
        "unproven P1 cash.py:2 Invented path - "
        "none of the 1 quotes stands in the code (first: cash.py:2)\n"
        "unproven P1 pay.py:2 Invented quote - "
        "none of the 1 quotes stands in the code (first: pay.py:2)\n"
        "unproven P1 pay.py:2 No quote - no code was cited\n"
        "read pay.py\n"
        "2 calls to scripted"
    )


def test_the_same_finding_forty_times_is_one(tmp_path: Path) -> None:
    model = rooms(hunt={"defects": [defect("pay.py", 2, CHANGED)] * 40, "sites": []})
    assert told(_proposed(tmp_path).review(model)) == (
        "complete, light\n"
        "posted P1 pay.py:2 Wrong total - "
        "reaches severity P2 by built-in, confidence 0.7 by built-in\n"
        "read pay.py\n"
        "3 calls to scripted"
    )


def test_more_findings_than_can_be_examined_are_counted(tmp_path: Path) -> None:
    flood = [defect("pay.py", 2, CHANGED, title=f"Claim {n}") for n in range(200)]
    review = _proposed(tmp_path).review(rooms(hunt={"defects": flood, "sites": []}))
    fates = [finding.fate for finding in review.findings]
    assert (fates.count(Fate.POSTED), fates.count(Fate.DUPLICATE)) == (1, 29)
    assert review.status == "partial"
    assert review.coverage.not_done == ("only the first 30 of 200 reported defects were examined",)


@pytest.mark.parametrize("line", [-3, 0, 402, 10**17])
def test_lines_far_off_are_put_right_by_the_quote(tmp_path: Path, line: int) -> None:
    off = defect(
        "pay.py", line, {**CHANGED, "line": line}, end_line=line + 1, suggestion="    return 0"
    )
    review = _proposed(tmp_path).review(rooms(hunt={"defects": [off], "sites": []}))
    (finding,) = review.findings
    assert (finding.fate, finding.line, finding.end_line) == (Fate.POSTED, 2, 2)
    assert finding.suggestion is None


def test_words_on_call_sites_count_only_where_they_were_asked_for(tmp_path: Path) -> None:
    base = {**BASE, "shop.py": "import pay\n\n\ndef buy(how):\n    getattr(pay, how)(pay.charge)\n"}
    head = {"pay.py": "def charge(order, rate):\n    return order.total * rate\n"}
    numbers = (-1, 0, 1, 99)
    words = [{"number": n, "status": "broken", "why": f"Called\nwith {n}."} for n in numbers]
    review = propose(tmp_path, base, head).review(rooms(hunt={"defects": [], "sites": words}))
    sites = [(s.path, s.line, s.status, s.why) for entry in review.ledger for s in entry.sites]
    assert sites == [("shop.py", 5, "broken", "Called with 1.")]


def _only_then(first: Reply, then: Reply) -> Callable[[ModelRequest], Reply]:
    answers = iter([first, then])
    return lambda _request: next(answers)


def test_an_answer_that_is_mended_when_asked_again_counts(tmp_path: Path) -> None:
    review = _proposed(tmp_path).review(rooms(hunt=_only_then("Looks good!", NO_DEFECT)))
    assert (review.status, review.usage.model_calls) == ("complete", 3)
