"""The check runs of each pull request that are not completed, shared by all workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import redis

from bot.domain.identifiers import Sha
from bot.domain.open_check import OpenCheck
from bot.domain.pull_request import PullRef
from bot.store.connection import KEY, store_errors

_KEPT_SECONDS = 30 * 24 * 3600


class RedisOpenChecks:
    """`OpenChecks` over Redis: one hash for each pull request. Each method: StoreUnavailable."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def opened(self, ref: PullRef, check: OpenCheck) -> None:
        """It was created, or is in progress again."""
        with store_errors(f"noting an open check of {ref}"):
            self._redis.hset(_name(ref), check.key, f"{check.head} {check.id}")
            self._redis.expire(_name(ref), _KEPT_SECONDS)

    def completed(self, ref: PullRef, key: str) -> None:
        """It has a conclusion."""
        with store_errors(f"noting a completed check of {ref}"):
            self._redis.hdel(_name(ref), key)

    def of(self, ref: PullRef) -> Sequence[OpenCheck]:
        """All that are open, in no order."""
        with store_errors(f"reading the open checks of {ref}"):
            kept: Any = self._redis.hgetall(_name(ref))
        return [_check(key.decode(), value.decode()) for key, value in kept.items()]


def _name(ref: PullRef) -> str:
    return f"{KEY}:open-checks:{ref.key}"


def _check(key: str, value: str) -> OpenCheck:
    head, _, number = value.partition(" ")
    return OpenCheck(key, Sha(head), int(number))
