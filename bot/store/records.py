"""Reviews in the database, kept from the first day: `ports.Records` and `ports.Trace`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, RowMapping, Table, delete, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from bot.domain.conversation import Step
from bot.domain.finding import Finding
from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.pull_request import PullRef, PullRequest
from bot.domain.record_codec import encode
from bot.domain.review import Review
from bot.domain.review_json import record_from_json, record_to_json
from bot.domain.ruling import Ruling
from bot.errors import InstallationGone
from bot.store.database import Database
from bot.store.row_owners import of_installation, of_pull, pull_owner
from bot.store.tables import FINDINGS, REPLIES, REVIEWS, RULINGS, STEPS

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

RUNNING = "running"
"""The status of a record whose review was begun and not finished."""


def now_utc() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class SqlTrace:
    """The steps of one attempt at one review; each is committed when it is added.

    Threads may share it: numbers are given out by one counter.
    """

    def __init__(self, database: Database, key: str, attempt: int) -> None:
        self._database = database
        self._key = key
        self._attempt = attempt
        self._numbers = itertools.count(1)

    def add(self, step: Step) -> None:
        """Keep one step. Raises StoreUnavailable, InstallationGone (the record was deleted)."""
        values = {
            "review_key": self._key,
            "attempt": self._attempt,
            "number": next(self._numbers),
            "kind": step.kind,
            "name": step.name,
            "prompt_version": step.prompt_version,
            "request": dict(step.request),
            "response": dict(step.response),
            "seconds": step.seconds,
        }
        try:
            with self._database.write() as connection:
                connection.execute(insert(STEPS).values(values))
        except IntegrityError as error:
            raise _forgotten(self._key) from error


class SqlRecords:
    """`ports.Records` over a `Database`. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now_utc) -> None:
        self._database = database
        self._clock = clock

    def begin(self, key: str, pull: PullRequest) -> SqlTrace:
        """Start, or start again; the steps of an earlier attempt stay, under its number."""
        fresh = {
            **_identity(pull),
            "base": pull.merge_base,
            "status": RUNNING,
            "started_at": self._clock(),
            "finished_at": None,
            "inputs": encode(pull),
        }
        again = {**fresh, "attempt": REVIEWS.c.attempt + 1}
        with self._database.write() as connection:
            _upsert(connection, REVIEWS, {"key": key, "effort": "", "attempt": 1, **fresh}, again)
            attempt = connection.execute(
                select(REVIEWS.c.attempt).where(REVIEWS.c.key == key)
            ).scalar_one()
        return SqlTrace(self._database, key, attempt)

    def keep(self, key: str, review: Review) -> None:
        """Store the finished review and its findings.

        Raises:
            InstallationGone: the record was never begun, or was deleted meanwhile.
        """
        finished = {
            "base": review.base,
            "head": review.head,
            "status": review.status,
            "effort": review.effort,
            "finished_at": self._clock(),
            "document": record_to_json(review),
        }
        with self._database.write() as connection:
            changed = connection.execute(
                update(REVIEWS).where(REVIEWS.c.key == key).values(finished)
            )
            if not changed.rowcount:
                raise _forgotten(key)
            connection.execute(delete(FINDINGS).where(FINDINGS.c.review_key == key))
            rows = [_finding(key, *numbered) for numbered in enumerate(review.findings, start=1)]
            if rows:
                connection.execute(insert(FINDINGS), rows)

    def review(self, key: str) -> Review | None:
        """The finished review, or None."""
        with self._database.read() as connection:
            query = select(REVIEWS.c.document).where(REVIEWS.c.key == key)
            document = connection.execute(query).scalar_one_or_none()
        return None if document is None else record_from_json(document)

    def posted_before(self, ref: PullRef) -> Sequence[Review]:
        """The published reviews of the pull request, oldest publication first."""
        query = (
            select(REVIEWS.c.document)
            .where(*of_pull(REVIEWS, ref))
            .where(REVIEWS.c.published_at.is_not(None), REVIEWS.c.document.is_not(None))
            .order_by(REVIEWS.c.published_at, REVIEWS.c.key)
        )
        with self._database.read() as connection:
            documents = connection.execute(query).scalars().all()
        return [record_from_json(document) for document in documents if document is not None]

    def published(self, key: str, github_id: int | None) -> None:
        """Note the publication; a second note of the same review keeps the first one's time."""
        with self._database.write() as connection:
            connection.execute(
                update(REVIEWS)
                .where(REVIEWS.c.key == key, REVIEWS.c.published_at.is_(None))
                .values(published_at=self._clock())
            )
            if github_id is not None:
                connection.execute(
                    update(REVIEWS).where(REVIEWS.c.key == key).values(github_review_id=github_id)
                )

    def rule(self, ref: PullRef, ruling: Ruling) -> None:
        """Keep a decision; the first word of one comment on one finding stays."""
        values = {
            **pull_owner(ref),
            "finding": ruling.finding,
            "source": ruling.source,
            "kind": ruling.kind,
            "reason": ruling.reason,
            "person": ruling.by,
            "ruled_at": self._clock(),
        }
        with self._database.write() as connection:
            statement = insert_or(connection, RULINGS).values(values)
            connection.execute(statement.on_conflict_do_nothing())

    def rulings(self, ref: PullRef) -> Sequence[Ruling]:
        """The decisions on this pull request, oldest first."""
        query = select(RULINGS).where(*of_pull(RULINGS, ref))
        ordered = query.order_by(RULINGS.c.ruled_at, RULINGS.c.source)
        with self._database.read() as connection:
            return [_ruling(row) for row in connection.execute(ordered).mappings()]

    def keep_reply(self, key: str, text: str) -> None:
        """Store the answer to a mention; the same key again replaces it."""
        with self._database.write() as connection:
            _upsert(connection, REPLIES, {"key": key, "text": text}, {"text": text})

    def reply(self, key: str) -> str | None:
        """A stored answer, or None."""
        with self._database.read() as connection:
            return connection.execute(
                select(REPLIES.c.text).where(REPLIES.c.key == key)
            ).scalar_one_or_none()

    def forget(
        self, installation: InstallationId, repositories: Sequence[RepositoryId] = ()
    ) -> int:
        """Delete all records of an installation, or of some of its repositories.

        Returns the number of deleted reviews; findings, steps, replies and rulings go with them.
        """
        where = of_installation(REVIEWS, installation, repositories)
        prefixes = [f"{installation}/{number}/" for number in repositories] or [f"{installation}/"]
        with self._database.write() as connection:
            gone = connection.execute(delete(REVIEWS).where(*where)).rowcount
            for prefix in prefixes:
                connection.execute(delete(REPLIES).where(REPLIES.c.key.startswith(prefix)))
            ruled = of_installation(RULINGS, installation, repositories)
            connection.execute(delete(RULINGS).where(*ruled))
        return gone


def _identity(pull: PullRequest) -> dict[str, Any]:
    name = pull.ref.repository.full_name
    return {**pull_owner(pull.ref), "repository": name, "head": pull.head}


def _ruling(row: RowMapping) -> Ruling:
    return Ruling(row["finding"], row["kind"], row["reason"], row["person"], row["source"])


def _finding(key: str, position: int, finding: Finding) -> dict[str, Any]:
    return {
        "review_key": key,
        "position": position,
        "finding_id": finding.id,
        "fingerprint": finding.fingerprint,
        "path": finding.path,
        "line": finding.line,
        "severity": finding.severity.value,
        "category": finding.category.value,
        "origin": finding.origin.value,
        "confidence": finding.confidence,
        "fate": "" if finding.fate is None else finding.fate.value,
        "reason": finding.reason,
        "title": finding.title,
    }


def _upsert(
    connection: Connection, table: Table, values: dict[str, Any], update: dict[str, Any]
) -> None:
    """Insert, or update where the key exists: one statement, so two processes cannot collide."""
    statement = insert_or(connection, table).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=update))


def insert_or(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """The dialect's own insert, which knows what to do where the key exists."""
    if connection.dialect.name != "postgresql":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # here: a worker on SQLite saves its memory

    return postgresql.insert(table)


def _forgotten(key: str) -> InstallationGone:
    return InstallationGone(
        f"the record {key!r} does not exist (any more): it was deleted when the App was removed"
    )
