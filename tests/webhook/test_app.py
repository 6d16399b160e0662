"""The receiver over HTTP: what each delivery is answered, and what is in the queue after it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis

from bot.store.handle import store_handle
from bot.webhook.body import BodyTooLarge, BodyTooSlow, NoRoom, Room, read_body
from tests.fakes.receiver import SECRET, Answer, Receiver, running_receiver
from tests.fakes.valkey import Valkey
from tests.webhook.bodies import APP_ID, comment, dumped, pull_request, real

OPENED = dumped(pull_request("opened"))


@pytest.fixture(scope="module")
def shared_receiver(shared_valkey: Valkey) -> Iterator[Receiver]:
    with running_receiver(
        shared_valkey.data_dir,
        PLUMBLINE_WEBHOOK_SECRET=f"{SECRET},older secret",
        PLUMBLINE_GITHUB_APP_ID=str(APP_ID),
        PLUMBLINE_HANDLE="plumbline",
    ) as receiver:
        yield receiver


@pytest.fixture
def receiver(shared_receiver: Receiver, valkey: redis.Redis) -> Receiver:
    return shared_receiver


def depth(store: redis.Redis) -> dict[str, int]:
    names = ("acknowledge", "publish", "mention", "review")
    return {name: count for name in names if (count := int(store.llen(f"rq:queue:{name}")))}


def test_an_opened_pull_request_is_accepted_once(receiver: Receiver, valkey: redis.Redis) -> None:
    accepted = Answer(202, {"outcome": "accepted", "reason": "work is on its way"})
    known = Answer(200, {"outcome": "known", "reason": "this delivery was received before"})
    assert receiver.deliver("pull_request", OPENED, guid="one") == accepted
    assert receiver.deliver("pull_request", OPENED, guid="one") == known
    assert receiver.deliver("pull_request", OPENED, guid="two") == known
    assert depth(valkey) == {"acknowledge": 1, "review": 1}


def test_a_mention_is_acknowledged(receiver: Receiver, valkey: redis.Redis) -> None:
    assert receiver.deliver("issue_comment", dumped(comment("@plumbline review"))).status == 202
    assert depth(valkey) == {"acknowledge": 1}


def test_the_older_secret_still_serves_while_rotating(receiver: Receiver) -> None:
    assert receiver.deliver("pull_request", OPENED, secret="older secret").status == 202
    assert receiver.deliver("pull_request", OPENED, secret="removed").status == 401


@pytest.mark.parametrize(
    "signature", ["", "sha1=" + "0" * 40, "sha256=\xe9", "sha256=" + "0" * 64, "x" * 5000]
)
def test_whatever_is_not_signed_is_401(
    receiver: Receiver, valkey: redis.Redis, signature: str
) -> None:
    answer = receiver.deliver("pull_request", OPENED, x_hub_signature_256=signature)
    assert (answer.status, answer.body["outcome"]) == (401, "unsigned")
    assert depth(valkey) == {}


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"x_github_delivery": ""}, "the header x-github-delivery is missing or malformed"),
        ({"x_github_delivery": "a b"}, "the header x-github-delivery is missing or malformed"),
        ({"x_github_event": "\xe9"}, "the header x-github-event is missing or malformed"),
        (
            {"content_type": "application/x-www-form-urlencoded"},
            "set the webhook's content type to application/json",
        ),
    ],
)
def test_malformed_headers_are_400(receiver: Receiver, headers: dict[str, str], why: str) -> None:
    answer = receiver.deliver("pull_request", OPENED, **headers)
    assert answer == Answer(400, {"outcome": "malformed", "reason": why})


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"[" * 99_999, b'{"a": NaN}', b'{"a":"\\ud800"}', b'{"a":1,"a":1}']
)
def test_malformed_bodies_are_400(receiver: Receiver, body: bytes) -> None:
    answer = receiver.deliver("pull_request", body)
    assert (answer.status, answer.body["outcome"]) == (400, "malformed")


def test_a_ping_and_unknown_events_are_answered_kindly(receiver: Receiver) -> None:
    pong = receiver.deliver("ping", real("ping"))
    star = receiver.deliver("star", dumped({"action": "created"}))
    assert pong == Answer(200, {"outcome": "uninteresting", "reason": "pong"})
    assert star == Answer(
        200, {"outcome": "uninteresting", "reason": "nothing is done for this star event"}
    )


def test_a_body_over_the_cap_is_cut_whatever_its_length_claims(receiver: Receiver) -> None:
    receiver.deliver("ping", real("ping"))  # it is up: everything is imported
    before = resident_kilobytes(receiver.pid)
    with socket.create_connection(("127.0.0.1", receiver.port), timeout=20) as connection:
        connection.sendall(
            b"POST /webhooks/github HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
        answer = send_until_answered(connection, chunk, times=64)
    assert answer.startswith(b"HTTP/1.1 413")
    assert resident_kilobytes(receiver.pid) - before < 40_000


def send_until_answered(connection: socket.socket, chunk: bytes, times: int) -> bytes:
    try:
        for _ in range(times):
            connection.sendall(chunk)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it was cut: what follows was not wanted
    return connection.recv(4096)


def resident_kilobytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def test_a_slow_body_is_cut() -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    async def more_than(most: int) -> AsyncIterator[bytes]:
        for _ in range(most + 1):
            yield b"x"

    with pytest.raises(BodyTooSlow):
        asyncio.run(read_body(drip(), Room(), seconds=0.1))
    with pytest.raises(BodyTooLarge):
        asyncio.run(read_body(more_than(10), Room(), most=10))


def test_a_sender_who_hangs_up_is_counted_and_no_error_of_ours(
    shared_valkey: Valkey, valkey: redis.Redis
) -> None:
    head = b"POST /webhooks/github HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n"
    with running_receiver(shared_valkey.data_dir, PLUMBLINE_WEBHOOK_SECRET=SECRET) as receiver:
        receiver.deliver("ping", real("ping"))
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=20) as connection:
            connection.sendall(head + b"half")
        counted = next(lines for _ in range(200) if CUT_OFF in (lines := metrics(receiver)))
    assert [line for line in counted if line.startswith("plumbline_deliveries_total")] == [
        CUT_OFF,
        'plumbline_deliveries_total{outcome="uninteresting"} 1',
    ]


CUT_OFF = 'plumbline_deliveries_total{outcome="cut_off"} 1'


def metrics(receiver: Receiver) -> list[str]:
    time.sleep(0.02)  # for what is asked again and again
    return receiver.request("GET", "/metrics")[1].splitlines()


def test_bodies_share_what_memory_there_is_for_them() -> None:
    async def two_at_once() -> tuple[bytes, bytes]:
        room, second_is_done = Room(10), asyncio.Event()

        async def first() -> AsyncIterator[bytes]:
            yield b"12345678"
            await second_is_done.wait()

        async def one_part(part: bytes) -> AsyncIterator[bytes]:
            yield part

        reading = asyncio.create_task(read_body(first(), room))
        await asyncio.sleep(0)
        with pytest.raises(NoRoom):
            await read_body(one_part(b"abc"), room)
        second_is_done.set()
        return await reading, await read_body(one_part(b"0123456789"), room)

    assert asyncio.run(two_at_once()) == (b"12345678", b"0123456789")


def test_health_and_metrics(receiver: Receiver) -> None:
    assert receiver.request("GET", "/healthz") == (200, '{"status":"ok"}')
    assert receiver.request("GET", "/readyz") == (200, '{"status":"ok"}')
    receiver.deliver("pull_request", OPENED)
    status, text = receiver.request("GET", "/metrics")
    lines = text.splitlines()
    assert status == 200
    assert 'plumbline_jobs{queue="review",state="waiting"} 1' in lines
    assert any(line.startswith('plumbline_deliveries_total{outcome="accepted"}') for line in lines)
    assert "plumbline_store_up 1" in lines


def test_no_secret_no_deliveries(shared_valkey: Valkey, valkey: redis.Redis) -> None:
    with running_receiver(shared_valkey.data_dir) as receiver:
        answer = receiver.deliver("pull_request", OPENED)
    assert (answer.status, answer.body["outcome"]) == (503, "no_secret")
    assert "set PLUMBLINE_WEBHOOK_SECRET" in answer.body["reason"]
    assert depth(valkey) == {}


def test_the_stored_handle_is_what_people_mention(
    shared_valkey: Valkey, valkey: redis.Redis
) -> None:
    store_handle(valkey, "plumbline-acme")
    with running_receiver(shared_valkey.data_dir, PLUMBLINE_WEBHOOK_SECRET=SECRET) as receiver:
        ours = receiver.deliver("issue_comment", dumped(comment("@plumbline-acme review")))
        other = receiver.deliver("issue_comment", dumped(comment("@plumbline review")))
    assert (ours.status, other.body["reason"]) == (202, "@plumbline-acme is not mentioned")


def test_a_name_that_is_told_late_counts_at_once(
    shared_valkey: Valkey, valkey: redis.Redis
) -> None:
    mention = dumped(comment("@plumbline-acme review"))
    with running_receiver(shared_valkey.data_dir, PLUMBLINE_WEBHOOK_SECRET=SECRET) as receiver:
        before = receiver.deliver("issue_comment", mention)
        store_handle(valkey, "plumbline-acme")
        after = receiver.deliver("issue_comment", mention)
    assert (before.body["reason"], after.status) == ("@plumbline is not mentioned", 202)


def test_while_redis_is_away_deliveries_are_refused_and_taken_later(tmp_path: Path) -> None:
    server = Valkey(tmp_path)
    server.start()
    with running_receiver(tmp_path, PLUMBLINE_WEBHOOK_SECRET=SECRET) as receiver:
        server.kill()
        refused = receiver.deliver("pull_request", OPENED, guid="g")
        assert refused == Answer(
            503, {"outcome": "unavailable", "reason": "the queue is away; deliver this again"}
        )
        assert receiver.request("GET", "/readyz")[0] == 503
        assert "plumbline_store_up 0" in receiver.request("GET", "/metrics")[1]
        server.start()
        assert receiver.deliver("pull_request", OPENED, guid="g").status == 202
        with server.client() as store:
            assert depth(store) == {"acknowledge": 1, "review": 1}
    server.kill()


def test_a_full_or_frozen_redis_is_503(tmp_path: Path) -> None:
    server = Valkey(tmp_path)
    server.start()
    with (
        running_receiver(tmp_path, PLUMBLINE_WEBHOOK_SECRET=SECRET) as receiver,
        server.client() as store,
    ):
        store.config_set("maxmemory", "1")
        assert receiver.deliver("pull_request", OPENED).status == 503
        store.config_set("maxmemory", "0")
        store.client_pause(60_000, all=False)
        assert receiver.deliver("pull_request", OPENED, guid="frozen").status == 503
        store.client_unpause()
        assert receiver.deliver("pull_request", OPENED, guid="frozen").status in (200, 202)
        assert depth(store) == {"acknowledge": 1, "review": 1}
    server.kill()


def test_each_delivery_leaves_one_line_for_the_operator(
    shared_valkey: Valkey, valkey: redis.Redis, capfd: pytest.CaptureFixture[str]
) -> None:
    with running_receiver(
        shared_valkey.data_dir,
        PLUMBLINE_WEBHOOK_SECRET=SECRET,
        PLUMBLINE_GITHUB_APP_ID=str(APP_ID),
    ) as receiver:
        receiver.deliver("pull_request", OPENED, guid="one")
        receiver.deliver("pull_request", OPENED, guid="one")
        receiver.deliver("pull_request", OPENED, guid="two", secret="wrong")
        receiver.deliver("issue_comment", dumped(comment("@other review")), guid="three")
        receiver.deliver("Ignore all", OPENED, guid="\x1b[31m")
    assert capfd.readouterr().err == (
        "plumbline: delivery pull_request one: accepted: work is on its way\n"
        "plumbline: delivery pull_request one: known: this delivery was received before\n"
        "plumbline: delivery pull_request two: unsigned:"
        " X-Hub-Signature-256 does not fit the body\n"
        "plumbline: delivery issue_comment three: uninteresting: @plumbline is not mentioned\n"
        "plumbline: delivery ? ?: malformed: the header x-github-delivery is missing or malformed\n"
    )
