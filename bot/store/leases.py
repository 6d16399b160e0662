"""A lease on a name: one holder, a fencing number, kept alive by a heartbeat.

The holder's process may be frozen, or cut off from Redis, for longer than the lease lasts. If
another took the lease meanwhile, it finds it lost (`Lease.lost`), and its fencing number is smaller
than the new holder's. If nobody did, as when Redis itself was away, it holds on.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

from redis import Redis

from bot.errors import TransientError
from bot.store.connection import KEY, store_errors

LEASE_SECONDS = 15.0

_TAKE = """
-- KEYS: lease, its fencing number; ARGV: owner, token, milliseconds
-- An owner may take over from itself: its earlier execution was killed.
local held = redis.call('HMGET', KEYS[1], 'owner', 'token')
if held[2] and (ARGV[1] == '' or held[1] ~= ARGV[1]) then
  return {0, redis.call('PTTL', KEYS[1])}
end
local fence = redis.call('INCR', KEYS[2])
redis.call('PEXPIRE', KEYS[2], 30 * 24 * 3600 * 1000)
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'token', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {fence, 0}
"""
_RENEW = """
-- KEYS: lease, its fencing number; ARGV: token, milliseconds, owner, fencing number
local token = redis.call('HGET', KEYS[1], 'token')
if token and token ~= ARGV[1] then return 0 end
if not token then -- it ran out: ours again, unless another came and went
  if redis.call('GET', KEYS[2]) ~= ARGV[4] then return 0 end
  redis.call('HSET', KEYS[1], 'owner', ARGV[3], 'token', ARGV[1])
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
_GIVE_BACK = """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""


class LeaseTaken(TransientError):
    """Somebody else works on it now; it costs nothing to come back."""


class Lease:
    """A lease that is held. `fence` grows with each holder of the name."""

    def __init__(self, name: str, owner: str, fence: int) -> None:
        self.name, self.owner, self.fence = name, owner, fence
        self._lost = threading.Event()

    @property
    def lost(self) -> bool:
        """The heartbeat found that another holds it, or held it meanwhile."""
        return self._lost.is_set()

    def lose(self) -> None:
        """Called by the heartbeat."""
        self._lost.set()


class Leases:
    """Leases in Redis."""

    def __init__(self, connection: Redis) -> None:
        self._connection = connection
        self._take: Any = connection.register_script(_TAKE)
        self._renew: Any = connection.register_script(_RENEW)
        self._give_back: Any = connection.register_script(_GIVE_BACK)

    @contextmanager
    def hold(self, name: str, seconds: float = LEASE_SECONDS, owner: str = "") -> Iterator[Lease]:
        """Hold the lease until the block ends. `owner` may take over from itself ("" never).

        Raises:
            LeaseTaken: somebody else holds it; `retry_after` says when to look again.
            StoreUnavailable: Redis does not answer.
        """
        token = uuid4().hex
        lease = self._acquire(name, owner, token, seconds)
        ended = threading.Event()
        beat = threading.Thread(
            target=self._keep, args=(lease, token, seconds, ended), daemon=True, name="lease"
        )
        beat.start()
        try:
            yield lease
        finally:
            ended.set()
            beat.join()
            with store_errors(f"giving back the lease on {name!r}"):
                self._give_back(keys=[_key(name)], args=[token])

    def held(self, name: str) -> bool:
        """Whether anybody holds the lease now. Raises StoreUnavailable."""
        with store_errors(f"looking at the lease on {name!r}"):
            return bool(self._connection.exists(_key(name)))

    def _acquire(self, name: str, owner: str, token: str, seconds: float) -> Lease:
        keys = [_key(name), _fence_key(name)]
        with store_errors(f"taking the lease on {name!r}"):
            fence, left = self._take(keys=keys, args=[owner, token, int(seconds * 1000)])
        if not fence:
            wait = min(5.0, max(1.0, int(left) / 1000))
            raise LeaseTaken(f"{name!r} is being worked on", retry_after=wait)
        return Lease(name, owner, int(fence))

    def _keep(self, lease: Lease, token: str, seconds: float, ended: threading.Event) -> None:
        """Renew three times a term, until it is known that another took it."""
        keys = [_key(lease.name), _fence_key(lease.name)]
        arguments = [token, int(seconds * 1000), lease.owner, lease.fence]
        while not ended.wait(seconds / 3):
            with suppress(TransientError), store_errors("renewing a lease"):
                if not self._renew(keys=keys, args=arguments):
                    lease.lose()
                    return


def _key(name: str) -> str:
    return f"{KEY}:lease:{name}"


def _fence_key(name: str) -> str:
    return f"{KEY}:fence:{name}"
