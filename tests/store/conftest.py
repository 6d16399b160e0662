"""Real servers, and both kinds of database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store.database import Database, open_database
from bot.store.tables import METADATA
from tests.fakes.valkey import shared_valkey, valkey

__all__ = ["database", "shared_valkey", "valkey"]

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")


DATABASES = ("sqlite", "postgresql")


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty one: SQLite in a folder, PostgreSQL where the environment names one."""
    with empty_database(request.param, tmp_path) as opened:
        yield opened


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[Database]:
    """One of `DATABASES`; skips the test where it is not there."""
    if kind == "postgresql" and not POSTGRES:
        pytest.skip("TEST_POSTGRES_URL names no PostgreSQL to test against")
    with closing(open_database(POSTGRES if kind == "postgresql" else "", folder)) as opened:
        if kind == "postgresql":
            with opened.write() as connection:
                connection.execute(text(f"TRUNCATE {', '.join(METADATA.tables)}"))
        yield opened
