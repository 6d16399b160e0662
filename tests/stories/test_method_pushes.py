"""A second review of one pull request: nothing is said twice, and what is new is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.finding import Fate, Finding
from bot.domain.intent import Verdict
from bot.domain.review import Review
from bot.errors import ModelUnavailable
from tests.fakes.answers import checked, defect, looked_again, promise, quote, rooms
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
    assert [(f.title, f.fate, f.standing) for f in review.findings] == [
        ("Crashes without a discount", Fate.POSTED, False),
        ("Wrong total", Fate.DUPLICATE, True),
    ]


def test_what_was_recorded_but_never_posted_may_still_be_said(tmp_path: Path) -> None:
    """The first review was superseded before it was published."""
    proposal = propose(tmp_path, BASE, FIRST)
    proposal.review(_finds(2))
    review = _pushed(proposal, MOVED).review(_finds(5))
    assert [finding.fate for finding in review.findings] == [Fate.POSTED]


# What a push is asked about


def _hunted(*defects: dict[str, Any]) -> dict[str, Any]:
    return {"defects": list(defects), "sites": []}


def _wrong(path: str, line: int, text: str, **other: Any) -> dict[str, Any]:  # noqa: ANN401
    return defect(path, line, quote(path, line, text), title=f"Wrong in {path}", **other)


def _posted(proposal: Proposal, model: ScriptedModel) -> Review:
    """Reviewed and published, as the jobs do it."""
    reviewed = proposal.reviewed(model)
    proposal.records.published(reviewed.key, 900 + len(proposal.records.posted))
    return reviewed.review


def _fates(review: Review) -> list[tuple[str, Fate | None, bool, bool]]:
    return [(f.title, f.fate, f.standing, f.fixed) for f in review.findings]


LONG = "".join(f"line_{n} = {n}\n" for n in range(30))
LIB = {"lib.py": LONG, "other.py": LONG}
ONE_EDIT = {"lib.py": LONG.replace("line_3 = 3", "line_3 = 4")}
TWO_EDITS = {"lib.py": ONE_EDIT["lib.py"].replace("line_25 = 25", "line_25 = 26")}


def test_a_rebase_that_changes_nothing_asks_no_model(tmp_path: Path) -> None:
    proposal = propose(tmp_path, LIB, ONE_EDIT, title="Bump line 3")
    kept = promise("Bump line 3", "kept", quote("lib.py", 4, "line_3 = 4"))
    first = _posted(
        proposal,
        rooms(
            hunt=_hunted(_wrong("lib.py", 4, "line_3 = 4")),
            intent={"promises": [kept], "unasked": []},
        ),
    )
    base = proposal.repository.commit({"new.py": "x = 1\n"}, parent=proposal.pull.merge_base)
    head = proposal.repository.commit(ONE_EDIT, parent=base, branch="topic")
    model = rooms()
    again = proposal.says(merge_base=base, base_tip=base, head=head).review(model)
    assert model.requests == []
    assert (again.status, again.effort, again.intent) == ("complete", first.effort, first.intent)
    assert _fates(again) == [("Wrong in lib.py", Fate.DUPLICATE, True, False)]
    assert [(entry.path, entry.state) for entry in again.coverage.files] == [("lib.py", "read")]


def test_room_1_is_told_which_lines_are_new_and_no_more(tmp_path: Path) -> None:
    proposal = propose(tmp_path, LIB, ONE_EDIT)
    _posted(proposal, rooms())
    model = rooms()
    _pushed(proposal, TWO_EDITS).review(model)
    [asked] = model.asked("hunt")
    told = asked.messages[2].content
    assert "- lib.py: head 26\n" in told
    assert "head 4" not in told


def test_a_late_finding_is_listed_and_a_late_p0_is_posted_as_missed(tmp_path: Path) -> None:
    for severity, fate in (("P1", Fate.LISTED), ("P0", Fate.POSTED)):
        proposal = propose(tmp_path / severity, LIB, ONE_EDIT)
        _posted(proposal, rooms())
        late = _wrong("lib.py", 4, "line_3 = 4")
        verdict = {"results": [checked(1, severity=severity)]}
        review = _pushed(proposal, TWO_EDITS).review(rooms(hunt=_hunted(late), verify=verdict))
        assert [(f.fate, f.late) for f in review.findings] == [(fate, True)]


def test_what_a_budget_cut_off_earlier_is_new_when_it_is_read(tmp_path: Path) -> None:
    huge = "".join(f"value_{n} = {n}\n" for n in range(3_000))
    proposal = propose(tmp_path, LIB, {**ONE_EDIT, "huge.py": huge})
    first = proposal.reviewed(rooms(), effort="light")
    proposal.records.published(first.key, 1)
    assert [(e.path, e.state) for e in first.review.coverage.files] == [
        ("huge.py", "cut"),
        ("lib.py", "read"),
    ]
    found = _wrong("huge.py", 1, "value_0 = 0")
    second = _pushed(proposal, TWO_EDITS).review(rooms(hunt=_hunted(found)), effort="deep")
    assert [(f.path, f.late) for f in second.with_fate(Fate.POSTED)] == [("huge.py", False)]


def test_a_fixed_finding_is_told_once_and_then_no_more(tmp_path: Path) -> None:
    proposal = propose(tmp_path, LIB, ONE_EDIT)
    _posted(proposal, rooms(hunt=_hunted(_wrong("lib.py", 4, "line_3 = 4"))))
    mended = {"lib.py": LONG.replace("line_3 = 3", "line_3 = 5")}
    fixed = {"results": [looked_again(1, "fixed", why="It is 5 now.")]}
    second = _posted(_pushed(proposal, mended), rooms(recheck=fixed))
    assert _fates(second) == [("Wrong in lib.py", Fate.DUPLICATE, False, True)]
    assert second.findings[0].reason == "It is 5 now."
    again = {"lib.py": mended["lib.py"].replace("line_25 = 25", "line_25 = 26")}
    assert _fates(_pushed(proposal, again).review(rooms())) == []


def test_what_comes_back_after_it_was_fixed_is_said_again(tmp_path: Path) -> None:
    proposal = propose(tmp_path, LIB, ONE_EDIT)
    wrong = _hunted(_wrong("lib.py", 4, "line_3 = 4"))
    _posted(proposal, rooms(hunt=wrong))
    second = _posted(_pushed(proposal, {"lib.py": LONG}), rooms())
    assert [(f.fixed, f.reason) for f in second.findings] == [
        (True, "the change that it was about is undone")
    ]
    third = _pushed(proposal, ONE_EDIT).review(rooms(hunt=wrong))
    assert _fates(third) == [("Wrong in lib.py", Fate.POSTED, False, False)]


def test_what_the_mending_broke_is_said_though_it_quotes_the_same_code_of_the_base(
    tmp_path: Path,
) -> None:
    proposal = propose(tmp_path, BASE, FIRST)
    before = quote("pay.py", 2, "    return order.total", at="base")
    cited = quote("pay.py", 2, "    return order.total - order.discount")
    _posted(proposal, rooms(hunt=_hunted(defect("pay.py", 2, cited, before, symbol="charge"))))
    halved = {"pay.py": "def charge(order):\n    return order.total / 2\n"}
    half = quote("pay.py", 2, "    return order.total / 2")
    other = defect("pay.py", 2, half, before, symbol="charge", title="Half of it is lost")
    fixed = {"results": [looked_again(1, "fixed", half, why="No discount is taken.")]}
    second = _pushed(proposal, halved).review(rooms(hunt=_hunted(other), recheck=fixed))
    assert _fates(second) == [
        ("Half of it is lost", Fate.POSTED, False, False),
        ("Wrong total", Fate.DUPLICATE, False, True),
    ]


def test_a_finding_under_which_nothing_changed_stands_without_a_question(tmp_path: Path) -> None:
    proposal = propose(tmp_path, LIB, ONE_EDIT)
    _posted(proposal, rooms(hunt=_hunted(_wrong("lib.py", 4, "line_3 = 4"))))
    model = rooms()
    elsewhere = {"other.py": LONG.replace("line_9 = 9", "line_9 = 8")}
    review = _pushed(proposal, {**ONE_EDIT, **elsewhere}).review(model)
    assert _fates(review) == [("Wrong in lib.py", Fate.DUPLICATE, True, False)]
    assert sorted(request.purpose for request in model.requests) == [
        "hunt: whole",
        "intent contract",
    ]


HALF_MENDED = {"lib.py": TWO_EDITS["lib.py"].replace("line_3 = 4", "line_3 = 3")}


def _raised_twice(folder: Path) -> tuple[Proposal, str]:
    """One finding of two places, posted; and its name."""
    proposal = propose(folder, LIB, TWO_EDITS)
    both = (quote("lib.py", 4, "line_3 = 4"), quote("lib.py", 26, "line_25 = 26"))
    first = _posted(proposal, rooms(hunt=_hunted(defect("lib.py", 4, *both))))
    return proposal, first.findings[0].id


def test_what_is_mended_in_part_stands_with_what_is_left(tmp_path: Path) -> None:
    proposal, name = _raised_twice(tmp_path)
    left = quote("lib.py", 26, "line_25 = 26")
    partly = looked_again(1, "partly", left, why="Line 26 is still raised.")
    again = _hunted(defect("lib.py", 26, left))
    model = rooms(hunt=again, recheck={"results": [partly]})
    second = _posted(_pushed(proposal, HALF_MENDED), model)
    assert model.asked("verify") == []
    told = "mended in part, what is left: Line 26 is still raised."
    assert [(f.standing, f.reason) for f in second.findings] == [
        (True, f"posted in an earlier review as {name}; {told}")
    ]
    assert [(q.path, q.line) for q in second.findings[0].evidence] == [("lib.py", 26)]
    elsewhere = _posted(_pushed(proposal, {**HALF_MENDED, "new.py": "x = 1\n"}), rooms())
    assert [f.reason for f in elsewhere.findings] == [f.reason for f in second.findings]
    model = rooms(recheck={"results": [looked_again(1, "fixed")]})
    whole = {"lib.py": HALF_MENDED["lib.py"].replace("= 26", "= 24")}
    assert _fates(_pushed(proposal, whole).review(model)) == [
        ("Wrong total", Fate.DUPLICATE, False, True)
    ]
    (asked,) = model.asked("hunt")
    assert "\nMended in part before; what was left: Line 26" in asked.messages[2].content


def test_what_is_called_mended_in_part_without_code_that_shows_it_stands_as_it_was_told(
    tmp_path: Path,
) -> None:
    proposal, name = _raised_twice(tmp_path)
    invented = looked_again(1, "partly", quote("lib.py", 26, "line_25 = 27"))
    review = _pushed(proposal, HALF_MENDED).review(rooms(recheck={"results": [invented]}))
    assert [(f.reason, f.remains) for f in review.findings] == [
        (f"posted in an earlier review as {name}", "")
    ]


def test_what_reads_otherwise_by_now_and_still_stands_is_not_said_a_second_time(
    tmp_path: Path,
) -> None:
    """The hunt comes upon the pushed line, the look at open findings has just said it stands."""
    proposal = _reviewed_and_posted(tmp_path)
    pushed = {"pay.py": "def charge(order):\n    return order.total - 2 * order.discount\n"}
    now = quote("pay.py", 2, "    return order.total - 2 * order.discount")
    still = {"results": [looked_again(1, "still", now)]}
    model = rooms(hunt=_hunted(defect("pay.py", 2, now, symbol="charge")), recheck=still)
    review = _pushed(proposal, pushed).review(model)
    assert _fates(review) == [("Wrong total", Fate.DUPLICATE, True, False)]
    assert model.asked("verify") == []


@pytest.mark.parametrize(
    ("severity", "fates"),
    [
        ("P1", [("Crashes on it", Fate.DUPLICATE), ("Wrong total", Fate.DUPLICATE)]),
        ("P0", [("Crashes on it", Fate.POSTED), ("Wrong total", Fate.DUPLICATE)]),
    ],
    ids=["the same", "graver than told"],
)
def test_what_stands_is_not_said_again_as_another_kind_of_defect(
    tmp_path: Path, severity: str, fates: list[tuple[str, Fate]]
) -> None:
    """Plain code cannot tell; whoever verifies sees what stands. What is graver is said."""
    proposal = _pushed(_reviewed_and_posted(tmp_path), MOVED)
    again = {"results": [checked(2, same_as=1, severity=severity)]}
    cited = quote("pay.py", 5, "    return order.total - order.discount")
    crash = defect("pay.py", 5, cited, symbol="charge", kind="crash", title="Crashes on it")
    model = rooms(hunt=_hunted(crash), verify=again)
    review = proposal.review(model)
    assert [(f.title, f.fate) for f in review.findings] == fates
    (asked,) = model.asked("verify")
    assert "# Known already\n" in asked.messages[2].content
    assert "## 1. Wrong total\n" in asked.messages[2].content
    assert "# Findings\n\n## 2. Crashes on it\n" in asked.messages[2].content


def test_what_stands_of_a_promise_is_put_beside_without_the_author_s_words(tmp_path: Path) -> None:
    words = "Apply the new summer discounts everywhere"
    proposal = propose(tmp_path, BASE, FIRST, title=words)
    cited = quote("pay.py", 2, "    return order.total - order.discount")
    breach = defect("pay.py", 2, cited, title="Not everywhere", category="security")
    broken = promise(f"Do it: {words}", "broken", cited, quote=words, defects=[breach])
    _posted(proposal, rooms(intent={"promises": [broken], "unasked": []}))
    now = quote("pay.py", 5, "    return order.total - order.discount")
    model = rooms(hunt=_hunted(defect("pay.py", 5, now, kind="crash", title="Crashes on it")))
    _pushed(proposal, MOVED).says(title="Discounts").review(model)
    (asked,) = model.asked("verify")
    assert "## 1. Not everywhere\n" in asked.messages[2].content
    assert "\nPromised: Do it: [the author's words]\n" in asked.messages[2].content


def test_a_broken_promise_that_both_rooms_told_of_is_not_verified_anew(tmp_path: Path) -> None:
    """It stands in the words of room 1; with each push room 2 alone comes upon it again."""
    proposal = propose(tmp_path, BASE, FIRST, title="Apply discounts")
    cited = quote("pay.py", 2, "    return order.total - order.discount")
    breach = defect("pay.py", 2, cited, title="Applied twice", category="intent")
    broken = promise("Apply discounts", "broken", cited, defects=[breach])
    intent = {"promises": [broken], "unasked": []}
    _posted(proposal, rooms(hunt=_hunted(defect("pay.py", 2, cited)), intent=intent))
    model = rooms(intent=intent)
    review = _pushed(proposal, {"new.py": "x = 1\n"}).review(model)
    assert _fates(review) == [("Applied twice", Fate.DUPLICATE, True, False)]
    assert [promise.verdict for promise in review.intent.promises] == [Verdict.BROKEN]
    assert model.asked("verify") == []


def test_what_was_confirmed_and_kept_back_is_verified_anew_only_if_something_changed(
    tmp_path: Path,
) -> None:
    """A promise broken in a corner is come upon with each push."""
    proposal = propose(tmp_path, LIB, ONE_EDIT, title="Bump line 3")
    cited = quote("lib.py", 4, "line_3 = 4")
    breach = defect("lib.py", 4, cited, title="Bumped too far", category="intent")
    broken = promise("Bump line 3", "broken", cited, defects=[breach])
    intent = {"promises": [broken], "unasked": []}
    told_small = {"results": [checked(1, severity="P3", confidence=0.85)]}
    first = _posted(proposal, rooms(intent=intent, verify=told_small))
    model = rooms(intent=intent, verify=told_small)
    second = _posted(_pushed(proposal, {"new.py": "x = 1\n"}), model)
    assert model.asked("verify") == []
    assert [(f.fate, f.severity, f.confidence, f.verification) for f in second.findings] == [
        (f.fate, f.severity, f.confidence, f.verification) for f in first.findings
    ]
    assert [f.fate for f in second.findings] == [Fate.BELOW_THRESHOLD]
    model = rooms(intent=intent, verify=told_small)
    _posted(_pushed(proposal, TWO_EDITS), model)
    assert len(model.asked("verify")) == 1


def test_what_was_refuted_is_looked_at_again(tmp_path: Path) -> None:
    """It may have been refuted by code that nobody cited."""
    proposal = propose(tmp_path, LIB, ONE_EDIT)
    wrong = _hunted(_wrong("lib.py", 4, "line_3 = 4"))
    _posted(proposal, rooms(hunt=wrong, verify={"results": [checked(1, "refuted")]}))
    model = rooms(hunt=wrong)
    review = _pushed(proposal, {"new.py": "x = 1\n"}).review(model)
    assert len(model.asked("verify")) == 1
    assert [(f.fate, f.late) for f in review.findings] == [(Fate.LISTED, True)]


def test_a_verdict_from_before_does_not_hide_what_the_policy_shows_by_now(tmp_path: Path) -> None:
    proposal = propose(tmp_path, LIB, ONE_EDIT)
    wrong = _hunted(_wrong("lib.py", 4, "line_3 = 4"))
    small = {"results": [checked(1, severity="P3")]}
    _posted(proposal, rooms(hunt=wrong, verify=small))
    lower = {".github/plumbline.yml": "version: 1\nthresholds: {severity: P3}\n"}
    tip = proposal.repository.commit(lower, parent=proposal.pull.merge_base)
    model = rooms(hunt=wrong, verify=small)
    review = _pushed(proposal.says(base_tip=tip), {"new.py": "x = 1\n"}).review(model)
    assert len(model.asked("verify")) == 1
    assert [f.fate for f in review.findings] == [Fate.LISTED]


@pytest.mark.parametrize(
    ("effort", "why"),
    [
        ("light", "no word came back"),
        ("standard", "The answer to 'recheck 1 findings' does not fit"),
    ],
)
def test_without_an_answer_a_finding_stands_and_the_receipt_says_so(
    tmp_path: Path, effort: str, why: str
) -> None:
    proposal = propose(tmp_path, LIB, ONE_EDIT)
    _posted(proposal, rooms(hunt=_hunted(_wrong("lib.py", 4, "line_3 = 4"))))
    model = rooms(recheck="I would rather not.")
    review = _pushed(proposal, TWO_EDITS).review(model, effort=effort)
    assert _fates(review) == [("Wrong in lib.py", Fate.DUPLICATE, True, False)]
    [undone] = review.coverage.not_done
    assert undone.startswith(f"1 earlier finding was not looked at again: {why}")


def test_a_light_look_at_what_was_said_before_goes_along_with_the_hunt(tmp_path: Path) -> None:
    """It comes after the defects; what the hunt reports again of it is known."""
    proposal = propose(tmp_path, LIB, TWO_EDITS)
    third, last = quote("lib.py", 4, "line_3 = 4"), quote("lib.py", 26, "line_25 = 26")
    again = defect("lib.py", 26, last, title="Last is wrong", kind="slow")
    _posted(
        proposal, rooms(hunt=_hunted(defect("lib.py", 4, third, title="Third is wrong"), again))
    )
    mended = looked_again(1, "fixed", why="It is 5 now.")
    words = {"results": [mended, looked_again(2, "still", last), looked_again(3, "fixed")]}
    model = rooms(hunt=_hunted(again), recheck=words)
    pushed = {"lib.py": TWO_EDITS["lib.py"].replace("line_3 = 4", "line_3 = 5")}
    review = _pushed(proposal, pushed).review(model)
    assert (review.status, _fates(review)) == (
        "complete",
        [
            ("Last is wrong", Fate.DUPLICATE, True, False),
            ("Third is wrong", Fate.DUPLICATE, False, True),
        ],
    )
    assert sorted(request.purpose for request in model.requests) == [
        "hunt: whole",
        "intent contract",
    ]
    (asked,) = model.asked("hunt")
    hunted, second = asked.messages[2].content.split("\n\n# A second question, after the defects\n")
    assert "Third is wrong" not in hunted
    assert "## 1. Third is wrong\n" in second


def test_a_light_hunt_that_gives_no_answer_leaves_what_was_said_before_as_it_was(
    tmp_path: Path,
) -> None:
    proposal = propose(tmp_path, LIB, ONE_EDIT)
    _posted(proposal, rooms(hunt=_hunted(_wrong("lib.py", 4, "line_3 = 4"))))
    review = _pushed(proposal, TWO_EDITS).review(rooms(hunt=ModelUnavailable("All are down.")))
    assert (review.status, _fates(review)) == (
        "partial",
        [("Wrong in lib.py", Fate.DUPLICATE, True, False)],
    )
    assert review.coverage.not_done == (
        "the hunt for defects (whole; 1 file) gave no answer: All are down.",
        "1 earlier finding was not looked at again: no word came back",
    )


def test_words_on_findings_that_nobody_asked_about_count_for_nothing(tmp_path: Path) -> None:
    proposal = propose(tmp_path, LIB, ONE_EDIT)
    _posted(proposal, rooms(hunt=_hunted(_wrong("lib.py", 4, "line_3 = 4"))))
    words = {"results": [looked_again(2, "fixed"), looked_again(0, "fixed")]}
    review = _pushed(proposal, TWO_EDITS).review(rooms(recheck=words))
    assert _fates(review) == [("Wrong in lib.py", Fate.DUPLICATE, True, False)]


def test_a_push_that_undoes_an_edit_hunts_nothing_but_judges_again(tmp_path: Path) -> None:
    proposal = propose(tmp_path, LIB, TWO_EDITS)
    _posted(proposal, rooms())
    model = rooms()
    _pushed(proposal, {"lib.py": LONG.replace("line_25 = 25", "line_25 = 26")}).review(model)
    [hunt] = model.asked("hunt")
    assert "- lib.py: an edit that was reviewed is undone" in hunt.messages[2].content


def test_a_changed_verdict_is_shown_beside_the_former_one(tmp_path: Path) -> None:
    proposal = propose(tmp_path, LIB, ONE_EDIT, title="Bump line 25")
    broken = promise("Bump line 25", "broken", quote("lib.py", 26, "line_25 = 25"))
    _posted(proposal, rooms(intent={"promises": [broken], "unasked": []}))
    kept = promise("Bump line 25", "kept", quote("lib.py", 26, "line_25 = 26"))
    model = rooms(intent={"promises": [kept], "unasked": []})
    review = _pushed(proposal, TWO_EDITS).review(model)
    assert [(p.verdict, p.was) for p in review.intent.promises] == [(Verdict.KEPT, Verdict.BROKEN)]
    [asked] = model.asked("intent")
    assert "- broken: title: Bump line 25\n" in asked.messages[2].content


def test_a_promise_that_an_answer_forgot_keeps_its_proof_where_nothing_changed(
    tmp_path: Path,
) -> None:
    elsewhere = {**ONE_EDIT, "other.py": LONG.replace("line_9 = 9", "line_9 = 8")}
    proposal = propose(tmp_path, LIB, ONE_EDIT, title="Bump line 3")
    kept = promise("Bump line 3", "kept", quote("lib.py", 4, "line_3 = 4"))
    _posted(proposal, rooms(intent={"promises": [kept], "unasked": []}))
    review = _pushed(proposal, elsewhere).review(rooms())
    [promised] = review.intent.promises
    assert (promised.verdict, promised.evidence[0].commit) == (Verdict.KEPT, review.head)


def test_ten_pushes_that_fix_one_finding_each_converge(tmp_path: Path) -> None:
    """The model reports all that is left each time; every finding is shown once, from the start."""
    base = {f"m{n}.py": f"def f{n}(x):\n    return x\n" for n in range(10)}
    wrong = {path: text.replace("return x", "return -x") for path, text in base.items()}
    proposal = propose(tmp_path, base, wrong)
    left = dict(wrong)

    def finds() -> dict[str, Any]:
        return _hunted(*(_wrong(path, 2, "    return -x", symbol=f"f{path[1]}") for path in left))

    first = _posted(proposal, rooms(hunt=finds()))
    shown: list[Finding] = list(first.with_fate(Fate.POSTED, Fate.OVER_CAP, Fate.LISTED))
    assert len(shown) == 10
    calls = []
    for number in range(10):
        left.pop(f"m{number}.py")
        model = rooms(hunt=finds(), recheck={"results": [looked_again(1, "fixed")]})
        fixed = f"def f{number}(x):\n    return x + 0\n"
        review = _posted(
            proposal.says(
                head=proposal.repository.commit({f"m{number}.py": fixed}, branch="topic")
            ),
            model,
        )
        assert review.with_fate(Fate.POSTED) == ()
        assert [f.path for f in review.fixed] == [f"m{number}.py"]
        assert {f.path for f in review.findings if not f.fixed} == set(left)
        calls.append(len(model.requests))
    assert calls == [2] * 10  # the hunt, which is asked what became of the one finding too; intent
