"""The server of our own: nothing acknowledged is lost, and it listens for nobody else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.domain.jobs import PublishReview
from bot.errors import SettingError, StoreUnavailable
from bot.store.embedded import (
    embedded_url,
    server_binary,
    server_command,
    socket_path,
    stop_left_over,
    wait_until_up,
)
from bot.store.queue import RedisQueue
from tests.fakes.pulls import PULL
from tests.fakes.valkey import Valkey


def test_a_kill_right_after_enqueuing_loses_nothing(tmp_path: Path) -> None:
    server = Valkey(tmp_path)
    server.start()
    with server.client() as client:
        for number in range(200):
            RedisQueue(client).enqueue(PublishReview(PULL, f"review {number}"))
    server.kill()
    server.start()
    with server.client() as client:
        assert client.llen("rq:queue:publish") == 200
    server.kill()


def test_it_keeps_what_it_is_given_and_opens_no_port(tmp_path: Path) -> None:
    server = Valkey(tmp_path)
    server.start()
    with server.client() as client:
        names = ["appendonly", "maxmemory-policy", "port", "save"]
        found = {name: client.config_get(name)[name] for name in names}
    server.kill()
    assert found == {
        "appendonly": "yes",
        "maxmemory-policy": "noeviction",
        "port": "0",
        "save": "",
    }
    assert socket_path(tmp_path).parent.stat().st_mode & 0o077 == 0


def test_a_server_that_outlived_its_supervisor_is_stopped(tmp_path: Path) -> None:
    server = Valkey(tmp_path)
    server.start()
    assert stop_left_over(tmp_path) is True
    assert stop_left_over(tmp_path) is False
    server.kill()


def test_a_deep_data_folder_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("deep/" * 30)
    deep.mkdir(parents=True)
    path = socket_path(deep)
    assert len(os.fsencode(path)) <= 100
    assert path == socket_path(deep) != socket_path(deep / "other")
    path.parent.rmdir()
    socket_path(deep / "other").parent.rmdir()


def test_a_short_socket_in_a_folder_of_others_is_refused(tmp_path: Path) -> None:
    deep = tmp_path / ("shared/" * 30)
    folder = socket_path(deep).parent
    folder.chmod(0o777)
    with pytest.raises(SettingError, match="PLUMBLINE_DATA_DIR: its path is too long"):
        socket_path(deep)
    folder.rmdir()


def test_a_server_is_found_and_its_command_names_the_folder(tmp_path: Path) -> None:
    command = server_command(tmp_path)
    assert command[0] == server_binary()
    assert str(tmp_path / "valkey") in command


def test_waiting_for_a_server_ends_and_shows_no_password(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable) as failed:
        wait_until_up("redis://:hunter2@127.0.0.1:1/0", seconds=0.1)
    assert str(failed.value) == "Redis at redis://***@127.0.0.1:1/0 does not answer"
    with pytest.raises(StoreUnavailable):
        wait_until_up(embedded_url(tmp_path), seconds=0.1)
