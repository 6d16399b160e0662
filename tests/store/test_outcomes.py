"""Outcomes: one row a finding, counted by sort, and never beyond their installation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.calibration import Calibration
from bot.domain.finding import Category, Origin, Severity
from bot.domain.hindsight import NO_HINDSIGHT, Hindsight
from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.outcome import Became, Outcome, Posting, Signals
from bot.domain.outcome_rates import OutcomeCount
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.domain.repeated_class import Proposal
from bot.store.database import Database
from bot.store.outcomes import REMEMBERED, SqlOutcomes

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
MAY, JANUARY = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 1, 31, tzinfo=UTC)
SHOP = RepositoryRef(RepositoryId(11), "acme/shop", InstallationId(5))
BLOG = RepositoryRef(RepositoryId(12), "acme/blog", InstallationId(5))
OTHER = RepositoryRef(RepositoryId(11), "other/shop", InstallationId(6))
PULL = PullRef(SHOP, 7)

FIXED, DISMISSED, IGNORED = Signals(fixed=NOW), Signals(dismissed=NOW), Signals(merged=NOW)


@pytest.fixture
def outcomes(database: Database) -> SqlOutcomes:
    return SqlOutcomes(database, lambda: NOW)


def outcome(name: str, signals: Signals, kind: str = "missing-case", at: datetime = MAY) -> Outcome:
    posting = Posting(
        finding=name,
        title=f"Title of {name}",
        path="shop/cart.py",
        kind=kind,
        category=Category.CORRECTNESS,
        severity=Severity.P1,
        origin=Origin.HUNT,
        confidence=0.8,
        posted_at=at,
    )
    return Outcome(posting, signals)


def many(count: int, signals: Signals) -> list[Outcome]:
    return [outcome(f"{signals.fixed is None}-{n}", signals) for n in range(count)]


def test_what_is_kept_is_read_back_whole(outcomes: SqlOutcomes) -> None:
    every = Signals(*(NOW + timedelta(minutes=n) for n in range(10)))
    kept = [replace(outcome("a", every), ups=2, downs=3), outcome("b", Signals())]
    outcomes.keep(PULL, kept)
    assert outcomes.known(PULL) == kept
    assert outcomes.known(PullRef(SHOP, 8)) == outcomes.known(PullRef(BLOG, 7)) == []


def test_the_next_look_replaces_signals_and_leaves_what_was_posted(outcomes: SqlOutcomes) -> None:
    outcomes.keep(PULL, [outcome("a", Signals())])
    later = outcome("a", FIXED, kind="race", at=NOW)
    for _ in range(2):
        outcomes.keep(PULL, [later])
    assert outcomes.known(PULL) == [outcome("a", FIXED)]


def test_counts_are_by_sort_and_can_be_asked_for_apart(outcomes: SqlOutcomes) -> None:
    outcomes.keep(PULL, [*many(2, FIXED), outcome("old", IGNORED, at=JANUARY)])
    outcomes.keep(PullRef(OTHER, 1), [outcome("x", DISMISSED)])

    def counted(
        became: Became, count: int, month: str = "2026-05", at: str = "acme/shop"
    ) -> OutcomeCount:
        sort = (Category.CORRECTNESS, Severity.P1, Origin.HUNT)
        return OutcomeCount(at, month, *sort, became, count)

    old, new = counted(Became.IGNORED, 1, "2026-01"), counted(Became.FIXED, 2)
    strange = counted(Became.DISMISSED, 1, at="other/shop")
    assert outcomes.counts() == [old, new, strange]
    assert outcomes.counts("ACME/shop") == [old, new]
    assert outcomes.counts(since=MAY) == [new, strange]
    assert outcomes.counts(installation=InstallationId(6)) == [strange]


def test_a_renamed_repository_is_one_repository(outcomes: SqlOutcomes) -> None:
    outcomes.keep(PULL, many(2, FIXED))
    renamed = replace(SHOP, full_name="acme/store")
    outcomes.keep(PullRef(renamed, 8), [outcome("b", FIXED)])
    assert [(one.repository, one.count) for one in outcomes.counts()] == [("acme/store", 3)]


def test_confidence_is_calibrated_by_its_own_installation_only(outcomes: SqlOutcomes) -> None:
    outcomes.keep(PullRef(OTHER, 1), many(90, DISMISSED))
    assert outcomes.hindsight(SHOP) == NO_HINDSIGHT

    outcomes.keep(PullRef(BLOG, 1), [*many(22, FIXED), *many(8, DISMISSED)])
    calibration = outcomes.hindsight(SHOP).calibration
    assert (calibration.of(0.8), calibration.outcomes) == (0.76, 30)
    assert outcomes.hindsight(OTHER).calibration.of(0.8) < 0.7


def test_checks_and_old_outcomes_do_not_calibrate(outcomes: SqlOutcomes) -> None:
    old = [
        replace(one, posting=replace(one.posting, posted_at=NOW - REMEMBERED - timedelta(days=1)))
        for one in many(40, DISMISSED)
    ]
    outcomes.keep(PullRef(SHOP, 1), old)
    checks = [
        replace(one, posting=replace(one.posting, origin=Origin.CHECK))
        for one in many(40, DISMISSED)
    ]
    outcomes.keep(PullRef(SHOP, 2), checks)
    assert outcomes.hindsight(SHOP).calibration == Calibration()


def test_a_class_is_proposed_by_one_review_and_then_never_again(outcomes: SqlOutcomes) -> None:
    for number in (3, 4, 9):
        outcomes.keep(PullRef(SHOP, number), [outcome("a", FIXED)])
    proposal = Proposal(
        Category.CORRECTNESS, "missing-case", "shop", (3, 4, 9), ("Title of a",) * 3
    )
    assert outcomes.hindsight(SHOP) == Hindsight(proposal=proposal)
    assert outcomes.hindsight(BLOG) == outcomes.hindsight(OTHER) == NO_HINDSIGHT

    assert outcomes.propose(PULL, proposal, "one")
    assert outcomes.propose(PULL, proposal, "one")
    assert not outcomes.propose(PULL, proposal, "two")
    assert outcomes.propose(PullRef(OTHER, 7), proposal, "three")
    assert outcomes.hindsight(SHOP) == NO_HINDSIGHT

    outcomes.not_proposed("one")
    assert outcomes.hindsight(SHOP) == Hindsight(proposal=proposal)
    assert outcomes.propose(PULL, proposal, "two")


def test_what_is_forgotten_is_gone_and_nothing_else(outcomes: SqlOutcomes) -> None:
    for ref in (PULL, PullRef(BLOG, 7), PullRef(OTHER, 7)):
        outcomes.keep(ref, [outcome("a", FIXED)])
    outcomes.forget(InstallationId(5), [RepositoryId(11)])
    assert [one.repository for one in outcomes.counts()] == ["acme/blog", "other/shop"]
    outcomes.forget(InstallationId(5))
    assert [one.repository for one in outcomes.counts()] == ["other/shop"]
