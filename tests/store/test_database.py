"""The database: its schema, its versions, and what it says when it cannot be used."""

from __future__ import annotations

import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from bot.errors import SettingError, StoreUnavailable
from bot.store.database import open_database
from bot.store.migrations import MIGRATIONS, migrate
from bot.store.tables import METADATA
from tests.store.conftest import POSTGRES


def test_the_migrations_make_the_tables_that_the_code_declares(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with engine.begin() as connection:
        assert migrate(connection) == 0
        made = inspect(connection)
        for table in METADATA.sorted_tables:
            columns = {
                column["name"]: column["nullable"] for column in made.get_columns(table.name)
            }
            declared = {column.name: column.nullable for column in table.columns}
            keys = {column.name for column in table.primary_key}
            # SQLite calls a single TEXT key nullable; it is not what the comparison is about.
            assert {name: columns[name] for name in columns if name not in keys} == {
                name: declared[name] for name in declared if name not in keys
            }
            assert made.get_pk_constraint(table.name)["constrained_columns"] == [
                column.name for column in table.primary_key
            ]
    engine.dispose()


def test_a_database_of_an_earlier_version_is_brought_forward_once(tmp_path: Path) -> None:
    later = (*MIGRATIONS, ("ALTER TABLE replies ADD COLUMN place TEXT",))
    with closing(open_database("", tmp_path)) as database:
        with database.write() as connection:
            connection.execute(text("INSERT INTO replies VALUES ('k', 'kept')"))
        with database.write() as connection:
            assert migrate(connection, later) == len(MIGRATIONS)
        with database.write() as connection:
            assert migrate(connection, later) == len(later)
            rows = connection.execute(text("SELECT key, text, place FROM replies")).all()
    assert [tuple(row) for row in rows] == [("k", "kept", None)]


def test_a_failed_migration_leaves_nothing_behind(tmp_path: Path) -> None:
    broken = (*MIGRATIONS, ("CREATE TABLE half (x BIGINT)", "ALTER TABLE nothing ADD COLUMN y"))
    with closing(open_database("", tmp_path)) as database:
        with pytest.raises(StoreUnavailable), database.write() as connection:
            migrate(connection, broken)
        with database.read() as connection:
            assert not inspect(connection).has_table("half")


def test_a_database_that_a_later_program_brought_forward_meanwhile_is_refused(
    tmp_path: Path,
) -> None:
    """A worker holds it open for hours, and a new version may be started beside it."""
    with closing(open_database("", tmp_path)) as database:
        database.bring_forward()
        with database.write() as connection:
            connection.execute(text("INSERT INTO schema_version VALUES (1000)"))
        with pytest.raises(SettingError, match="the database has schema 1000"):
            database.bring_forward()


def test_a_database_of_a_later_version_is_refused_in_words(tmp_path: Path) -> None:
    with closing(open_database("", tmp_path)) as database, database.write() as connection:
        connection.execute(text("INSERT INTO schema_version VALUES (9)"))
    with pytest.raises(SettingError) as refused:
        open_database("", tmp_path)
    assert str(refused.value) == (
        "PLUMBLINE_DATABASE_URL: the database has schema 9, this program knows "
        f"{len(MIGRATIONS)}. Update Plumbline, or name another database."
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("hunter2", "it is not a database URL"),
        ("mysql://u:hunter2@h/n", "'mysql' is not supported"),
        (
            "postgresql+nodriver://u:hunter2@h/n",
            "the driver 'postgresql+nodriver' is not installed",
        ),
    ],
)
def test_an_unusable_url_is_named_without_its_password(url: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError) as refused:
        open_database(url, tmp_path)
    assert str(refused.value) == (
        f"PLUMBLINE_DATABASE_URL: {said}. "
        "Give postgresql+psycopg://user:password@host/name, or leave it empty for SQLite."
    )


def test_a_server_that_does_not_answer_may_answer_later(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable) as refused:
        open_database("postgresql://u:hunter2@127.0.0.1:9/n", tmp_path)
    assert str(refused.value).startswith(
        "the database postgresql+psycopg://u:***@127.0.0.1:9/n refused: "
    )
    assert "hunter2" not in str(refused.value)


def test_the_folder_is_the_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    open_database("", folder).close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_whoever_waits_for_an_answer_waits_only_so_long_for_a_lock(tmp_path: Path) -> None:
    with (
        closing(open_database("", tmp_path)) as writer,
        closing(open_database("", tmp_path, patience_seconds=0.05)) as reader,
        writer.write(),
    ):
        with pytest.raises(StoreUnavailable, match="database is locked"), reader.write():
            pass
        with reader.read() as connection:
            assert connection.execute(text("SELECT count(*) FROM reviews")).scalar() == 0


@pytest.mark.skipif(not POSTGRES, reason="TEST_POSTGRES_URL names no PostgreSQL to test against")
def test_whoever_waits_for_an_answer_waits_only_so_long_for_a_statement(tmp_path: Path) -> None:
    with (
        closing(open_database(POSTGRES, tmp_path, patience_seconds=0.2)) as database,
        pytest.raises(StoreUnavailable, match="statement timeout"),
        database.read() as connection,
    ):
        connection.execute(text("SELECT pg_sleep(20)"))
