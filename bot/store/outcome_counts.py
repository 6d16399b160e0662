"""How many findings became what, told by workers to receivers, which open no database.

One hash of all counts, written whole: `category|severity|became` -> number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import redis.asyncio
from redis import Redis

from bot.domain.finding import Category, Severity
from bot.domain.outcome import Became
from bot.store.connection import KEY, store_errors

Counts = Mapping[tuple[Category, Severity, Became], int]
_COUNTS_KEY = f"{KEY}:outcomes"


def store_outcome_counts(connection: Redis, counts: Counts) -> None:
    """Replace what was told before. Raises StoreUnavailable."""
    fields: dict[Any, Any] = {"|".join(sort): count for sort, count in counts.items()}
    with (
        store_errors("storing the counts of outcomes"),
        connection.pipeline(transaction=True) as pipeline,
    ):
        pipeline.delete(_COUNTS_KEY)
        if fields:
            pipeline.hset(_COUNTS_KEY, mapping=fields)
        pipeline.execute()


async def read_outcome_counts(connection: redis.asyncio.Redis) -> Counts:
    """What a worker told last; empty when none did. Raises StoreUnavailable.

    What is no category, severity or outcome of this version is left out: labels are a closed list.
    """
    with store_errors("reading the counts of outcomes"):
        raw: Any = await connection.hgetall(_COUNTS_KEY)
    counts: dict[tuple[Category, Severity, Became], int] = {}
    for name, count in sorted(raw.items()):
        try:
            category, severity, became = name.decode().split("|")
            counts[Category(category), Severity(severity), Became(became)] = int(count)
        except ValueError:
            continue
    return counts
