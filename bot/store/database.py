"""The database of records: SQLite (WAL) in the data folder, or what PLUMBLINE_DATABASE_URL names.

Safe from several threads and processes: writers queue for SQLite's lock when they begin
(https://www.sqlite.org/lang_transaction.html#immediate), never in the middle of a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
    TimeoutError,
)

from bot.errors import SettingError, StoreUnavailable
from bot.store.migrations import migrate

_BUSY_SECONDS = 30
_KEY = "PLUMBLINE_DATABASE_URL"


class Database:
    """One engine; `read` and `write` are the only ways in."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(plumbline_write=True)

    @property
    def place(self) -> str:
        """Where the records are, without a password: for messages."""
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state. Raises StoreUnavailable."""
        with self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction, rolled back on an exception. Raises StoreUnavailable."""
        with self._translated(), self._writer.begin() as connection:
            yield connection

    def bring_forward(self) -> None:
        """Make the tables what this program expects.

        Raises:
            SettingError: a later program has brought them further.
            StoreUnavailable: the database does not answer.
        """
        with self.write() as connection:
            migrate(connection)

    def close(self) -> None:
        """Close every pooled connection."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except (OperationalError, TimeoutError) as error:
            raise StoreUnavailable(
                f"the database {self.place} refused: {_reason(error)}"
            ) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreUnavailable(f"the database {self.place} is gone") from error
            raise


def open_database(
    database_url: str, data_dir: Path, patience_seconds: float | None = None
) -> Database:
    """Open (and create or bring forward) the database. An empty URL is SQLite in the data folder.

    With `patience_seconds` no connection, lock or statement is waited for longer: for a process
    in which somebody waits for the answer.

    Raises:
        SettingError: the URL cannot be used, or the database is of a later version.
        StoreUnavailable: the database does not answer.
    """
    url = _url(database_url) if database_url else _embedded(data_dir)
    database = Database(_engine(url, patience_seconds))
    try:
        database.bring_forward()
    except BaseException:
        database.close()
        raise
    return database


def _url(value: str) -> URL:
    try:
        url = make_url(value)
    except ArgumentError as error:
        # The value is not shown: it may hold a password.
        raise _unusable("it is not a database URL") from error
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("postgresql", "sqlite"):
        raise _unusable(f"{url.drivername!r} is not supported")
    return url


def _unusable(problem: str) -> SettingError:
    example = "postgresql+psycopg://user:password@host/name"
    return SettingError(_KEY, problem, f"Give {example}, or leave it empty for SQLite.")


def _embedded(data_dir: Path) -> URL:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            "PLUMBLINE_DATA_DIR", f"{str(data_dir)!r} cannot be made ({error})", "Name a folder."
        ) from error
    return URL.create("sqlite", database=str(data_dir / "records.sqlite"))


def _engine(url: URL, patience_seconds: float | None) -> Engine:
    options: dict[str, Any] = {"json_serializer": to_json}
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite:
        options["connect_args"] = {"timeout": patience_seconds or _BUSY_SECONDS}
    else:
        options["pool_pre_ping"] = True
    if patience_seconds is not None:
        options["pool_timeout"] = patience_seconds
        if not sqlite:
            options["connect_args"] = _patience(url, patience_seconds)
    try:
        engine = create_engine(url, **options)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise _unusable(f"the driver {url.drivername!r} is not installed") from error
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _patience(url: URL, seconds: float) -> dict[str, Any]:
    """The URL's own `options` are kept.

    https://www.postgresql.org/docs/current/libpq-connect.html
    """
    given = url.query.get("options", "")
    limit = f"-c statement_timeout={int(seconds * 1000)}"
    return {"connect_timeout": max(2, int(seconds)), "options": f"{given} {limit}".strip()}


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI object
    # The driver must not open transactions by itself, or BEGIN IMMEDIATE comes too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("plumbline_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def to_json(value: object) -> str:
    """JSON text that PostgreSQL accepts too: NaN and infinities become null."""
    try:
        return json.dumps(value, allow_nan=False)
    except ValueError:
        return json.dumps(json.loads(json.dumps(value), parse_constant=lambda _: None))


def _reason(error: OperationalError | TimeoutError) -> str:
    origin = getattr(error, "orig", None) or error
    return str(origin).strip().partition("\n")[0]
