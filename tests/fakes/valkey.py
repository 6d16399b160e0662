"""A real Valkey in a folder of the test, with the command line that the program itself uses."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bot.store.connection import connect
from bot.store.embedded import embedded_url, server_command


class Valkey:
    """One server; it can be killed and started again on the same data."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir, self.url = data_dir, embedded_url(data_dir)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers, also while it reads its file back."""
        self._process = subprocess.Popen(server_command(self.data_dir), stdout=subprocess.DEVNULL)
        until(self._answers, seconds=20)

    def kill(self) -> None:
        """As a crash would: SIGKILL."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def client(self) -> redis.Redis:
        """A client of its own."""
        return connect(self.url)

    def _answers(self) -> bool:
        with connect(self.url, seconds=1) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


def until(condition: object, seconds: float = 20.0) -> None:
    """Wait until a condition holds. Raises AssertionError when it does not in time."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not so within {seconds} s: {condition!r}")
        time.sleep(0.02)


@pytest.fixture(scope="module")
def shared_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """One server for the tests of a file."""
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def valkey(shared_valkey: Valkey) -> Iterator[redis.Redis]:
    """An empty store."""
    with shared_valkey.client() as client:
        client.flushall()
        yield client
