"""Room 1 over a large change: every part is looked at, and each finding is verified in its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.conversation import ModelRequest
from bot.domain.finding import Fate
from bot.errors import ModelUnavailable
from tests.fakes.answers import NO_DEFECT, defect, quote, rooms
from tests.fakes.git_repository import Content
from tests.fakes.proposal import Proposal, propose
from tests.fakes.scripted_model import Reply


def _lines(count: int, name: str) -> str:
    return "".join(f"{name}_value_number_{n} = {n}\n" for n in range(count))


def _large(folder: Path) -> Proposal:
    """Two files, each of which takes more than half of a standard prompt."""
    head: dict[str, Content] = {f"{name}.py": _lines(950, name) for name in ("a", "b")}
    return propose(folder, {"z.py": "z = 1\n"}, head)


def _file_of(request: ModelRequest) -> str:
    return "a.py" if "a_value_number_7 = 7" in request.messages[1].content else "b.py"


def _one_each(request: ModelRequest) -> Reply:
    path = _file_of(request)
    cited = quote(path, 8, f"{path[0]}_value_number_7 = 7")
    return {"defects": [defect(path, 8, cited, title=f"Wrong in {path}")], "sites": []}


def test_each_part_is_hunted_and_its_findings_are_verified_with_it(tmp_path: Path) -> None:
    model = rooms(hunt=_one_each)
    review = _large(tmp_path).review(model, effort="standard")
    assert review.status == "complete"
    assert [(f.title, f.fate) for f in review.findings] == [
        ("Wrong in a.py", Fate.POSTED),
        ("Wrong in b.py", Fate.POSTED),
    ]
    assert sorted(map(_file_of, model.asked("hunt"))) == ["a.py", "b.py"]
    for request in model.asked("verify"):
        assert f"Wrong in {_file_of(request)}" in request.messages[2].content
    prefixes = {request.messages[:2] for request in model.requests}
    assert len(prefixes) == 2


def test_a_part_that_got_no_answer_is_named(tmp_path: Path) -> None:
    def half(request: ModelRequest) -> Reply:
        return NO_DEFECT if _file_of(request) == "a.py" else ModelUnavailable("All are down.")

    review = _large(tmp_path).review(rooms(hunt=half), effort="standard")
    assert (review.status, review.coverage.not_done) == (
        "partial",
        ("the hunt for defects (whole; 1 file) gave no answer: All are down.",),
    )


def test_a_deep_review_asks_three_different_questions(tmp_path: Path) -> None:
    model = rooms()
    base: dict[str, Content] = {"a.py": "x = 1\n"}
    propose(tmp_path, base, {"a.py": "x = 2\n"}).review(model, effort="deep")
    asked = model.asked("hunt")
    assert sorted(request.purpose for request in asked) == [
        "hunt: contracts and callers",
        "hunt: data, security and concurrency",
        "hunt: errors, edges and resources",
    ]
    assert len({request.messages[2].content for request in asked}) == 3


@pytest.mark.parametrize("order", [("broken", "safe"), ("safe", "broken")])
def test_of_two_words_on_a_call_site_broken_wins(tmp_path: Path, order: tuple[str, str]) -> None:
    base: dict[str, Content] = {
        "a.js": "export function price(n) {\n  return n;\n}\n",
        "b.js": "import { price } from './a';\n\nexport function buy() {\n  return price(1);\n}\n",
    }
    head: dict[str, Content] = {"a.js": "export function price(n, m) {\n  return n + m;\n}\n"}
    words = iter((*order, "not_inspected"))

    def judges(request: ModelRequest) -> Reply:
        sites = request.messages[2].content.count("b.js:")
        status = next(words)
        return {
            "defects": [],
            "sites": [{"number": n + 1, "status": status, "why": status} for n in range(sites)],
        }

    review = propose(tmp_path, base, head).review(rooms(hunt=judges), effort="deep")
    sites = {(s.path, s.line): s.status for entry in review.ledger for s in entry.sites}
    assert sites[("b.js", 4)] == "broken"


def test_promises_are_judged_with_the_part_that_the_author_names_most(tmp_path: Path) -> None:
    """It shares that part's prefix; of the other it has an outline, and tools to read it with."""
    large = _large(tmp_path).says(title="Let b_value_number_7 be 7, as b says")
    model = rooms()
    large.review(model, effort="standard")
    (asked,) = model.asked("intent")
    assert _file_of(asked) == "b.py"
    assert "added a.py (+950 -0)" in asked.messages[2].content
    assert asked.tools_open
