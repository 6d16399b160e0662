"""How fast one installation may write to GitHub, agreed among all workers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import redis

from bot.store.connection import KEY, store_errors

_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local writes = tonumber(ARGV[1])
local wait, longest = 0, 0
for i = 3, #ARGV, 2 do
  local most, window = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  longest = math.max(longest, window)
  local recent = redis.call('ZCOUNT', KEYS[1], '(' .. (now - window), '+inf')
  local excess = recent + writes - most
  if excess > 0 then
    local nth = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. (now - window), '+inf', 'WITHSCORES',
                           'LIMIT', math.min(excess, recent) - 1, 1)
    if nth[2] then wait = math.max(wait, tonumber(nth[2]) + window - now) end
  end
end
if wait > 0 then return wait end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - longest)
for i = 1, writes do redis.call('ZADD', KEYS[1], now, ARGV[2] .. ':' .. i) end
redis.call('PEXPIRE', KEYS[1], longest)
return 0
"""
"""One atomic step: count the writes of each window, then take room or say how long to wait (ms)."""


class RedisWritePace:
    """`WritePace` over Redis. `limits`: (writes, in seconds), each for every such window."""

    def __init__(self, client: redis.Redis, limits: Sequence[tuple[int, float]]) -> None:
        self._take = client.register_script(_TAKE)
        self._limits = [
            number for most, seconds in limits for number in (most, int(seconds * 1000))
        ]

    def take(self, installation: int, writes: int) -> float:
        """0 when room was taken, else the seconds until there is room. Raises StoreUnavailable."""
        with store_errors("counting writes"):
            keys, drawn = [f"{KEY}:writes:{installation}"], uuid.uuid4().hex
            wait = self._take(keys, [writes, drawn, *self._limits])
        return int(wait) / 1000
