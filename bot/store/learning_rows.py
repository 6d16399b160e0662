"""What the tables of learnings hold, read as values of the domain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, func, select

from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.learning import Learning, Teaching
from bot.domain.pull_request import RepositoryRef
from bot.domain.record_codec import decode
from bot.store.row_owners import of_repository
from bot.store.tables import LEARNING_USES, LEARNINGS, TEACHINGS

_Key = tuple[int, int, int]


def learnings_of(connection: Connection, repository: RepositoryRef) -> list[Learning]:
    """Those of one repository that hold, by number."""
    return learnings(connection, *of_repository(LEARNINGS, repository))


def learnings(connection: Connection, *where: ColumnElement[bool]) -> list[Learning]:
    """Those that hold and fit, by repository and number."""
    holds = (LEARNINGS.c.forgotten_by == "", *where)
    order = (LEARNINGS.c.installation_id, LEARNINGS.c.repository_id, LEARNINGS.c.number)
    rows = connection.execute(select(LEARNINGS).where(*holds).order_by(*order)).mappings()
    teachings, uses = _teachings(connection, holds), _uses(connection, holds)
    keyed = ((_key(row), row) for row in rows)
    return [
        _learning(row, teachings[key], uses.get(key, (0, 0, "")))
        for key, row in keyed
        if key in teachings
    ]


def _key(row: RowMapping) -> _Key:
    return row["installation_id"], row["repository_id"], row["number"]


def _learning(
    row: RowMapping, teachings: Sequence[Teaching], uses: tuple[int, int, str]
) -> Learning:
    offered, silenced, last_used = uses
    return Learning(
        number=row["number"],
        text=row["text"],
        repository=repository_ref(row),
        teachings=tuple(teachings),
        promoted=row["promoted"],
        offered=offered,
        silenced=silenced,
        last_used=last_used,
    )


def _teachings(
    connection: Connection, holds: Sequence[ColumnElement[bool]]
) -> dict[_Key, list[Teaching]]:
    query = (
        select(TEACHINGS)
        .join(LEARNINGS, _joined(TEACHINGS))
        .where(*holds, TEACHINGS.c.taken_back.is_(False))
        .order_by(TEACHINGS.c.taught_at, TEACHINGS.c.source)
    )
    found: dict[_Key, list[Teaching]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(_key(row), []).append(decode(Teaching, row["teaching"]))
    return found


def _uses(
    connection: Connection, holds: Sequence[ColumnElement[bool]]
) -> dict[_Key, tuple[int, int, str]]:
    """How many reviews were given each, in how many it silenced something, and the last day."""
    keys = (
        LEARNING_USES.c.installation_id,
        LEARNING_USES.c.repository_id,
        LEARNING_USES.c.number,
    )
    silenced = func.sum(case((LEARNING_USES.c.silenced, 1), else_=0))
    last = func.max(LEARNING_USES.c.used_at)
    query = (
        select(*keys, func.count(), silenced, last)
        .join(LEARNINGS, _joined(LEARNING_USES))
        .where(*holds)
        .group_by(*keys)
    )
    return {
        (installation, repository, number): (offered, int(silences), _day(day))
        for installation, repository, number, offered, silences, day in connection.execute(query)
    }


def _joined(table: Any) -> ColumnElement[bool]:  # noqa: ANN401
    return and_(
        table.c.installation_id == LEARNINGS.c.installation_id,
        table.c.repository_id == LEARNINGS.c.repository_id,
        table.c.number == LEARNINGS.c.number,
    )


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def repository_ref(row: RowMapping) -> RepositoryRef:
    """The repository that a row names; private where the table does not say."""
    return RepositoryRef(
        RepositoryId(row["repository_id"]),
        row["repository"],
        InstallationId(row["installation_id"]) if row["installation_id"] else None,
        bool(row.get("private", True)),
    )
