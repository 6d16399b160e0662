"""How much people may ask for: so much an hour for each person and for each installation."""

from __future__ import annotations

from typing import Any

from redis import Redis

from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.ports import Allowed
from bot.store.connection import KEY, store_errors

A_PERSON = 30
AN_INSTALLATION = 300
"""Requests within any hour."""

_WINDOW_MS = 3600 * 1000

_TAKE = """
-- KEYS: the person's requests, the installation's, who was told; ARGV: request, limits, window
-- One step: a request that was counted stays allowed when its job runs again.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local window = tonumber(ARGV[4])
for i = 1, 2 do redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now - window) end
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 'yes' end
for i = 1, 2 do
  if redis.call('ZCARD', KEYS[i]) >= tonumber(ARGV[i + 1]) then
    local told = redis.call('GET', KEYS[3])
    if told and told ~= ARGV[1] then return 'silence' end
    redis.call('SET', KEYS[3], ARGV[1], 'PX', window)
    return 'no'
  end
end
for i = 1, 2 do
  redis.call('ZADD', KEYS[i], now, ARGV[1])
  redis.call('PEXPIRE', KEYS[i], window)
end
return 'yes'
"""


class RedisAllowances:
    """`ports.Allowances` on Redis."""

    def __init__(
        self, connection: Redis, a_person: int = A_PERSON, an_installation: int = AN_INSTALLATION
    ) -> None:
        self._take: Any = connection.register_script(_TAKE)
        self._limits = (a_person, an_installation)

    def take(self, ref: PullRef, mention: Mention) -> Allowed:
        """Count one request, unless the person's or the installation's hour is used up.

        "no" is said once an hour to each person, then "silence": a flood of requests gets no flood
        of answers. Raises StoreUnavailable.
        """
        installation = ref.repository.installation or 0
        keys = [
            f"{KEY}:asked:{installation}:{mention.sender.lower()}",
            f"{KEY}:asked:{installation}",
            f"{KEY}:asked:{installation}:{mention.sender.lower()}:told",
        ]
        with store_errors("counting requests"):
            said = self._take(keys, [f"{ref.key}/{mention.name}", *self._limits, _WINDOW_MS])
        answers: dict[bytes, Allowed] = {b"yes": "yes", b"no": "no"}
        return answers.get(said, "silence")
