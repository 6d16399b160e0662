"""The guard of tests/conftest.py, held against itself."""

from __future__ import annotations

import os
import socket

import pytest

from tests.conftest import NetworkReached


def test_a_foreign_address_is_refused_before_a_packet_leaves() -> None:
    with socket.socket() as connection, pytest.raises(NetworkReached, match=r"192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 80))


def test_a_foreign_name_is_not_even_looked_up() -> None:
    with pytest.raises(NetworkReached, match=r"api\.openai\.com"):
        socket.create_connection(("api.openai.com", 443))


def test_this_machine_may_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as connection,
    ):
        assert connection.getpeername() == server.getsockname()


def test_no_setting_of_whoever_runs_the_tests_leaks_in() -> None:
    foreign = ("OPENAI_", "PLUMBLINE_", "GITHUB_")
    assert [name for name in os.environ if name.startswith(foreign)] == []
