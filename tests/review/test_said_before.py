"""What was said of a head stays said when only its base changes."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.finding import Category, Fate, Finding, Origin, Severity
from bot.domain.identifiers import Sha
from bot.domain.intent import IntentContract
from bot.domain.review import CallSite, Coverage, FileCoverage, LedgerEntry, Review
from workers.review.said_before import as_said_before
from workers.review.since import Since

HEAD, OTHER = Sha("a" * 40), Sha("b" * 40)
NOT_DONE = ("The base branch changed, so only the contract checks ran again",)
FOUND = Finding(
    title="Wrong total",
    body="",
    severity=Severity.P1,
    category=Category.CORRECTNESS,
    origin=Origin.HUNT,
    path="cart.py",
    line=3,
    fate=Fate.POSTED,
)
LISTED = replace(FOUND, title="Listed", path="old.py", fate=Fate.LISTED, line=None)
BROKEN_CALL = replace(FOUND, origin=Origin.CHECK, path="users.py")
TOLD = Review(
    "complete",
    Sha("c" * 40),
    HEAD,
    "light",
    "2 changed lines",
    intent=IntentContract(note="judged"),
    findings=(FOUND, LISTED, BROKEN_CALL, replace(FOUND, fate=Fate.REFUTED)),
    coverage=Coverage((FileCoverage("cart.py", "read"), FileCoverage("gone.py", "read"))),
)
FRESH = Review(
    "complete",
    Sha("d" * 40),
    HEAD,
    "light",
    intent=IntentContract(judged=False),
    findings=(replace(BROKEN_CALL, fate=Fate.DUPLICATE, standing=True),),
    coverage=Coverage(
        (FileCoverage("cart.py", "listed"), FileCoverage("more.py", "listed")), NOT_DONE
    ),
)


def test_promises_stay_beside_the_fresh_checks_on_a_moved_base() -> None:
    again = as_said_before(FRESH, Since((TOLD, replace(FRESH, head=OTHER))), base_moved=True)
    assert again == replace(
        FRESH,
        effort_reason="2 changed lines",
        intent=TOLD.intent,
        coverage=Coverage(
            (FileCoverage("cart.py", "read"), FileCoverage("more.py", "listed")), NOT_DONE
        ),
    )


def test_what_was_said_of_another_head_or_judged_nothing_is_not_taken_over() -> None:
    unjudged = replace(TOLD, intent=IntentContract(judged=False))
    for earlier in ([replace(TOLD, head=OTHER)], [unjudged], []):
        assert as_said_before(FRESH, Since(tuple(earlier)), base_moved=True) == FRESH


def test_the_same_patch_at_another_head_is_as_whole_as_it_was() -> None:
    since = Since((replace(TOLD, head=OTHER),), known={"cart.py": ("edit",)})
    again = as_said_before(FRESH, since, base_moved=False)
    assert (again.status, again.intent, again.coverage.not_done) == ("complete", TOLD.intent, ())


def test_what_a_model_said_of_call_sites_stays_where_the_code_is_the_same() -> None:
    """A review that was asked for and found nothing new called them not inspected again."""
    unseen = CallSite("users.py", 4, "T1", "not_inspected", "not decided by plain code")
    fresh = replace(FRESH, ledger=(LedgerEntry("total", "one argument more", (unseen,)),))
    safe = replace(unseen, status="safe", why="passes both")
    told = replace(TOLD, ledger=(LedgerEntry("total", "one argument more", (safe,)),))
    known = {"cart.py": ("edit",)}
    again = as_said_before(fresh, Since((told,), known=known), base_moved=False)
    assert again.ledger == told.ledger
    elsewhere = replace(told, head=OTHER)
    again = as_said_before(fresh, Since((elsewhere,), known=known), base_moved=False)
    assert again.ledger == fresh.ledger


def test_where_something_is_new_the_review_is_the_fresh_one() -> None:
    since = Since((TOLD,), fresh={"cart.py": ()}, known={"cart.py": ("edit",)})
    assert as_said_before(FRESH, since, base_moved=False) == FRESH
