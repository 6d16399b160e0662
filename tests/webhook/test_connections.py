"""Whoever only holds a connection open is sent away; GitHub finds a place."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from bot.webhook.connections import HEAD_SECONDS
from tests.fakes.receiver import SECRET, Receiver, running_receiver
from tests.fakes.valkey import until

HALF = b"POST /webhooks/github HTTP/1.1\r\nhost: x\r\nx-"
WHOLE = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"


@contextmanager
def connection(receiver: Receiver, said: bytes) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", receiver.port), timeout=20) as made:
        made.sendall(said)
        yield made


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    folder: Path = tmp_path_factory.mktemp("receiver")
    with running_receiver(folder, PLUMBLINE_WEBHOOK_SECRET=SECRET) as running:
        until(lambda: running.request("GET", "/healthz")[0] == 200)
        yield running


def test_silence_and_drips_end_and_leave_room_for_others(receiver: Receiver) -> None:
    began = time.monotonic()
    with ExitStack() as stack:
        held = [
            stack.enter_context(connection(receiver, said))
            for said in (b"", HALF, WHOLE + HALF)
            for _ in range(10)
        ]
        ended: set[socket.socket] = set()
        while len(ended) < len(held) and time.monotonic() - began < 2 * HEAD_SECONDS:
            for one in select.select([each for each in held if each not in ended], [], [], 0.5)[0]:
                if _has_ended(one):
                    ended.add(one)
            for one in held[10:20]:  # a byte now and then buys no time
                if one not in ended:
                    with suppress(ConnectionError):  # it ends at this very moment
                        one.send(b"y")
        waited = time.monotonic() - began
    assert len(ended) == len(held)
    assert HEAD_SECONDS - 1 < waited < HEAD_SECONDS + 5
    assert receiver.request("GET", "/healthz")[0] == 200


def _has_ended(connection: socket.socket) -> bool:
    """Closed, or reset where a byte of ours was still on its way."""
    try:
        return not connection.recv(4096)
    except ConnectionResetError:
        return True


def test_a_request_in_parts_and_one_after_the_other_is_served(receiver: Receiver) -> None:
    with connection(receiver, WHOLE[:20]) as made:
        made.sendall(WHOLE[20:])
        assert _answer(made).startswith(b"HTTP/1.1 200")
        made.sendall(WHOLE)
        assert _answer(made).startswith(b"HTTP/1.1 200")


def _answer(connection: socket.socket) -> bytes:
    said = b""
    while not said.endswith(b'{"status":"ok"}'):
        said += connection.recv(4096)
    return said
