"""What was said of a head stays said when only its base changes."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.finding import Category, Fate, Finding, Origin, Severity
from bot.domain.identifiers import Sha
from bot.domain.intent import IntentContract
from bot.domain.review import Coverage, FileCoverage, Review
from workers.review.retargeted import on_new_base

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


def test_promises_and_what_was_shown_stay_beside_the_fresh_checks() -> None:
    again = on_new_base(FRESH, [TOLD, replace(FRESH, head=OTHER)])
    assert again == replace(
        FRESH,
        intent=TOLD.intent,
        findings=(
            *FRESH.findings,
            replace(
                FOUND,
                fate=Fate.DUPLICATE,
                reason=f"posted in an earlier review as {FOUND.id}",
                standing=True,
            ),
            LISTED,
        ),
        coverage=Coverage(
            (FileCoverage("cart.py", "read"), FileCoverage("more.py", "listed")), NOT_DONE
        ),
    )


def test_what_was_said_of_another_head_or_judged_nothing_is_not_taken_over() -> None:
    unjudged = replace(TOLD, intent=IntentContract(judged=False))
    assert on_new_base(FRESH, [replace(TOLD, head=OTHER), unjudged]) == FRESH
