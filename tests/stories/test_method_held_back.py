"""A check that is still being measured informs model and reader, and stays off the lines."""

from __future__ import annotations

from pathlib import Path

from bot.domain.finding import Fate
from tests.fakes.answers import rooms
from tests.fakes.proposal import propose

BASE = {
    "box.py": (
        "class Box:\n    def put(self, n):\n        return n\n\n"
        "    def size(self):\n        return 0\n"
    ),
    "user.py": "from box import Box\n\n\ndef fill():\n    box = Box()\n    box.put(1)\n",
}
HEAD = {"box.py": "class Box:\n    def size(self):\n        return 0\n"}


def test_a_removed_method_that_is_still_called_is_listed(tmp_path: Path) -> None:
    review = propose(tmp_path, BASE, HEAD).review(None)
    (finding,) = review.findings
    assert (finding.fate, finding.kind, finding.symbol) == (
        Fate.LISTED,
        "removed_name",
        "Box.put",
    )
    assert finding.reason == (
        "this check is still being measured, so it does not speak up by itself"
    )


def test_the_model_is_told_of_it_and_may_report_it(tmp_path: Path) -> None:
    model = rooms(hunt={"defects": [], "sites": []}, intent={"promises": [], "unasked": []})
    propose(tmp_path, BASE, HEAD).review(model, effort="standard")
    (request,) = model.asked("hunt")
    prompt = request.messages[1].content
    assert "Perhaps, says a check that is still being measured (report it if it is so): " in prompt
    assert "Reported by plain code already" not in prompt
