"""How fast the receiver acknowledges: a real Uvicorn, a real Valkey with its append-only file on.

The client shares the machine with both, so the figures are a lower bound. Closed loop: so many
connections, each sends when it was answered. Open loop: deliveries leave at a fixed rate, and the
time counts from when each was due, so that waiting in line is not hidden.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import redis

from bot.store.connection import connect
from bot.store.embedded import embedded_url, server_command

_SECRET = "benchmark"  # noqa: S105 - of this run only
_SECONDS = 8.0
_BODY_BYTES = 21_600
"""The median size of GitHub's own examples of pull_request bodies."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Times in milliseconds."""

    load: str
    per_second: float
    p50: float
    p99: float
    slowest: float
    failed: int


def main() -> None:
    """Run and print the table."""
    with ExitStack() as stack:
        port = _start(stack)
        rows = [
            asyncio.run(_closed(port, 1)),
            asyncio.run(_closed(port, 16)),
            asyncio.run(_open(port, 100)),
        ]
    print(f"{'receiver':<22}{'acks/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}{'failed':>8}")  # noqa: T201
    for row in rows:
        print(  # noqa: T201
            f"{row.load:<22}{row.per_second:>8.0f}{row.p50:>9.1f}{row.p99:>9.1f}"
            f"{row.slowest:>9.1f}{row.failed:>8}"
        )


def _start(stack: ExitStack) -> int:
    """Start both servers; the port of the receiver."""
    data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plumbline-")))
    stack.enter_context(_running(server_command(data), {}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [
        *(sys.executable, "-m", "uvicorn", "--factory", "bot.webhook.app:app_from_environment"),
        *("--port", str(port), "--log-level", "warning", "--no-access-log"),
    ]
    environment = {"PLUMBLINE_DATA_DIR": str(data), "PLUMBLINE_WEBHOOK_SECRET": f"{_SECRET},old"}
    stack.enter_context(_running(command, environment))
    _wait(lambda: bool(connect(embedded_url(data)).ping()))
    _wait(lambda: _listens(port))
    return port


class _running:  # noqa: N801 - a context manager, read as a verb
    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
        )

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.wait()


def _wait(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(OSError, redis.RedisError):
            if ready():
                return
        time.sleep(0.05)
    raise TimeoutError("a server did not start within 20 seconds")


def _listens(port: int) -> bool:
    socket.create_connection(("127.0.0.1", port)).close()
    return True


async def _closed(port: int, connections: int) -> Row:
    deadline = time.monotonic() + _SECONDS

    async def worker() -> list[float]:
        times: list[float] = []
        sender = await _Sender.connect(port)
        while (began := time.monotonic()) < deadline:
            await sender.deliver()
            times.append(time.monotonic() - began)
        sender.close()
        return times

    lists = await asyncio.gather(*(worker() for _ in range(connections)))
    return _row(f"{connections} connection(s)", [each for times in lists for each in times], 0)


async def _open(port: int, rate: int) -> Row:
    began = time.monotonic()
    idle: list[_Sender] = []
    times: list[float] = []

    async def deliver(due: float) -> None:
        sender = idle.pop() if idle else await _Sender.connect(port)
        await sender.deliver()
        idle.append(sender)
        times.append(time.monotonic() - due)

    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * _SECONDS)):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            group.create_task(deliver(due))
    for sender in idle:
        sender.close()
    return _row(f"open loop, {rate}/s", times, int(rate * _SECONDS) - len(times))


def _row(load: str, times: list[float], failed: int) -> Row:
    cuts = statistics.quantiles(times, n=100)
    return Row(
        load, len(times) / _SECONDS, cuts[49] * 1e3, cuts[98] * 1e3, max(times) * 1e3, failed
    )


class _Sender:
    """One connection that signs and posts deliveries. Each is of another pull request."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def connect(cls, port: int) -> _Sender:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def deliver(self) -> None:
        body = _body(uuid.uuid4().int % 10**9 + 1)
        signature = hmac.new(_SECRET.encode(), body, hashlib.sha256).hexdigest()
        head = (
            "POST /webhooks/github HTTP/1.1\r\nhost: localhost\r\n"
            "content-type: application/json\r\nx-github-event: pull_request\r\n"
            f"x-github-delivery: {uuid.uuid4()}\r\nx-hub-signature-256: sha256={signature}\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 202"):
            raise RuntimeError(f"not accepted: {answer[:200]!r}")
        length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        await self._reader.readexactly(length)

    def close(self) -> None:
        self._writer.close()


def _template() -> bytes:
    body = {
        "action": "opened",
        "number": 0,
        "pull_request": {
            "number": "NUMBER",
            "head": {"sha": "a" * 40},
            "updated_at": "2026-01-01T00:00:00Z",
            "labels": [{"name": f"label {n}", "color": "ffffff", "id": n} for n in range(60)],
        },
        "repository": {"id": 1, "full_name": "acme/shop", "private": True},
        "installation": {"id": 1},
        "sender": {"login": "ann", "type": "User"},
    }
    text = json.dumps(body)
    body["pull_request"]["body"] = "word " * ((_BODY_BYTES - len(text)) // 5)  # type: ignore[index]
    return json.dumps(body).encode()


_TEMPLATE = _template()


def _body(number: int) -> bytes:
    return _TEMPLATE.replace(b'"NUMBER"', str(number).encode())


if __name__ == "__main__":
    main()
