"""What a day costs: counted once, over all workers, and begun anew at midnight UTC."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from bot.domain.budget import Allowance, CapUse, DayCaps, Spent
from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.errors import LimitExceeded
from bot.store.database import Database
from bot.store.spending import SqlSpending
from bot.store.tables import SPENDING

SHOP = PullRef(RepositoryRef(RepositoryId(11), "acme/shop", InstallationId(5)), 7)
BLOG = PullRef(RepositoryRef(RepositoryId(12), "acme/blog", InstallationId(5)), 1)
OTHER = PullRef(RepositoryRef(RepositoryId(13), "other/site", InstallationId(55)), 1)
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def spending(database: Database, clock: Clock) -> SqlSpending:
    return SqlSpending(database, clock)


def caps(repository: int | None = None, installation: int | None = None) -> DayCaps:
    return DayCaps(Allowance(calls=repository), Allowance(calls=installation))


def test_a_repository_at_its_cap_is_refused_and_told_what_was_used(spending: SqlSpending) -> None:
    for _ in range(2):
        spending.start_call(SHOP, caps(repository=2))
    with pytest.raises(LimitExceeded) as refused:
        spending.start_call(SHOP, caps(repository=2))
    assert str(refused.value) == (
        "stopped by budget: 2 of 2 model calls of this repository's day (UTC) are used"
    )
    assert spending.used(SHOP, caps(repository=2)) == [CapUse("repository", "calls", 2, 2)]
    spending.start_call(BLOG, caps(repository=2))


def test_the_installation_shares_one_cap_among_its_repositories(spending: SqlSpending) -> None:
    spending.start_call(SHOP, caps(installation=2))
    spending.start_call(BLOG, caps(installation=2))
    with pytest.raises(LimitExceeded, match=r"this installation's day \(UTC\)"):
        spending.start_call(SHOP, caps(installation=2))
    spending.start_call(OTHER, caps(installation=2))


def test_what_one_cap_refuses_is_counted_nowhere(spending: SqlSpending) -> None:
    for _ in range(3):
        with pytest.raises(LimitExceeded):
            spending.start_call(SHOP, caps(repository=0, installation=9))
    assert [use.spent for use in spending.used(SHOP, caps(9, 9))] == [0, 0]


def test_tokens_seconds_and_money_are_added_when_an_answer_is_in(spending: SqlSpending) -> None:
    all_of = Allowance(calls=9, tokens=5_000, seconds=60, usd=1.5)
    spending.start_call(SHOP, DayCaps(all_of, all_of))
    spending.add(SHOP, Spent(tokens=4_000, seconds=2.5, usd=1.0))
    spending.add(SHOP, Spent(tokens=500, seconds=2.5, usd=0.5))
    with pytest.raises(LimitExceeded, match=r"\$1\.50 of \$1\.50 of this installation's day"):
        spending.start_call(SHOP, DayCaps(all_of, all_of))
    assert spending.used(SHOP, DayCaps(repository=all_of)) == [
        CapUse("repository", "calls", 1, 9),
        CapUse("repository", "tokens", 4_500, 5_000),
        CapUse("repository", "seconds", 5, 60),
        CapUse("repository", "usd", 1.5, 1.5),
    ]


def test_a_day_ends_at_midnight_utc_wherever_the_clock_hangs(
    spending: SqlSpending, clock: Clock
) -> None:
    clock.now = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
    spending.start_call(SHOP, caps(repository=1))
    clock.now = datetime(2026, 2, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))  # 23:30 UTC
    with pytest.raises(LimitExceeded):
        spending.start_call(SHOP, caps(repository=1))
    clock.now = datetime(2026, 2, 1, 0, 0, tzinfo=UTC)
    spending.start_call(SHOP, caps(repository=1))


def test_workers_that_race_for_the_last_calls_get_each_once(database: Database) -> None:
    """Eight of them, each with connections of its own, in two repositories of one installation."""
    won: list[int] = []
    lost: list[int] = []

    def work(spending: SqlSpending, number: int) -> None:
        for _ in range(10):
            try:
                spending.start_call(SHOP if number % 2 else BLOG, caps(installation=30))
            except LimitExceeded:
                lost.append(number)
            else:
                won.append(number)

    spending = SqlSpending(database)
    threads = [threading.Thread(target=work, args=(spending, number)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (30, 50)
    assert spending.used(SHOP, caps(installation=30))[0].spent == 30


def test_old_days_are_deleted_when_a_new_one_begins(
    spending: SqlSpending, clock: Clock, database: Database
) -> None:
    for day in (0, 1, 100):
        clock.now = NOON + timedelta(days=day)
        spending.start_call(SHOP, caps())
    with database.read() as connection:
        days = connection.execute(select(SPENDING.c.day).distinct()).scalars().all()
    assert days == ["2026-05-11"]


def test_a_removed_installation_is_forgotten_and_no_other(spending: SqlSpending) -> None:
    for ref in (SHOP, BLOG, OTHER):
        spending.start_call(ref, caps())
    spending.forget(InstallationId(5), [RepositoryId(11)])
    counted = [spending.used(ref, caps(9))[0].spent for ref in (SHOP, BLOG, OTHER)]
    assert counted == [0, 1, 1]
    spending.forget(InstallationId(5))
    assert [spending.used(ref, caps(9, 9))[0].spent for ref in (SHOP, BLOG, OTHER)] == [0, 0, 1]
