"""How much people may ask for: so much an hour for each person and for each installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from redis import Redis

from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.ports import Allowed
from bot.store.connection import KEY, store_errors

_WINDOW_MS = 3600 * 1000

_TAKE = """
-- KEYS: the counters, then who was told; ARGV: request, window, the counters' limits
-- One step: a request that was counted stays allowed when its job runs again.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local window, counters, told_key = tonumber(ARGV[2]), #KEYS - 1, KEYS[#KEYS]
for i = 1, counters do redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now - window) end
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 'yes' end
for i = 1, counters do
  if redis.call('ZCARD', KEYS[i]) >= tonumber(ARGV[i + 2]) then
    local told = redis.call('GET', told_key)
    if told and told ~= ARGV[1] then return 'silence' end
    redis.call('SET', told_key, ARGV[1], 'PX', window)
    return 'no'
  end
end
for i = 1, counters do
  redis.call('ZADD', KEYS[i], now, ARGV[1])
  redis.call('PEXPIRE', KEYS[i], window)
end
return 'yes'
"""


@dataclass(frozen=True, slots=True)
class HourlyLimits:
    """Requests within any hour. Guests are neither writers nor authors of what they comment on."""

    a_person: int = 30
    a_guest: int = 5
    all_guests: int = 30
    an_installation: int = 300


class RedisAllowances:
    """`ports.Allowances` on Redis."""

    def __init__(self, connection: Redis, limits: HourlyLimits | None = None) -> None:
        self._take: Any = connection.register_script(_TAKE)
        self._limits = limits or HourlyLimits()

    def take(self, ref: PullRef, mention: Mention, guest: bool) -> Allowed:
        """Count one request, unless an hour is used up: the person's, the guests', or the
        installation's.

        "no" is said once an hour to each person, then "silence": a flood of requests gets no flood
        of answers. Raises StoreUnavailable.
        """
        limits, own = self._limits, f"{KEY}:asked:{ref.repository.installation or 0}"
        person = f"{own}:{mention.sender.lower()}"
        counters = {person: limits.a_guest if guest else limits.a_person}
        if guest:
            counters[f"{own}:*guests"] = limits.all_guests
        counters[own] = limits.an_installation
        keys, request = [*counters, f"{person}:told"], f"{ref.key}/{mention.name}"
        with store_errors("counting requests"):
            said = self._take(keys, [request, _WINDOW_MS, *counters.values()])
        answers: dict[bytes, Allowed] = {b"yes": "yes", b"no": "no"}
        return answers.get(said, "silence")
