"""Finding stored reviews again: what `plumbline trace` shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Select, func, select

from bot.domain.conversation import Step
from bot.domain.review import Review
from bot.domain.review_json import record_from_json
from bot.errors import UserError
from bot.store.database import Database
from bot.store.review_rows import ReviewRow, begins, review_rows
from bot.store.tables import REVIEWS, STEPS

_MOST_MATCHES = 10
"""Records that are named when a beginning does not tell which is meant."""


@dataclass(frozen=True, slots=True)
class Record:
    """A stored review whole. `review` is None until it was finished.

    `steps` are the last attempt's. `inputs` is the pull request as it was read, code apart.
    """

    summary: ReviewRow
    inputs: Mapping[str, Any]
    review: Review | None
    steps: tuple[Step, ...]


class RecordSearch:
    """Reads the records; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, repository: str = "", limit: int = 20) -> Sequence[ReviewRow]:
        """The newest records first; `repository` is a full name, "" for all."""
        keys = _newest().limit(limit)
        if repository:
            keys = keys.where(func.lower(REVIEWS.c.repository) == repository.lower())
        with self._database.read() as connection:
            return review_rows(connection, keys)

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

    def _only(self, connection: Connection, name: str) -> ReviewRow:
        found = review_rows(connection, _newest().where(REVIEWS.c.key == name))
        if not found and name:
            keys = _newest().where(begins(name)).limit(_MOST_MATCHES + 1)
            found = review_rows(connection, keys)
        if len(found) == 1:
            return found[0]
        if not found:
            raise UserError(
                f"no record begins with {name!r}. `plumbline trace list` shows the newest ones."
            )
        raise UserError(_several(name, found))


def _newest() -> Select[str]:
    return select(REVIEWS.c.key).order_by(REVIEWS.c.started_at.desc(), REVIEWS.c.key)


def _several(name: str, found: Sequence[ReviewRow]) -> str:
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
