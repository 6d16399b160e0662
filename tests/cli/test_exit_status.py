"""What a script learns from the exit status."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.finding import Category, Fate, Finding, Severity
from bot.domain.policy import Policy, Thresholds
from bot.domain.review import Review, ReviewStatus
from tests.cli.sample_review import CLEAN, RETRIED
from workers.cli.exit_status import exit_status

P1_SURE = replace(RETRIED, severity=Severity.P1, confidence=0.9)
P2_SURE = replace(P1_SURE, severity=Severity.P2)


def with_finding(finding: Finding, policy: Policy | None = None) -> Review:
    return replace(CLEAN, findings=(finding,), policy=policy or Policy())


@pytest.mark.parametrize("fate", list(Fate))
def test_only_what_is_shown_fails_a_run(fate: Fate) -> None:
    shown = {Fate.POSTED, Fate.LISTED, Fate.OVER_CAP, Fate.BELOW_THRESHOLD}
    review = with_finding(replace(P1_SURE, fate=fate))
    assert exit_status(review, Severity.P1) == (1 if fate in shown else 0)


def test_without_the_flag_nothing_fails_a_run() -> None:
    assert exit_status(with_finding(replace(P1_SURE, severity=Severity.P0)), None) == 0


def test_the_flag_is_a_bar() -> None:
    assert exit_status(with_finding(P1_SURE), Severity.P0) == 0
    assert exit_status(with_finding(P1_SURE), Severity.P2) == 1


def test_a_finding_below_the_policys_severity_fails_a_run_that_asked_for_it() -> None:
    below = replace(P2_SURE, fate=Fate.BELOW_THRESHOLD)
    assert exit_status(with_finding(below), Severity.P2) == 1
    assert exit_status(with_finding(replace(below, confidence=0.3)), Severity.P2) == 0
    off = Policy(categories={Category.CORRECTNESS: Thresholds(off=True)})
    assert exit_status(with_finding(below, off), Severity.P2) == 0


@pytest.mark.parametrize("status", ["partial", "failed"])
def test_an_incomplete_review_says_so_whatever_it_found(status: ReviewStatus) -> None:
    review = replace(with_finding(P1_SURE), status=status)
    assert exit_status(review, Severity.P1) == 3
    assert exit_status(review, None) == 3
