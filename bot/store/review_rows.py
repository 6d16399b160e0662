"""A stored review as one row of a list: the few fields that are shown of it.

A record holds whole files and prompts; here the database picks what is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, or_, select

from bot.domain.finding import Fate
from bot.store.stored_usage import usage_of, usage_text
from bot.store.tables import FINDINGS, REVIEWS


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review in a list. `status` is "running" until it was finished.

    `fates` counts findings by fate; `seconds` and `cost_usd` are None where nobody knows them.
    """

    key: str
    installation: int
    repository_id: int
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
    seconds: float | None
    cost_usd: float | None
    fates: Mapping[str, int] = field(default_factory=dict)

    @property
    def findings(self) -> int:
        """How many were found, whatever became of them."""
        return sum(self.fates.values())

    @property
    def posted(self) -> int:
        """How many of them were posted, or shown where nothing is posted."""
        return self.fates.get(Fate.POSTED.value, 0)


def review_rows(connection: Connection, keys: Select[str]) -> Sequence[ReviewRow]:
    """The reviews of which `keys` selects the keys, in its order.

    The keys are read first: the documents of no other row are opened, for they are large.
    """
    asked = connection.execute(keys).scalars().all()
    query = _columns(connection).where(REVIEWS.c.key.in_(asked))
    rows = {row["key"]: row for row in connection.execute(query).mappings()}
    fates = _fates(connection, asked)
    return [_row(rows[key], fates.get(key, {})) for key in asked if key in rows]


def begins(name: str) -> ColumnElement[bool]:
    """Reviews whose key or head SHA begins with it, or with both parts of `HEAD/TRIGGER`."""
    head, slash, trigger = name.partition("/")
    of_head = REVIEWS.c.head.startswith(head.lower(), autoescape=True)
    if slash:
        of_head = and_(of_head, REVIEWS.c.key.contains(f"/{trigger}", autoescape=True))
    return or_(REVIEWS.c.key.startswith(name, autoescape=True), of_head)


def _row(row: RowMapping, fates: Mapping[str, int]) -> ReviewRow:
    values = dict(row)
    title = str(values.pop("inputs").get("title", ""))
    usage = usage_of(values.pop("usage"))
    return ReviewRow(
        **values,
        title=title,
        seconds=usage.get("seconds"),
        cost_usd=usage.get("cost_usd"),
        fates=fates,
    )


def _columns(connection: Connection) -> Select[*tuple[Any, ...]]:
    return select(
        REVIEWS.c.key,
        REVIEWS.c.installation_id.label("installation"),
        REVIEWS.c.repository_id,
        REVIEWS.c.repository,
        REVIEWS.c.number,
        REVIEWS.c.head,
        REVIEWS.c.status,
        REVIEWS.c.effort,
        REVIEWS.c.started_at,
        REVIEWS.c.finished_at,
        REVIEWS.c.published_at,
        REVIEWS.c.attempt,
        # Whole: a database cannot make text of a title that holds half a surrogate pair.
        REVIEWS.c.inputs,
        usage_text(connection, REVIEWS.c.document).label("usage"),
    )


def _fates(connection: Connection, keys: Sequence[str]) -> dict[str, dict[str, int]]:
    query = (
        select(FINDINGS.c.review_key, FINDINGS.c.fate, func.count())
        .where(FINDINGS.c.review_key.in_(keys))
        .group_by(FINDINGS.c.review_key, FINDINGS.c.fate)
    )
    counts: dict[str, dict[str, int]] = {}
    for key, fate, count in connection.execute(query):
        counts.setdefault(key, {})[fate] = count
    return counts
