"""What is wanted of each pull request, and who works on it (`ports.Wanted`)."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from redis.exceptions import RedisError

from bot.domain.identifiers import Sha
from bot.domain.jobs import WantedState
from bot.domain.pull_request import PullRef
from bot.errors import StoreUnavailable, TransientError
from bot.store.connection import KEY

LEASE_SECONDS = 30
_RENEW_EVERY = 8.0

# Only the holder may renew or release: its token is compared in the same step.
_RENEW = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class LeaseTaken(TransientError):
    """Another worker reviews this pull request now."""


def wanted_key(ref: PullRef) -> str:
    """The hash that holds generation, head, closed, and the job that waits."""
    return f"{KEY}:wanted:{ref.key}"


class RedisWanted:
    """`ports.Wanted` over Redis. A lease outlives its holder by at most `LEASE_SECONDS`."""

    def __init__(self, connection: Redis) -> None:
        self._connection = connection
        self._renew = connection.register_script(_RENEW)
        self._release = connection.register_script(_RELEASE)

    @contextmanager
    def hold(self, ref: PullRef) -> Iterator[WantedState]:
        """Lease the pull request; the job that waited has begun, so the next push makes another.

        Raises:
            LeaseTaken: another worker holds it.
            StoreUnavailable: Redis refused.
        """
        key, token = f"{KEY}:lease:{ref.key}", uuid.uuid4().hex
        try:
            if not self._connection.set(key, token, nx=True, px=LEASE_SECONDS * 1000):
                raise LeaseTaken(f"{ref} is reviewed by another worker", retry_after=5)
            self._connection.hdel(wanted_key(ref), "pending")
            state = self.current(ref)
        except RedisError as error:
            raise StoreUnavailable(f"Redis refused the lease of {ref}: {error}") from error
        ended = threading.Event()
        keeper = threading.Thread(target=self._keep, args=(key, token, ended), daemon=True)
        keeper.start()
        try:
            yield state
        finally:
            ended.set()
            keeper.join()
            self._let_go(key, token)

    def current(self, ref: PullRef) -> WantedState:
        """Raises StoreUnavailable."""
        try:
            raw = self._connection.hmget(wanted_key(ref), ["head", "generation", "closed"])
        except RedisError as error:
            raise StoreUnavailable(f"Redis does not tell what is wanted: {error}") from error
        head, generation, closed = raw
        return WantedState(
            head=Sha(head.decode()) if isinstance(head, bytes) else None,
            generation=int(generation or 0),
            closed=closed == b"1",
        )

    def _keep(self, key: str, token: str, ended: threading.Event) -> None:
        while not ended.wait(_RENEW_EVERY):
            try:
                self._renew(keys=[key], args=[token, LEASE_SECONDS * 1000])
            except RedisError:
                continue  # the lease may lapse: jobs are idempotent, so that costs work, not truth

    def _let_go(self, key: str, token: str) -> None:
        try:
            self._release(keys=[key], args=[token])
        except RedisError:
            return  # it lapses by itself
