"""Counts that a worker tells and a receiver reads."""

from __future__ import annotations

import asyncio

import redis
from redis.asyncio import Redis

from bot.domain.finding import Category, Severity
from bot.domain.outcome import Became
from bot.store.outcome_counts import Counts, read_outcome_counts, store_outcome_counts

FIRST: Counts = {
    (Category.CORRECTNESS, Severity.P1, Became.FIXED): 3,
    (Category.SECURITY, Severity.P0, Became.OPEN): 1,
}


def read(valkey: redis.Redis) -> Counts:
    path = valkey.connection_pool.connection_kwargs["path"]

    async def ask() -> Counts:
        async with Redis(unix_socket_path=path) as receiver:
            return await read_outcome_counts(receiver)

    return asyncio.run(ask())


def test_what_is_told_is_read_and_replaces_what_was_told(valkey: redis.Redis) -> None:
    assert read(valkey) == {}
    store_outcome_counts(valkey, FIRST)
    assert read(valkey) == FIRST
    second = {(Category.SECURITY, Severity.P0, Became.DISMISSED): 1}
    store_outcome_counts(valkey, second)
    assert read(valkey) == second
    store_outcome_counts(valkey, {})
    assert read(valkey) == {}


def test_no_label_comes_from_outside(valkey: redis.Redis) -> None:
    store_outcome_counts(valkey, FIRST)
    for name in ('x"} 1\nevil{|P1|fixed', "security|P9|fixed", "security|P0|eaten", "security"):
        valkey.hset("plumbline:outcomes", name, 1)
    valkey.hset("plumbline:outcomes", "tests|P2|fixed", "many")
    assert read(valkey) == FIRST
