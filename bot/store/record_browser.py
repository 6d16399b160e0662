"""Pages of the records: what a person at a browser reads, piece by piece. Every read is bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, select

from bot.domain.pull_request import RepositoryRef
from bot.domain.review import Review
from bot.domain.review_json import record_from_json
from bot.store.database import Database
from bot.store.learning_rows import repository_ref
from bot.store.review_rows import ReviewRow, begins, review_rows
from bot.store.stored_usage import usage_of, usage_text
from bot.store.tables import LEARNINGS, REVIEWS, STEPS

NEWEST_REVIEWS = 5_000
"""The list of repositories is made of so many: an index leads to them, however many there are."""

MOST_TAUGHT = 5_000
"""Repositories that were taught something."""

MOST_STEPS = 500
"""Of one attempt; a deep review makes some two hundred."""

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class KnownRepository:
    """A repository that was reviewed or taught. `last_at` is None where no review is on record."""

    ref: RepositoryRef
    reviews: int = 0
    last_at: datetime | None = None
    learnings: int = 0


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step without its texts. Tokens are None where no model answered."""

    number: int
    kind: str
    name: str
    prompt_version: str
    seconds: float
    input_tokens: int | None
    output_tokens: int | None

    @property
    def failed(self) -> bool:
        """A model was asked and did not answer."""
        return self.kind == "model" and self.input_tokens is None


@dataclass(frozen=True, slots=True)
class StepTexts:
    """What one step asked and what it was answered."""

    step: StepRow
    request: Mapping[str, Any]
    response: Mapping[str, Any]


class RecordBrowser:
    """Every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def repositories(self) -> Sequence[KnownRepository]:
        """Those of the newest reviews, the last first; then those that were taught only."""
        query = (
            select(
                REVIEWS.c.installation_id,
                REVIEWS.c.repository_id,
                REVIEWS.c.repository,
                REVIEWS.c.started_at,
            )
            .order_by(REVIEWS.c.started_at.desc())
            .limit(NEWEST_REVIEWS)
        )
        found: dict[tuple[int, int], KnownRepository] = {}
        with self._database.read() as connection:
            for row in connection.execute(query).mappings():
                new = KnownRepository(repository_ref(row), 0, row["started_at"])
                known = found.setdefault(_place(row), new)
                found[_place(row)] = replace(known, reviews=known.reviews + 1)
            for row in connection.execute(_taught()).mappings():
                known = found.get(_place(row)) or KnownRepository(repository_ref(row))
                found[_place(row)] = replace(known, learnings=row["learnings"])
        return list(found.values())

    def repository(self, installation: int, number: int) -> RepositoryRef | None:
        """The repository as its newest review saw it, else as it was taught first."""
        reviewed = (
            select(
                REVIEWS.c.installation_id,
                REVIEWS.c.repository_id,
                REVIEWS.c.repository,
                REVIEWS.c.inputs,
            )
            .where(*_of(REVIEWS, installation, number))
            .order_by(REVIEWS.c.started_at.desc())
        )
        taught = select(LEARNINGS).where(*_of(LEARNINGS, installation, number))
        first = taught.order_by(LEARNINGS.c.number).limit(1)
        with self._database.read() as connection:
            row = connection.execute(reviewed.limit(1)).mappings().first()
            if row is not None:
                private = row["inputs"].get("ref", {}).get("repository", {}).get("private", True)
                return replace(repository_ref(row), private=private)
            row = connection.execute(first).mappings().first()
            return None if row is None else repository_ref(row)

    def reviews(
        self, installation: int, repository: int, offset: int, limit: int
    ) -> Sequence[ReviewRow]:
        """The reviews of a repository, newest first."""
        newest = (
            select(REVIEWS.c.key)
            .where(*_of(REVIEWS, installation, repository))
            .order_by(REVIEWS.c.started_at.desc(), REVIEWS.c.key)
            .offset(offset)
            .limit(limit)
        )
        with self._database.read() as connection:
            return review_rows(connection, newest)

    def review(self, key: str) -> tuple[ReviewRow, Review | None] | None:
        """One review by its whole key, with its record where it was finished; None: no such."""
        with self._database.read() as connection:
            rows = review_rows(connection, select(REVIEWS.c.key).where(REVIEWS.c.key == key))
            if not rows:
                return None
            document = connection.execute(
                select(REVIEWS.c.document).where(REVIEWS.c.key == key)
            ).scalar_one()
        return rows[0], None if document is None else record_from_json(document)

    def find(self, name: str) -> Sequence[ReviewRow]:
        """The newest reviews that `plumbline trace show NAME` could mean, at most `MOST_FOUND`."""
        query = select(REVIEWS.c.key).where(begins(name)).order_by(REVIEWS.c.started_at.desc())
        with self._database.read() as connection:
            return review_rows(connection, query.limit(MOST_FOUND))

    def steps(self, key: str, attempt: int) -> Sequence[StepRow]:
        """The first steps of one attempt, at most `MOST_STEPS`, in order."""
        with self._database.read() as connection:
            query = _steps(connection, key, attempt).order_by(STEPS.c.number).limit(MOST_STEPS)
            return [_step_row(row) for row in connection.execute(query).mappings()]

    def step(self, key: str, attempt: int, number: int) -> StepTexts | None:
        """One step whole."""
        texts = select(STEPS.c.request, STEPS.c.response).where(
            STEPS.c.review_key == key, STEPS.c.attempt == attempt, STEPS.c.number == number
        )
        with self._database.read() as connection:
            query = _steps(connection, key, attempt).where(STEPS.c.number == number)
            row = connection.execute(query).mappings().one_or_none()
            if row is None:
                return None
            said = connection.execute(texts).one()
        return StepTexts(_step_row(row), said.request, said.response)


def _of(
    table: Any,  # noqa: ANN401
    installation: int,
    repository: int,
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.repository_id == repository, table.c.installation_id == installation


def _place(row: RowMapping) -> tuple[int, int]:
    return row["installation_id"], row["repository_id"]


def _taught() -> Select[*tuple[Any, ...]]:
    """How many learnings hold in each repository that has one."""
    keys = (LEARNINGS.c.installation_id, LEARNINGS.c.repository_id)
    name = func.max(LEARNINGS.c.repository).label("repository")
    held = select(*keys, name, func.count().label("learnings"))
    holds = held.where(LEARNINGS.c.forgotten_by == "")
    return holds.group_by(*keys).order_by(name).limit(MOST_TAUGHT)


def _steps(connection: Connection, key: str, attempt: int) -> Select[*tuple[Any, ...]]:
    return select(
        STEPS.c.number,
        STEPS.c.kind,
        STEPS.c.name,
        STEPS.c.prompt_version,
        STEPS.c.seconds,
        usage_text(connection, STEPS.c.response).label("usage"),
    ).where(STEPS.c.review_key == key, STEPS.c.attempt == attempt)


def _step_row(row: RowMapping) -> StepRow:
    values = dict(row)
    usage = usage_of(values.pop("usage"))
    tokens = usage if values["kind"] == "model" else {}
    return StepRow(
        **values,
        input_tokens=tokens.get("input_tokens"),
        output_tokens=tokens.get("output_tokens"),
    )
