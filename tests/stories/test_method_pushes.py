"""A second review of one pull request: nothing is said twice, and what is new is said."""

from __future__ import annotations

from pathlib import Path

from bot.domain.finding import Fate
from tests.fakes.answers import defect, quote, rooms
from tests.fakes.proposal import Proposal, propose
from tests.fakes.scripted_model import ScriptedModel

BASE = {"pay.py": "def charge(order):\n    return order.total\n"}
FIRST = {"pay.py": "def charge(order):\n    return order.total - order.discount\n"}
MOVED = {"pay.py": "import log\n\n\ndef charge(order):\n    return order.total - order.discount\n"}


def _finds(line: int, **other: str) -> ScriptedModel:
    cited = quote("pay.py", line, "    return order.total - order.discount")
    found = defect("pay.py", line, cited, symbol="charge", **other)
    return rooms(hunt={"defects": [found], "sites": []})


def _reviewed_and_posted(folder: Path) -> Proposal:
    proposal = propose(folder, BASE, FIRST)
    first = proposal.reviewed(_finds(2))
    assert [finding.fate for finding in first.review.findings] == [Fate.POSTED]
    proposal.records.published(first.key, 900)
    return proposal


def _pushed(proposal: Proposal, files: dict[str, str]) -> Proposal:
    return proposal.says(head=proposal.repository.commit(files, branch="topic"))


def test_a_finding_that_only_moved_is_not_posted_again(tmp_path: Path) -> None:
    proposal = _pushed(_reviewed_and_posted(tmp_path), MOVED)
    review = proposal.review(_finds(5))
    assert [(f.fate, f.line) for f in review.findings] == [(Fate.DUPLICATE, 5)]
    assert review.findings[0].reason.startswith("posted in an earlier review as ")


def test_another_defect_of_that_line_is_posted(tmp_path: Path) -> None:
    proposal = _pushed(_reviewed_and_posted(tmp_path), MOVED)
    review = proposal.review(_finds(5, kind="crash", title="Crashes without a discount"))
    assert [(f.fate, f.line) for f in review.findings] == [(Fate.POSTED, 5)]


def test_what_was_recorded_but_never_posted_may_still_be_said(tmp_path: Path) -> None:
    """The first review was superseded before it was published."""
    proposal = propose(tmp_path, BASE, FIRST)
    proposal.review(_finds(2))
    review = _pushed(proposal, MOVED).review(_finds(5))
    assert [finding.fate for finding in review.findings] == [Fate.POSTED]
