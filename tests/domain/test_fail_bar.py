"""One rule for what fails a run: the check on GitHub and the exit status count the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.fail_bar import failing
from bot.domain.finding import SHOWN, Category, Fate, Finding, Origin, Severity
from bot.domain.identifiers import RepositoryId, Sha
from bot.domain.policy import FailOn, PathRule, Policy, Thresholds
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.domain.review import Review
from bot.github.composition import compose, conclusion
from workers.cli.exit_status import exit_status

PULL = PullRef(RepositoryRef(RepositoryId(1), "acme/shop"), 7)
SURE = Finding(
    title="Wrong total",
    body="The total is wrong.",
    severity=Severity.P2,
    category=Category.CORRECTNESS,
    origin=Origin.HUNT,
    path="shop/cart.py",
    line=3,
    confidence=0.9,
    fate=Fate.BELOW_THRESHOLD,
)
BARS: tuple[FailOn, ...] = ("P0", "P1", "P2", "P3")


def review(finding: Finding, fail_on: FailOn = "none", **policy: object) -> Review:
    made = Policy(fail_on=fail_on, **policy)  # type: ignore[arg-type]
    return Review("complete", Sha("a"), Sha("b"), "light", findings=(finding,), policy=made)


@pytest.mark.parametrize("bar", BARS)
@pytest.mark.parametrize("fate", list(Fate))
def test_check_and_exit_status_count_the_same(fate: Fate, bar: FailOn) -> None:
    judged = review(replace(SURE, fate=fate), bar)
    fails = bool(failing(judged, Severity(bar)))
    assert fails == (bar in ("P2", "P3") and fate in (*SHOWN, Fate.BELOW_THRESHOLD))
    assert (conclusion(judged) == "failure") == fails
    assert (exit_status(judged, Severity(bar)) == 1) == fails


def test_what_more_than_severity_keeps_back_does_not_count() -> None:
    bar = Severity.P2
    assert failing(review(SURE), bar) == (SURE,)
    less_than_minor_ones_need = replace(SURE, confidence=0.8)
    assert failing(review(less_than_minor_ones_need), bar) == (less_than_minor_ones_need,)
    assert failing(review(replace(SURE, confidence=0.3)), bar) == ()
    off = Thresholds(off=True)
    assert failing(review(SURE, categories={Category.CORRECTNESS: off}), bar) == ()
    assert failing(review(SURE, paths=(PathRule(("shop/**",), off),)), bar) == ()


def test_a_push_that_fixes_nothing_leaves_the_check_as_it_was() -> None:
    said_before = replace(SURE, fate=Fate.DUPLICATE, standing=True)
    words = compose(review(said_before, "P2"), PULL, first=False)
    assert (words.conclusion, words.check.title, words.body) == (
        "failure",
        "1 finding still stands",
        "",
    )
    assert compose(review(said_before), PULL, first=False).conclusion == "neutral"
    assert exit_status(review(said_before), Severity.P2) == 1


def test_a_check_that_fails_by_what_is_not_shown_says_so() -> None:
    words = compose(review(SURE, "P2"), PULL, first=True)
    assert (words.conclusion, words.check.title, words.body) == (
        "failure",
        "1 finding at or above P2, below the threshold",
        "",
    )


def test_a_path_that_is_no_text_has_a_name_too() -> None:
    odd = replace(SURE, path="caf\udce9.py", title="caf\udce9")
    assert (odd.fingerprint, odd.id) == ("85be333869def267", "85be333869def267-0dabce")
