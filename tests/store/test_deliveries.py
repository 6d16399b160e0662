"""Deliveries come twice, in any order and in bursts; the store makes the same of them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

import pytest
import redis

from bot.domain.delivery import Plan, Receipt
from bot.domain.identifiers import DeliveryId
from bot.domain.jobs import WantedState
from bot.errors import StoreUnavailable
from bot.store.connection import connect_async
from bot.store.deliveries import Deliveries, Outcome
from bot.store.rq_jobs import JOB_PREFIX
from bot.store.wanted import RedisWanted
from tests.fakes.pulls import PULL, closed, event, head, receipt
from tests.fakes.valkey import Valkey


class Receiver:
    """Accepts deliveries at a time that the test sets."""

    def __init__(self, url: str) -> None:
        self.url, self.now = url, 1_000_000.0

    def accept(self, receipt: Receipt, plan: Plan) -> Outcome:
        async def run() -> Outcome:
            connection = connect_async(self.url)
            try:
                return await Deliveries(connection, lambda: self.now).accept(receipt, plan)
            finally:
                await connection.aclose()

        return asyncio.run(run())


@pytest.fixture
def receiver(shared_valkey: Valkey, valkey: redis.Redis) -> Receiver:
    return Receiver(shared_valkey.url)


def waiting(store: redis.Redis) -> list[str]:
    """Descriptions of what waits in the queues, in order of queue."""
    ids = [
        job_id
        for queue in ("acknowledge", "publish", "mention", "review")
        for job_id in ids_of(store, f"rq:queue:{queue}")
    ]
    return [_described(store, job_id) for job_id in ids]


def scheduled(store: redis.Redis) -> dict[str, float]:
    """Description -> when it is due."""
    due: Any = store.zrange("rq:scheduled:review", 0, -1, withscores=True)
    return {_described(store, job_id.decode()): score for job_id, score in due}


def ids_of(store: redis.Redis, key: str) -> list[str]:
    """A list of ids in Redis."""
    found: Any = store.lrange(key, 0, -1)
    return [each.decode() for each in found]


def _described(store: redis.Redis, job_id: str) -> str:
    text = store.hget(JOB_PREFIX + job_id, "description")
    assert isinstance(text, bytes)
    return text.decode()


def test_the_first_event_starts_at_once(receiver: Receiver, valkey: redis.Redis) -> None:
    assert receiver.accept(receipt(1), event(1)) == "accepted"
    assert waiting(valkey) == ["acknowledge_pull 3/7/12", "review_pull 3/7/12 auto"]
    assert scheduled(valkey) == {}
    assert RedisWanted(valkey).current(PULL) == WantedState(head(1), 1, closed=False)


@pytest.mark.parametrize(
    "again",
    [
        Receipt(DeliveryId("guid-1"), "another body"),
        Receipt(DeliveryId("another-guid"), "hash-1"),
    ],
    ids=["redelivered", "replayed"],
)
def test_a_known_delivery_changes_nothing(
    receiver: Receiver, valkey: redis.Redis, again: Receipt
) -> None:
    receiver.accept(receipt(1), event(1))
    before = waiting(valkey)
    assert receiver.accept(again, event(2)) == "known"
    assert waiting(valkey) == before
    assert RedisWanted(valkey).current(PULL).generation == 1


def test_a_delivery_whose_job_failed_for_good_may_come_again(
    receiver: Receiver, valkey: redis.Redis
) -> None:
    receiver.accept(receipt(1), event(1, gather=False))
    (job_id,) = ids_of(valkey, "rq:queue:review")
    valkey.hset(JOB_PREFIX + job_id, "status", "failed")
    valkey.delete("rq:queue:review")
    assert receiver.accept(receipt(1), event(1, gather=False)) == "accepted"
    assert waiting(valkey)[-1] == "review_pull 3/7/12 auto"
    assert receiver.accept(receipt(1), event(1)) == "known"


def test_fifty_pushes_in_a_minute_make_two_reviews(receiver: Receiver, valkey: redis.Redis) -> None:
    receiver.accept(receipt(0), event(0, gather=False))
    begin_waiting_review(valkey)
    for number in range(1, 51):
        receiver.now += 1.2
        receiver.accept(receipt(number), event(number))
    assert waiting(valkey) == ["acknowledge_pull 3/7/12"] * 50
    first_push = 1_000_000.0 + 1.2
    assert scheduled(valkey) == {"review_pull 3/7/12 auto": first_push + 60}
    assert RedisWanted(valkey).current(PULL) == WantedState(head(50), 51, closed=False)


def test_pushes_are_gathered_until_ten_quiet_seconds(
    receiver: Receiver, valkey: redis.Redis
) -> None:
    receiver.accept(receipt(0), event(0))
    begin_waiting_review(valkey)
    receiver.accept(receipt(1), event(1))
    assert list(scheduled(valkey).values()) == [1_000_010.0]
    receiver.now += 4
    receiver.accept(receipt(2), event(2))
    assert list(scheduled(valkey).values()) == [1_000_014.0]


def test_ready_for_review_does_not_wait_for_more(receiver: Receiver, valkey: redis.Redis) -> None:
    receiver.accept(receipt(0), event(0))
    begin_waiting_review(valkey)
    receiver.accept(receipt(1), event(1))
    receiver.now += 2
    receiver.accept(receipt(2), event(2, gather=False))
    assert list(scheduled(valkey).values()) == [1_000_002.0]


def test_a_push_during_a_review_asks_for_another(receiver: Receiver, valkey: redis.Redis) -> None:
    receiver.accept(receipt(0), event(0))
    begin_waiting_review(valkey)
    receiver.accept(receipt(1), event(1))
    assert list(scheduled(valkey)) == ["review_pull 3/7/12 auto"]


def test_a_review_that_was_lost_does_not_block_the_next(
    receiver: Receiver, valkey: redis.Redis
) -> None:
    receiver.accept(receipt(0), event(0))
    (job_id,) = ids_of(valkey, "rq:queue:review")
    valkey.delete("rq:queue:review", JOB_PREFIX + job_id)
    receiver.accept(receipt(1), event(1))
    assert list(scheduled(valkey)) == ["review_pull 3/7/12 auto"]


def test_every_order_of_deliveries_ends_in_one_state(
    receiver: Receiver, valkey: redis.Redis
) -> None:
    """opened, two pushes, closed and reopened, as GitHub's clock ordered them."""
    story: list[Callable[[], Plan]] = [
        lambda: event(1, gather=False, at="2026-01-01T00:00:01Z"),
        lambda: event(2, at="2026-01-01T00:00:02Z"),
        lambda: closed(2, at="2026-01-01T00:00:03Z"),
        lambda: event(2, gather=False, at="2026-01-01T00:00:04Z"),
        lambda: event(3, at="2026-01-01T00:00:05Z"),
    ]
    for order in itertools.permutations(range(len(story))):
        valkey.flushall()
        for number in order:
            receiver.accept(receipt(number), story[number]())
        state = RedisWanted(valkey).current(PULL)
        assert (order, state) == (order, WantedState(head(3), 5, closed=False))


def test_an_outdated_close_cancels_nothing(receiver: Receiver, valkey: redis.Redis) -> None:
    receiver.accept(receipt(2), event(2, gather=False, at="2026-01-01T00:00:04Z"))
    before = waiting(valkey)
    assert receiver.accept(receipt(1), closed(2, at="2026-01-01T00:00:03Z")) == "stale"
    assert waiting(valkey) == before


def test_a_server_that_is_away_refuses_the_delivery(tmp_path: object) -> None:
    with pytest.raises(StoreUnavailable, match="accepting a delivery"):
        Receiver(f"unix://{tmp_path}/nowhere.sock").accept(receipt(1), event(1))


def begin_waiting_review(store: redis.Redis) -> None:
    """As a worker does: takes the review that waits, and holds the pull request."""
    raw = store.lpop("rq:queue:review")
    assert isinstance(raw, bytes)
    with RedisWanted(store, running_job=raw.decode).hold(PULL):
        pass
    store.delete(JOB_PREFIX + raw.decode(), "rq:queue:acknowledge")
