"""Finding stored reviews again: what `plumbline trace` shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from bot.domain.conversation import Step
from bot.domain.finding import Fate
from bot.domain.review import Review
from bot.domain.review_json import record_from_json
from bot.errors import UserError
from bot.store.database import Database
from bot.store.tables import FINDINGS, REVIEWS, STEPS

_MOST_MATCHES = 10
"""Records that are named when a beginning does not tell which is meant."""


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """One stored review in a list. `status` is "running" until it was finished."""

    key: str
    repository: str
    number: int
    head: str
    status: str
    effort: str
    started_at: datetime
    finished_at: datetime | None
    published_at: datetime | None
    attempt: int
    title: str
    findings: int
    posted: int


@dataclass(frozen=True, slots=True)
class Record:
    """A stored review whole. `review` is None until it was finished.

    `steps` are the last attempt's. `inputs` is the pull request as it was read, code apart.
    """

    summary: RecordSummary
    inputs: Mapping[str, Any]
    review: Review | None
    steps: tuple[Step, ...]


class RecordSearch:
    """Reads the records; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, repository: str = "", limit: int = 20) -> Sequence[RecordSummary]:
        """The newest records first; `repository` is a full name, "" for all."""
        query = _summaries().order_by(REVIEWS.c.started_at.desc(), REVIEWS.c.key).limit(limit)
        if repository:
            query = query.where(func.lower(REVIEWS.c.repository) == repository.lower())
        with self._database.read() as connection:
            return [_summary(row) for row in connection.execute(query).mappings()]

    def record(self, name: str) -> Record:
        """The record of this key, or the only one whose key or head SHA begins with it.

        `HEAD/TRIGGER`, both of them beginnings, is the form that a review's footer shows.

        Raises:
            UserError: there is none, or more than one.
        """
        with self._database.read() as connection:
            summary = self._only(connection, name)
            steps = connection.execute(
                select(STEPS)
                .where(STEPS.c.review_key == summary.key, STEPS.c.attempt == summary.attempt)
                .order_by(STEPS.c.number)
            ).mappings()
            row = connection.execute(
                select(REVIEWS.c.inputs, REVIEWS.c.document).where(REVIEWS.c.key == summary.key)
            ).one()
            return Record(
                summary=summary,
                inputs=row.inputs,
                review=None if row.document is None else record_from_json(row.document),
                steps=tuple(_step(step) for step in steps),
            )

    def _only(self, connection: Connection, name: str) -> RecordSummary:
        exact = _summaries().where(REVIEWS.c.key == name)
        found = connection.execute(exact).mappings().all()
        if not found and name:
            newest = _summaries().where(begins(name)).order_by(REVIEWS.c.started_at.desc())
            query = newest.limit(_MOST_MATCHES + 1)
            found = connection.execute(query).mappings().all()
        if len(found) == 1:
            return _summary(found[0])
        if not found:
            raise UserError(
                f"no record begins with {name!r}. `plumbline trace list` shows the newest ones."
            )
        raise UserError(_several(name, [_summary(row) for row in found]))


def _several(name: str, found: Sequence[RecordSummary]) -> str:
    """Each with what tells it from the others, the newest first."""
    width = max(len(record.key) for record in found)
    matches = [
        f"  {record.key:<{width}}  {record.started_at:%Y-%m-%d %H:%M}  {record.status}"
        f"  {record.repository}#{record.number}"
        for record in found[:_MOST_MATCHES]
    ]
    if len(found) > _MOST_MATCHES:
        matches.append("  ... and older ones")
    return "\n".join((f"several records begin with {name!r}. Give one of these keys:", *matches))


def begins(name: str) -> ColumnElement[bool]:
    """Reviews whose key or head SHA begins with it, or with both parts of `HEAD/TRIGGER`."""
    head, slash, trigger = name.partition("/")
    of_head = REVIEWS.c.head.startswith(head.lower(), autoescape=True)
    if slash:
        of_head = and_(of_head, REVIEWS.c.key.contains(f"/{trigger}", autoescape=True))
    return or_(REVIEWS.c.key.startswith(name, autoescape=True), of_head)


def _summaries() -> Select[*tuple[Any, ...]]:
    candidates = select(func.count()).where(FINDINGS.c.review_key == REVIEWS.c.key)
    posted = candidates.where(FINDINGS.c.fate == Fate.POSTED.value)
    return select(
        REVIEWS.c.key,
        REVIEWS.c.repository,
        REVIEWS.c.number,
        REVIEWS.c.head,
        REVIEWS.c.status,
        REVIEWS.c.effort,
        REVIEWS.c.started_at,
        REVIEWS.c.finished_at,
        REVIEWS.c.published_at,
        REVIEWS.c.attempt,
        REVIEWS.c.inputs,
        candidates.scalar_subquery().label("findings"),
        posted.scalar_subquery().label("posted"),
    )


def _summary(row: Mapping[Any, Any]) -> RecordSummary:
    values = {str(name): value for name, value in row.items()}
    inputs = values.pop("inputs")
    return RecordSummary(**values, title=str(inputs.get("title", "")))


def _step(row: Mapping[Any, Any]) -> Step:
    values = cast("dict[str, Any]", row)
    return Step(
        kind=values["kind"],
        name=values["name"],
        request=values["request"],
        response=values["response"],
        seconds=values["seconds"],
        prompt_version=values["prompt_version"],
    )
