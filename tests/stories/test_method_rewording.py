"""One patch under another title or description: promises are judged anew, nothing is hunted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.finding import Fate
from bot.domain.intent import Verdict
from bot.domain.jobs import Trigger
from bot.domain.review import Review
from bot.errors import ModelUnavailable, Superseded, TransientError
from tests.fakes.answers import defect, promise, quote, rooms
from tests.fakes.proposal import Proposal, propose
from tests.fakes.scripted_model import ScriptedModel
from workers.review.reworded import words_digest

BASE = {"pay.py": "def charge(order):\n    return order.total\n"}
HEAD = {"pay.py": "def charge(order):\n    return order.total - order.discount\n"}
LINE = quote("pay.py", 2, "    return order.total - order.discount")
EDITED = Trigger("edited", "edited-1")
TAKEN_OFF = promise("Take discounts off", "kept", LINE)
NEVER_BELOW = "Totals are never below zero"
BROKEN = promise(
    NEVER_BELOW,
    "broken",
    LINE,
    defects=[defect("pay.py", 2, LINE, title="A total below zero", kind="broken-promise")],
)


def _judged(*promises: dict[str, Any]) -> dict[str, Any]:
    return {"promises": list(promises), "unasked": []}


def _posted(proposal: Proposal, model: ScriptedModel, **request: Any) -> Review:  # noqa: ANN401
    """Reviewed and published, as the jobs do it."""
    reviewed = proposal.reviewed(model, **request)
    proposal.records.published(reviewed.key, 900 + len(proposal.records.posted))
    return reviewed.review


def _asked(model: ScriptedModel) -> list[str]:
    return [request.purpose for request in model.requests]


def _proposed(folder: Path, *promises: dict[str, Any], **words: Any) -> Proposal:  # noqa: ANN401
    proposal = propose(folder, BASE, HEAD, **{"title": "Take discounts off", **words})
    _posted(proposal, rooms(intent=_judged(*(promises or (TAKEN_OFF,)))))
    return proposal


def test_a_new_title_that_promises_something_broken_is_told_in_two_calls(tmp_path: Path) -> None:
    proposal = _proposed(tmp_path).says(title=NEVER_BELOW)
    model = rooms(intent=_judged(BROKEN))
    review = proposal.review(model, trigger=EDITED)
    assert _asked(model) == ["intent contract", "verify 1 findings"]
    assert [(p.text, p.verdict) for p in review.intent.promises] == [(NEVER_BELOW, Verdict.BROKEN)]
    assert [(f.title, f.fate, f.late) for f in review.findings] == [
        ("A total below zero", Fate.POSTED, False)
    ]
    assert (review.status, review.effort_told) == (
        "complete",
        "light: only the title or the description is new",
    )


def test_a_kept_promise_costs_one_call_and_the_next_review_none(tmp_path: Path) -> None:
    proposal = _proposed(tmp_path).says(body="It may go below zero.")
    below = promise("It may go below zero.", "kept", LINE, where="body")
    model = rooms(intent=_judged(TAKEN_OFF, below))
    review = _posted(proposal, model, trigger=EDITED)
    assert _asked(model) == ["intent contract"]
    assert [p.verdict for p in review.intent.promises] == [Verdict.KEPT, Verdict.KEPT]
    base = proposal.repository.commit({"new.py": "x = 1\n"}, parent=proposal.pull.merge_base)
    head = proposal.repository.commit(HEAD, parent=base, branch="topic")
    rebased = proposal.says(merge_base=base, base_tip=base, head=head)
    model = rooms()
    again = rebased.review(model)
    assert (_asked(model), again.intent) == ([], review.intent)


def test_a_rebase_under_a_new_title_is_judged_and_not_hunted(tmp_path: Path) -> None:
    proposal = _proposed(tmp_path)
    base = proposal.repository.commit({"new.py": "x = 1\n"}, parent=proposal.pull.merge_base)
    head = proposal.repository.commit(HEAD, parent=base, branch="topic")
    proposal.says(merge_base=base, base_tip=base, head=head, title=NEVER_BELOW)
    model = rooms(intent=_judged(BROKEN))
    review = proposal.review(model)
    assert _asked(model) == ["intent contract", "verify 1 findings"]
    assert [p.text for p in review.intent.promises] == [NEVER_BELOW]


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"title": "Take  discounts off "},
        {"body": "<!-- a hint -->\n- [x] I ran the tests\n\n## Notes\n"},
    ],
    ids=["nothing", "white space", "check boxes"],
)
def test_words_that_promise_what_they_did_ask_nobody(tmp_path: Path, words: dict[str, str]) -> None:
    """Nothing is shown either: the check of this head stands as it is."""
    proposal = _proposed(tmp_path).says(**words)
    begun = list(proposal.watch.begun)
    with pytest.raises(Superseded, match="promise what they did"):
        proposal.review(rooms(), trigger=EDITED)
    assert proposal.watch.begun == begun


def test_a_head_that_nobody_reviewed_is_left_to_its_own_event(tmp_path: Path) -> None:
    proposal = propose(tmp_path, BASE, HEAD, title=NEVER_BELOW)
    with pytest.raises(Superseded, match="no review of this head"):
        proposal.review(rooms(), trigger=EDITED)


def test_a_review_that_is_about_to_be_posted_is_waited_for(tmp_path: Path) -> None:
    """Else all of the change would be hunted again beside it."""
    proposal = propose(tmp_path, BASE, HEAD, title="Take discounts off")
    proposal.review(rooms(intent=_judged(TAKEN_OFF)))
    with pytest.raises(TransientError, match="is not posted yet"):
        proposal.says(title=NEVER_BELOW).review(rooms(), trigger=EDITED)


def test_what_the_policy_skips_by_now_keeps_its_review(tmp_path: Path) -> None:
    proposal = _proposed(tmp_path).says(title=NEVER_BELOW, draft=True)
    with pytest.raises(Superseded, match="is a draft"):
        proposal.review(rooms(), trigger=EDITED)


def test_a_promise_that_is_taken_back_takes_its_finding_along(tmp_path: Path) -> None:
    proposal = _proposed(tmp_path, BROKEN, title=NEVER_BELOW).says(title="Take discounts off")
    review = proposal.review(rooms(intent=_judged(TAKEN_OFF)), trigger=EDITED)
    assert [(f.title, f.fixed, f.reason) for f in review.findings] == [
        ("A total below zero", True, "the author promises it no more")
    ]
    assert [p.text for p in review.intent.promises] == ["Take discounts off"]


def test_in_other_words_it_is_the_same_broken_promise(tmp_path: Path) -> None:
    proposal = _proposed(tmp_path, BROKEN, title=NEVER_BELOW).says(title="No total below zero")
    anew = {**BROKEN, "text": "No total below zero", "quote": "No total below zero"}
    review = proposal.review(rooms(intent=_judged(anew)), trigger=EDITED)
    assert [(f.fate, f.standing, f.fixed) for f in review.findings] == [
        (Fate.DUPLICATE, True, False)
    ]


def test_a_defect_does_not_go_with_the_words(tmp_path: Path) -> None:
    proposal = propose(tmp_path, BASE, HEAD, title=NEVER_BELOW)
    found = defect("pay.py", 2, LINE, title="Wrong total")
    _posted(proposal, rooms(hunt={"defects": [found], "sites": []}, intent=_judged(BROKEN)))
    review = proposal.says(title="Take discounts off").review(
        rooms(intent=_judged(TAKEN_OFF)), trigger=EDITED
    )
    assert [(f.title, f.standing, f.fixed) for f in review.findings] == [
        ("Wrong total", True, False)
    ]


def test_without_an_answer_the_former_contract_stays_and_the_receipt_says_so(
    tmp_path: Path,
) -> None:
    proposal = _proposed(tmp_path).says(title=NEVER_BELOW)
    review = _posted(proposal, rooms(intent=ModelUnavailable("all are down")), trigger=EDITED)
    assert (review.status, [p.text for p in review.intent.promises]) == (
        "partial",
        ["Take discounts off"],
    )
    assert review.coverage.not_done == (
        "The new title and description were not judged: all are down",
    )
    model = rooms(intent=_judged(BROKEN))
    mended = proposal.review(model, trigger=Trigger("edited", "edited-2"))
    assert [p.text for p in mended.intent.promises] == [NEVER_BELOW]


def test_what_a_budget_left_unread_is_not_hunted_because_of_an_edit(tmp_path: Path) -> None:
    huge = "".join(f"value_{n} = {n}\n" for n in range(3_000))
    proposal = propose(tmp_path, BASE, {**HEAD, "huge.py": huge}, title="Take discounts off")
    first = _posted(proposal, rooms(intent=_judged(TAKEN_OFF)), effort="light")
    model = rooms(intent=_judged())
    review = _posted(proposal.says(title="Charge less"), model, trigger=EDITED)
    assert _asked(model) == ["intent contract"]
    assert (review.status, review.coverage) == (first.status, first.coverage)
    model = rooms()
    proposal.says(head=proposal.repository.commit({"a.py": "a = 1\n"}, branch="topic")).review(
        model
    )
    assert "- huge.py: head 1-3000" in model.asked("hunt")[0].messages[2].content


def test_commits_that_are_told_anew_are_no_new_words(tmp_path: Path) -> None:
    proposal = _proposed(tmp_path)
    known = words_digest(proposal.pull)
    assert words_digest(proposal.says(body="It is so.").pull) != known
    assert words_digest(proposal.says(body="", commits=()).pull) == known
