"""What became of posted findings: `ports.Outcomes` in the database, and the counts that are shown.

Every query names one installation, or counts for the person who runs the program: what one
installation's people did never reaches another's reviews.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, select, update

from bot.domain.calibration import Observed, calibrate
from bot.domain.finding import Category, Origin, Severity
from bot.domain.hindsight import Hindsight
from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.outcome import CONFIRMED, Became, Outcome, Posting, Signals
from bot.domain.outcome_rates import OutcomeCount
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.domain.repeated_class import Confirmed, DefectClass, Proposal, repeated
from bot.store.database import Database
from bot.store.records import insert_or, now_utc
from bot.store.row_owners import (
    of_installation,
    of_neighbours,
    of_pull,
    of_repository,
    owner,
    pull_owner,
)
from bot.store.tables import OUTCOMES, PROPOSALS

REMEMBERED = timedelta(days=180)
"""Older outcomes teach nothing any more: models, prompts, code and people are others by then."""

_MOST_CONFIRMED = 2_000
_SIGNALS = tuple(part.name for part in fields(Signals))


class SqlOutcomes:
    """`ports.Outcomes` over a `Database`. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now_utc) -> None:
        self._database = database
        self._clock = clock

    def known(self, ref: PullRef) -> Sequence[Outcome]:
        """The outcomes of this pull request's findings, in the order in which they were posted."""
        query = select(OUTCOMES).where(*of_pull(OUTCOMES, ref))
        ordered = query.order_by(OUTCOMES.c.posted_at, OUTCOMES.c.finding)
        with self._database.read() as connection:
            return [_outcome(row) for row in connection.execute(ordered).mappings()]

    def keep(self, ref: PullRef, outcomes: Sequence[Outcome]) -> None:
        """Store them; of one that is known its posting stays, its signals are replaced."""
        with self._database.write() as connection:
            for outcome in outcomes:
                row, signals = _row(ref, outcome), _signals(ref, outcome)
                statement = insert_or(connection, OUTCOMES).values({**row, **signals})
                key = [column.name for column in OUTCOMES.primary_key]
                connection.execute(
                    statement.on_conflict_do_update(index_elements=key, set_=signals)
                )
            _rename(connection, ref.repository)

    def hindsight(self, repository: RepositoryRef) -> Hindsight:
        """What the installation's outcomes of the last half a year say of this repository."""
        with self._database.read() as connection:
            own, others = self._observed(connection, repository)
            confirmed = self._confirmed(connection, repository)
            proposed = _proposed(connection, repository)
        return Hindsight(calibrate(own, others), repeated(confirmed, proposed))

    def propose(self, ref: PullRef, proposal: Proposal, key: str) -> bool:
        """Whether the review of this key is the one that proposes it: the first that asks is."""
        values = {
            **owner(ref.repository),
            "category": proposal.category.value,
            "kind": proposal.kind,
        }
        where = [PROPOSALS.c[name] == value for name, value in values.items()]
        with self._database.write() as connection:
            claim = {**values, "review_key": key, "proposed_at": self._clock()}
            statement = insert_or(connection, PROPOSALS).values(claim)
            connection.execute(statement.on_conflict_do_nothing())
            query = select(PROPOSALS.c.review_key).where(*where)
            return bool(connection.execute(query).scalar_one() == key)

    def not_proposed(self, key: str) -> None:
        """The review of this key was not posted after all: another one may propose it."""
        with self._database.write() as connection:
            connection.execute(delete(PROPOSALS).where(PROPOSALS.c.review_key == key))

    def counts(
        self,
        repository: str = "",
        since: datetime | None = None,
        installation: InstallationId | None = None,
    ) -> Sequence[OutcomeCount]:
        """What was posted since, counted by sort; all repositories unless one is named in full."""
        where: list[ColumnElement[bool]] = []
        if repository:
            where.append(func.lower(OUTCOMES.c.repository) == repository.lower())
        if since is not None:
            where.append(OUTCOMES.c.posted_at >= since)
        if installation is not None:
            where.append(OUTCOMES.c.installation_id == installation)
        query = _counted().where(*where)
        with self._database.read() as connection:
            return [_count(row) for row in connection.execute(query).mappings()]

    def totals(self) -> Mapping[tuple[Category, Severity, Became], int]:
        """All that was ever posted, by category and severity and what became of it."""
        parts = (OUTCOMES.c.category, OUTCOMES.c.severity, OUTCOMES.c.became)
        query = select(*parts, func.count()).group_by(*parts)
        with self._database.read() as connection:
            return {
                (Category(category), Severity(severity), Became(became)): count
                for category, severity, became, count in connection.execute(query)
            }

    def forget(
        self, installation: InstallationId, repositories: Sequence[RepositoryId] = ()
    ) -> None:
        """Delete all of an installation, or of some of its repositories."""
        with self._database.write() as connection:
            for table in (OUTCOMES, PROPOSALS):
                where = of_installation(table, installation, repositories)
                connection.execute(delete(table).where(*where))

    def _observed(
        self, connection: Connection, repository: RepositoryRef
    ) -> tuple[list[Observed], list[Observed]]:
        """Of models' findings: this repository's, and those of the installation's others."""
        parts = (OUTCOMES.c.repository_id, OUTCOMES.c.confidence, OUTCOMES.c.became)
        query = (
            select(*parts, func.count().label("count"))
            .where(*self._lately(repository), OUTCOMES.c.origin != Origin.CHECK.value)
            .group_by(*parts)
            .order_by(*parts)
        )
        own: list[Observed] = []
        others: list[Observed] = []
        for row in connection.execute(query).mappings():
            one = Observed(row["confidence"], Became(row["became"]), row["count"])
            (own if row["repository_id"] == repository.id else others).append(one)
        return own, others

    def _confirmed(self, connection: Connection, repository: RepositoryRef) -> list[Confirmed]:
        query = (
            select(OUTCOMES)
            .where(
                *self._lately(repository),
                OUTCOMES.c.repository_id == repository.id,
                OUTCOMES.c.origin != Origin.CHECK.value,
                OUTCOMES.c.became.in_([word.value for word in CONFIRMED]),
            )
            .order_by(OUTCOMES.c.posted_at.desc(), OUTCOMES.c.number, OUTCOMES.c.finding)
            .limit(_MOST_CONFIRMED)
        )
        return [
            Confirmed(
                row["number"], row["path"], Category(row["category"]), row["kind"], row["title"]
            )
            for row in connection.execute(query).mappings()
        ]

    def _lately(self, repository: RepositoryRef) -> tuple[ColumnElement[bool], ...]:
        return (
            of_neighbours(OUTCOMES, repository),
            OUTCOMES.c.posted_at >= self._clock() - REMEMBERED,
        )


def _proposed(connection: Connection, repository: RepositoryRef) -> frozenset[DefectClass]:
    query = select(PROPOSALS.c.category, PROPOSALS.c.kind)
    query = query.where(*of_repository(PROPOSALS, repository))
    return frozenset(
        DefectClass(Category(row["category"]), row["kind"])
        for row in connection.execute(query).mappings()
    )


def _rename(connection: Connection, repository: RepositoryRef) -> None:
    """A repository is counted under its present name, whatever it was called before."""
    own = of_repository(OUTCOMES, repository)
    others = update(OUTCOMES).where(*own, OUTCOMES.c.repository != repository.full_name)
    connection.execute(others.values(repository=repository.full_name))


def _row(ref: PullRef, outcome: Outcome) -> dict[str, Any]:
    posting = outcome.posting
    return {
        **pull_owner(ref),
        "finding": posting.finding,
        "title": posting.title,
        "path": posting.path,
        "kind": posting.kind,
        "category": posting.category.value,
        "severity": posting.severity.value,
        "origin": posting.origin.value,
        "confidence": posting.confidence,
        "posted_at": posting.posted_at,
        "month": f"{posting.posted_at:%Y-%m}",
    }


def _signals(ref: PullRef, outcome: Outcome) -> dict[str, Any]:
    """What a look may change."""
    return {
        **{f"{name}_at": getattr(outcome.signals, name) for name in _SIGNALS},
        "ups": outcome.ups,
        "downs": outcome.downs,
        "became": outcome.became.value,
        "repository": ref.repository.full_name,
    }


def _outcome(row: Mapping[Any, Any]) -> Outcome:
    posting = Posting(
        finding=row["finding"],
        title=row["title"],
        path=row["path"],
        kind=row["kind"],
        category=Category(row["category"]),
        severity=Severity(row["severity"]),
        origin=Origin(row["origin"]),
        confidence=row["confidence"],
        posted_at=row["posted_at"],
    )
    signals = Signals(**{name: row[f"{name}_at"] for name in _SIGNALS})
    return Outcome(posting, signals, row["ups"], row["downs"])


def _counted() -> Select[*tuple[Any, ...]]:
    parts = (
        OUTCOMES.c.repository,
        OUTCOMES.c.month,
        OUTCOMES.c.category,
        OUTCOMES.c.severity,
        OUTCOMES.c.origin,
        OUTCOMES.c.became,
    )
    return select(*parts, func.count().label("count")).group_by(*parts).order_by(*parts)


def _count(row: Mapping[Any, Any]) -> OutcomeCount:
    return OutcomeCount(
        repository=row["repository"],
        month=row["month"],
        category=Category(row["category"]),
        severity=Severity(row["severity"]),
        origin=Origin(row["origin"]),
        became=Became(row["became"]),
        count=row["count"],
    )
