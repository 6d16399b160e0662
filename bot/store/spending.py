"""What models cost each day, counted over all workers: `ports.Spending` in the database.

A row a day for each repository and each installation; a new day begins with new rows. Each step is
one transaction of conditional updates, so that workers that race for the last call get it once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from bot.domain.budget import UNITS, Allowance, CapUse, DayCaps, Scope, Spent, stopped_by, uses
from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.pull_request import PullRef
from bot.errors import LimitExceeded
from bot.store.database import Database
from bot.store.records import insert_or, now_utc
from bot.store.tables import SPENDING

KEEP_DAYS = 90
"""Older days are deleted when a new one begins."""

_Place = tuple[Scope, str, Allowance]


class SqlSpending:
    """Every method raises StoreUnavailable. `clock` gives aware times; a day is one of UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now_utc) -> None:
        self._database = database
        self._clock = clock

    def start_call(self, ref: PullRef, caps: DayCaps) -> None:
        """Count one model call of today, in all places or in none.

        Raises:
            LimitExceeded: a cap of today is used up; nothing is counted.
        """
        day = self._today()
        with self._database.write() as connection:
            for scope, place, allowance in _places(ref, caps):
                _begin_day(connection, place, day)
                room = [
                    getattr(SPENDING.c, unit) < getattr(allowance, unit)
                    for unit in UNITS
                    if getattr(allowance, unit) is not None
                ]
                here = (SPENDING.c.place == place, SPENDING.c.day == day, *room)
                counted = update(SPENDING).where(*here).values(calls=SPENDING.c.calls + 1)
                if not connection.execute(counted).rowcount:
                    spent = _spent(connection, place, day)
                    raise LimitExceeded(_why(scope, allowance, spent))

    def add(self, ref: PullRef, spent: Spent) -> None:
        """Add what an answer cost to today; its call was counted when it started."""
        day = self._today()
        with self._database.write() as connection:
            for _, place, _ in _places(ref, DayCaps()):
                _begin_day(connection, place, day)
                connection.execute(
                    update(SPENDING)
                    .where(SPENDING.c.place == place, SPENDING.c.day == day)
                    .values(
                        tokens=SPENDING.c.tokens + spent.tokens,
                        seconds=SPENDING.c.seconds + spent.seconds,
                        usd=SPENDING.c.usd + spent.usd,
                    )
                )

    def used(self, ref: PullRef, caps: DayCaps) -> Sequence[CapUse]:
        """Every cap of today, with what was spent of it."""
        return list(self._used(ref, caps, self._today()))

    def forget(
        self, installation: InstallationId, repositories: Sequence[RepositoryId] = ()
    ) -> None:
        """Delete what was counted of an installation, or of some of its repositories."""
        place = SPENDING.c.place
        gone = [place == f"{installation}/{number}" for number in repositories]
        whole = [place == f"{installation}", place.startswith(f"{installation}/")]
        with self._database.write() as connection:
            connection.execute(delete(SPENDING).where(or_(*(gone or whole))))

    def _used(self, ref: PullRef, caps: DayCaps, day: str) -> Iterator[CapUse]:
        with self._database.read() as connection:
            for scope, place, allowance in _places(ref, caps):
                yield from uses(scope, allowance, _spent(connection, place, day))

    def _today(self) -> str:
        return self._clock().astimezone(UTC).date().isoformat()


def _places(ref: PullRef, caps: DayCaps) -> Iterator[_Place]:
    """Always in this order: two transactions that lock rows in it cannot block each other."""
    installation = ref.repository.installation or 0
    yield "installation", f"{installation}", caps.installation
    yield "repository", f"{installation}/{ref.repository.id}", caps.repository


def _begin_day(connection: Connection, place: str, day: str) -> None:
    empty = {"place": place, "day": day, "calls": 0, "tokens": 0, "seconds": 0.0, "usd": 0.0}
    statement = insert_or(connection, SPENDING).values(empty).on_conflict_do_nothing()
    begun = connection.execute(statement.returning(SPENDING.c.day)).first()
    if begun is not None:
        oldest = (datetime.fromisoformat(day) - timedelta(days=KEEP_DAYS)).date().isoformat()
        connection.execute(
            delete(SPENDING).where(SPENDING.c.place == place, SPENDING.c.day < oldest)
        )


def _spent(connection: Connection, place: str, day: str) -> Spent:
    columns: list[Any] = [getattr(SPENDING.c, unit) for unit in UNITS]
    row = connection.execute(
        select(*columns).where(SPENDING.c.place == place, SPENDING.c.day == day)
    ).one_or_none()
    return Spent() if row is None else Spent(*row)


def _why(scope: Scope, allowance: Allowance, spent: Spent) -> str:
    return stopped_by(next(use for use in uses(scope, allowance, spent) if use.hit))
