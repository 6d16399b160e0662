"""The load client, a process of its own: `python -m benchmarks.load PORT SECRET closed|open N S`.

Closed loop: N connections, each sends when it was answered. Open loop: N deliveries a second, and
each time counts from when the delivery was due, so that waiting in line is not hidden. After S
seconds it prints the times of all answers, in seconds, as a JSON list. An answer other than 202
ends it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys
import time
import uuid
from functools import cache

_BODY_BYTES = 21_600
"""The median size of GitHub's own examples of pull_request bodies."""


async def closed_loop(port: int, secret: str, connections: int, seconds: float) -> list[float]:
    """The times of all answers."""
    deadline = time.monotonic() + seconds

    async def worker() -> list[float]:
        times: list[float] = []
        sender = await _Sender.connect(port, secret)
        while (began := time.monotonic()) < deadline:
            await sender.deliver()
            times.append(time.monotonic() - began)
        sender.close()
        return times

    lists = await asyncio.gather(*(worker() for _ in range(connections)))
    return [each for times in lists for each in times]


async def open_loop(port: int, secret: str, rate: int, seconds: float) -> list[float]:
    """The times of all answers, each from when its delivery was due."""
    began = time.monotonic()
    idle: list[_Sender] = []
    times: list[float] = []

    async def deliver(due: float) -> None:
        sender = idle.pop() if idle else await _Sender.connect(port, secret)
        await sender.deliver()
        idle.append(sender)
        times.append(time.monotonic() - due)

    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            group.create_task(deliver(due))
    for sender in idle:
        sender.close()
    return times


class _Sender:
    """One connection that signs and posts deliveries. Each is of another pull request."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, secret: str
    ) -> None:
        self._reader, self._writer, self._secret = reader, writer, secret

    @classmethod
    async def connect(cls, port: int, secret: str) -> _Sender:
        return cls(*await asyncio.open_connection("127.0.0.1", port), secret)

    async def deliver(self) -> None:
        body = _template().replace(b'"NUMBER"', str(uuid.uuid4().int % 10**9 + 1).encode())
        signature = hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()
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


@cache
def _template() -> bytes:
    pull = {
        "number": "NUMBER",
        "head": {"sha": "a" * 40},
        "updated_at": "2026-01-01T00:00:00Z",
        "labels": [{"name": f"label {n}", "color": "ffffff", "id": n} for n in range(60)],
        "body": "",
    }
    body = {
        "action": "opened",
        "number": 0,
        "pull_request": pull,
        "repository": {"id": 1, "full_name": "acme/shop", "private": True},
        "installation": {"id": 1},
        "sender": {"login": "ann", "type": "User"},
    }
    pull["body"] = "word " * ((_BODY_BYTES - len(json.dumps(body))) // 5)
    return json.dumps(body).encode()


def main(arguments: list[str]) -> None:
    """Run one load and print the times."""
    port, secret, kind, count, seconds = arguments
    loop = closed_loop if kind == "closed" else open_loop
    times = asyncio.run(loop(int(port), secret, int(count), float(seconds)))
    sys.stdout.write(json.dumps(times))


if __name__ == "__main__":
    main(sys.argv[1:])
