"""What people taught, in the database: `ports.Learnings`, and what its keeper needs beside it.

A learning that is forgotten leaves its number and the names of the comments that taught it, so that
neither comes again; its words and people are deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, text, update

from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.learning import (
    MOST_LEARNINGS,
    Learning,
    Taught,
    Teaching,
    one_line,
    sameness,
    visible_in,
)
from bot.domain.pull_request import RepositoryRef
from bot.domain.record_codec import encode
from bot.errors import UserError
from bot.store.database import Database
from bot.store.learning_rows import learnings, learnings_of, repository_ref
from bot.store.records import insert_or, now_utc
from bot.store.row_owners import of_installation, of_neighbours, of_repository, owner
from bot.store.tables import LEARNING_USES, LEARNINGS, REVIEWS, TEACHINGS

TO_MAKE_ROOM = "to make room"
"""What a learning was forgotten by when a newer one took its place."""


class SqlLearnings:
    """`ports.Learnings` over a `Database`. Every method raises StoreUnavailable."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime] = now_utc,
        most: int = MOST_LEARNINGS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._most = most

    def teach(self, repository: RepositoryRef, words: str, teaching: Teaching) -> Taught:
        """Keep it; the same source again changes nothing, the same words join what is known."""
        said, now = one_line(words), self._clock()
        teaching = replace(teaching, date=now.astimezone(UTC).date().isoformat())
        with self._database.write() as connection:
            _one_at_a_time(connection, repository)
            number = _taught_by(connection, repository, teaching.source)
            if number is not None:
                return Taught(_again(connection, repository, number, said, teaching))
            held = learnings_of(connection, repository)
            same = next((one for one in held if sameness(one.text) == sameness(said)), None)
            left = None
            if same is None:
                left = _make_room(connection, held, self._most)
                number = _begin(connection, repository, said)
            else:
                number = same.number
            _add(connection, repository, number, teaching, now)
            learning = _again(connection, repository, number, said, teaching)
            return Taught(learning, known=same is not None, left=left)

    def known(self, repository: RepositoryRef) -> Sequence[Learning]:
        """Its own by number, then what was promoted and may be told here."""
        installation = of_neighbours(LEARNINGS, repository)
        own = LEARNINGS.c.repository_id == repository.id
        with self._database.read() as connection:
            found = learnings(connection, installation, or_(own, LEARNINGS.c.promoted))
        told = (learning for learning in found if visible_in(learning, repository))
        return sorted(told, key=lambda one: one.repository.id != repository.id)

    def forget(self, repository: RepositoryRef, number: int, source: str) -> bool:
        """End a learning. False: there is none, or something other than `source` ended it."""
        with self._database.write() as connection:
            return _end(connection, repository, number, source)

    def take_back(self, repository: RepositoryRef, pull: int, finding: str) -> Sequence[int]:
        """Take back what a finding taught; the numbers of the learnings that went with it."""
        where = (TEACHINGS.c.pull == pull, TEACHINGS.c.finding == finding)
        with self._database.write() as connection:
            _one_at_a_time(connection, repository)
            rows = select(TEACHINGS.c.number).where(*of_repository(TEACHINGS, repository), *where)
            numbers = sorted(set(connection.execute(rows).scalars()))
            taken = update(TEACHINGS).where(*of_repository(TEACHINGS, repository), *where)
            connection.execute(taken.values(taken_back=True))
            held = {learning.number for learning in learnings_of(connection, repository)}
            source = f"reopened {pull}/{finding}"
            left = (number for number in numbers if number not in held)
            return [one for one in left if _end(connection, repository, one, source)]

    def promote(self, repository: RepositoryRef, number: int, promoted: bool) -> bool:
        """Make a learning the installation's, or its repository's alone again; False: none there.

        Raises:
            UserError: the installation has as many as one repository may have.
        """
        here = (*_here(LEARNINGS, repository, number), LEARNINGS.c.forgotten_by == "")
        everywhere = (of_neighbours(LEARNINGS, repository), LEARNINGS.c.promoted)
        with self._database.write() as connection:
            count = select(func.count()).select_from(LEARNINGS).where(*everywhere)
            if promoted and connection.execute(count).scalar_one() >= self._most:
                raise UserError(
                    f"{self._most} learnings of this installation are promoted already;"
                    " forget one, or take one back with `--undo`."
                )
            changed = connection.execute(update(LEARNINGS).where(*here).values(promoted=promoted))
            return bool(changed.rowcount)

    def used(
        self, review_key: str, offered: Sequence[Learning], silenced: Collection[Learning]
    ) -> None:
        """Note that a review was given these; made again under its key, it is noted once."""
        now, quieted = self._clock(), {learning.key for learning in silenced}
        with self._database.write() as connection:
            for learning in offered:
                values = {
                    **owner(learning.repository),
                    "number": learning.number,
                    "review_key": review_key,
                    "silenced": learning.key in quieted,
                    "used_at": now,
                }
                noted = insert_or(connection, LEARNING_USES).values(values)
                keys = [column.name for column in LEARNING_USES.primary_key]
                again = {"silenced": values["silenced"]}
                connection.execute(noted.on_conflict_do_update(index_elements=keys, set_=again))

    def everywhere(self) -> Sequence[Learning]:
        """All that hold, of every installation and repository."""
        with self._database.read() as connection:
            return learnings(connection)

    def of(self, repository: RepositoryRef) -> Sequence[Learning]:
        """What this repository was taught, whatever it was called then."""
        with self._database.read() as connection:
            return learnings_of(connection, repository)

    def repository_named(self, full_name: str) -> RepositoryRef:
        """The newest repository of this name that was reviewed or taught; private if not known.

        Raises:
            UserError: none was.
        """
        for table in (LEARNINGS, REVIEWS):
            newest = table.c.number if table is LEARNINGS else REVIEWS.c.started_at
            query = (
                select(table)
                .where(func.lower(table.c.repository) == full_name.lower())
                .where(table.c.installation_id != 0)
                .order_by(table.c.installation_id.desc(), newest.desc())
                .limit(1)
            )
            with self._database.read() as connection:
                row = connection.execute(query).mappings().first()
            if row is not None:
                return repository_ref(row)
        raise UserError(
            f"{full_name!r} is not known here: neither a review nor a learning of it is on record."
            " Give OWNER/NAME of a repository that has the App."
        )

    def forget_all(
        self, installation: InstallationId, repositories: Sequence[RepositoryId] = ()
    ) -> None:
        """Delete everything that an installation, or some of its repositories, taught."""
        with self._database.write() as connection:
            for table in (LEARNINGS, TEACHINGS, LEARNING_USES):
                where = of_installation(table, installation, repositories)
                connection.execute(delete(table).where(*where))


def _one_at_a_time(connection: Connection, repository: RepositoryRef) -> None:
    """Two who teach one repository: the second waits. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:repository)")
        connection.execute(lock, {"repository": -repository.id})


def _here(
    table: Any,  # noqa: ANN401
    repository: RepositoryRef,
    number: int,
) -> tuple[ColumnElement[bool], ...]:
    return (*of_repository(table, repository), table.c.number == number)


def _taught_by(connection: Connection, repository: RepositoryRef, source: str) -> int | None:
    where = (*of_repository(TEACHINGS, repository), TEACHINGS.c.source == source)
    return connection.execute(select(TEACHINGS.c.number).where(*where)).scalar_one_or_none()


def _again(
    connection: Connection, repository: RepositoryRef, number: int, said: str, teaching: Teaching
) -> Learning:
    """The learning as it holds now; as it was said where it was forgotten since."""
    held = (one for one in learnings_of(connection, repository) if one.number == number)
    return next(held, None) or Learning(number, said, repository, (teaching,))


def _make_room(connection: Connection, held: Sequence[Learning], most: int) -> Learning | None:
    """The oldest that was never given to a review goes first, then the one used longest ago."""
    if len(held) < most:
        return None
    left = min(held, key=lambda one: (one.offered > 0, one.last_used, one.number))
    _end(connection, left.repository, left.number, TO_MAKE_ROOM)
    return left


def _begin(connection: Connection, repository: RepositoryRef, said: str) -> int:
    newest = select(func.max(LEARNINGS.c.number)).where(*of_repository(LEARNINGS, repository))
    number = int(connection.execute(newest).scalar() or 0) + 1
    values = {
        **owner(repository),
        "number": number,
        "repository": repository.full_name,
        "private": repository.private,
        "text": said,
        "promoted": False,
        "forgotten_by": "",
    }
    connection.execute(insert(LEARNINGS).values(values))
    return number


def _add(
    connection: Connection,
    repository: RepositoryRef,
    number: int,
    teaching: Teaching,
    now: datetime,
) -> None:
    values = {
        **owner(repository),
        "source": teaching.source,
        "number": number,
        "pull": teaching.pull,
        "finding": teaching.finding,
        "taken_back": False,
        "taught_at": now,
        "teaching": encode(teaching),
    }
    connection.execute(insert(TEACHINGS).values(values))
    if repository.private:
        learning = update(LEARNINGS).where(*_here(LEARNINGS, repository, number))
        connection.execute(learning.values(private=True))


def _end(connection: Connection, repository: RepositoryRef, number: int, source: str) -> bool:
    """Whether it is this source that ended it, now or before."""
    query = select(LEARNINGS.c.forgotten_by).where(*_here(LEARNINGS, repository, number))
    ended = connection.execute(query).scalar_one_or_none()
    if ended != "":
        return ended == source
    rows = update(LEARNINGS).where(*_here(LEARNINGS, repository, number))
    connection.execute(rows.values(forgotten_by=source, text="", promoted=False))
    teachings = update(TEACHINGS).where(*_here(TEACHINGS, repository, number))
    connection.execute(teachings.values(taken_back=True, teaching={}))
    uses = delete(LEARNING_USES).where(*_here(LEARNING_USES, repository, number))
    connection.execute(uses)
    return True
