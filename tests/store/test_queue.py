"""The workers' side of the queue."""

from __future__ import annotations

import asyncio
import json
import zlib

import pytest
import redis

from bot.domain.commands import Command
from bot.domain.jobs import AnswerMention, Mention, PublishReview, ReviewPull, Trigger, job_to_json
from bot.errors import StoreUnavailable
from bot.store.connection import connect, connect_async
from bot.store.handle import read_handle, store_handle, stored_handle
from bot.store.queue import RedisQueue, queue_depths
from bot.store.rq_jobs import ENTRY, JOB_PREFIX, prepare, stable_id
from tests.fakes.pulls import PULL
from tests.fakes.valkey import Valkey

PUBLISH = PublishReview(PULL, "3/7/12/abc/auto")


def test_a_job_that_waits_is_not_enqueued_again(valkey: redis.Redis) -> None:
    queue = RedisQueue(valkey)
    queue.enqueue(PUBLISH)
    queue.enqueue(PUBLISH)
    queue.enqueue(PublishReview(PULL, "another"))
    assert valkey.llen("rq:queue:publish") == 2


@pytest.mark.parametrize("status", ["queued", "scheduled", "started"])
def test_nor_is_one_that_is_scheduled_or_runs(valkey: redis.Redis, status: str) -> None:
    valkey.hset(JOB_PREFIX + stable_id(PUBLISH), mapping={"status": status, "data": "x"})
    RedisQueue(valkey).enqueue(PUBLISH)
    assert valkey.llen("rq:queue:publish") == 0


def test_a_failed_one_is(valkey: redis.Redis) -> None:
    job_id = stable_id(PUBLISH)
    valkey.hset(JOB_PREFIX + job_id, mapping={"status": "failed", "exc_info": "x"})
    valkey.zadd("rq:failed:publish", {job_id: 1})
    RedisQueue(valkey).enqueue(PUBLISH)
    assert valkey.lrange("rq:queue:publish", 0, -1) == [job_id.encode()]
    assert valkey.hexists(JOB_PREFIX + job_id, "exc_info") is False
    assert valkey.zcard("rq:failed:publish") == 0


def test_a_delay_schedules(valkey: redis.Redis) -> None:
    RedisQueue(valkey, clock=lambda: 1000.0).enqueue(PUBLISH, delay_seconds=30)
    assert valkey.zrange("rq:scheduled:publish", 0, -1, withscores=True) == [
        (stable_id(PUBLISH).encode(), 1030.0)
    ]


def test_logs_show_ids_and_no_words_of_people(valkey: redis.Redis) -> None:
    mention = Mention("issue_comment", 5, "ann", Command("ask", "What about the secret?"))
    job = AnswerMention(PULL, mention)
    prepared = prepare(job)
    fields = dict(zip(prepared.fields[::2], prepared.fields[1::2], strict=True))
    assert fields["description"] == "answer_mention 3/7/12"
    assert json.loads(zlib.decompress(fields["data"])) == [ENTRY, None, [job_to_json(job)], {}]


def test_depths_are_counted_by_queue_and_state(shared_valkey: Valkey, valkey: redis.Redis) -> None:
    queue = RedisQueue(valkey)
    queue.enqueue(PUBLISH)
    queue.enqueue(ReviewPull(PULL, Trigger("event")), delay_seconds=60)

    async def depths() -> dict[tuple[str, str], int]:
        async with connect_async(shared_valkey.url) as connection:
            return await queue_depths(connection)

    counted = {where: count for where, count in asyncio.run(depths()).items() if count}
    assert counted == {("publish", "waiting"): 1, ("review", "scheduled"): 1}


def test_the_handle_crosses_from_worker_to_receiver(
    shared_valkey: Valkey, valkey: redis.Redis
) -> None:
    async def read() -> str | None:
        async with connect_async(shared_valkey.url) as connection:
            return await read_handle(connection)

    assert (stored_handle(valkey), asyncio.run(read())) == (None, None)
    store_handle(valkey, "plumbline-acme")
    assert (stored_handle(valkey), asyncio.run(read())) == ("plumbline-acme", "plumbline-acme")


def test_no_redis_is_a_transient_error(tmp_path: object) -> None:
    nowhere = connect(f"unix://{tmp_path}/nowhere.sock", seconds=0.2)
    with pytest.raises(StoreUnavailable, match="enqueuing publish_review"):
        RedisQueue(nowhere).enqueue(PUBLISH)
