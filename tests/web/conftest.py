"""A receiver with pages, as its own process, over a real Valkey and a database in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.store.database import Database, open_database
from tests.fakes.receiver import SECRET, Receiver, running_receiver
from tests.fakes.valkey import Valkey, shared_valkey
from tests.web.filed import Filed
from tests.web.visitor import PASSWORD, Visitor

__all__ = ["shared_valkey"]


@pytest.fixture(scope="module")
def receiver(shared_valkey: Valkey) -> Iterator[Receiver]:
    with running_receiver(
        shared_valkey.data_dir, PLUMBLINE_WEBHOOK_SECRET=SECRET, PLUMBLINE_WEB_PASSWORD=PASSWORD
    ) as running:
        yield running


@pytest.fixture(scope="module")
def database(shared_valkey: Valkey) -> Iterator[Database]:
    """The receiver's."""
    with closing(open_database("", shared_valkey.data_dir)) as opened:
        yield opened


@pytest.fixture
def filed(database: Database) -> Filed:
    """Somebody who puts reviews and learnings on record."""
    return Filed(database)


@pytest.fixture
def stranger(receiver: Receiver, shared_valkey: Valkey) -> Visitor:
    """Somebody without the password; nobody has tried one yet."""
    with shared_valkey.client() as store:
        store.flushall()
    return Visitor(receiver.port)


@pytest.fixture
def visitor(stranger: Visitor) -> Visitor:
    """Somebody who is signed in."""
    assert stranger.sign_in().status == 303
    return stranger
