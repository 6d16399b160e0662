"""One atomic step for a delivery: claim it, record what is wanted, enqueue its jobs.

All of it happens or nothing, so no death of a process loses a delivery that was answered (a power
cut may: decision 6), and one that was not can be sent again. Why it is a script:
`docs/decisions/0002-one-script-per-delivery.md`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

import redis.asyncio

from bot.domain.delivery import HeadChange, Plan, Receipt
from bot.store.connection import KEY, store_errors
from bot.store.rq_jobs import PreparedJob, prepare, script
from bot.store.wanted import KEEP_SECONDS, wanted_key

CLAIM_SECONDS = 3 * 24 * 3600
"""GitHub redelivers for three days."""

QUIET_SECONDS = 10.0
"""Pushes are gathered until there was none for so long ..."""

GATHER_SECONDS = 60.0
"""... but never for longer than this after the first."""

Outcome = Literal["accepted", "known", "stale"]

_ACCEPT = script("""
-- KEYS: claim by GUID, claim by body, state of the pull request
-- ARGV: now, seconds of a claim, seconds of a state, quiet seconds, longest seconds,
--       head ('' no change), closed ('1' or '0'), updated_at,
--       slot of the gathered review ('' none), whether it waits for more ('1' or '0'),
--       then of each job: id, queue, number of fields, fields...; the gathered review last
local now, quiet, longest = tonumber(ARGV[1]), tonumber(ARGV[4]), tonumber(ARGV[5])
local head, closed, updated_at, slot, gather = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local state = KEYS[3]

-- A claim is forgotten when one of its jobs failed for good: then a redelivery tries again.
local function failed(claim)
  for id in string.gmatch(claim, '%S+') do
    if status(id) == 'failed' then return true end
  end
  return false
end

for at = 1, 2 do
  local claim = redis.call('GET', KEYS[at])
  if claim and not failed(claim) then return 'known' end
end

-- What is wanted of the pull request. An older delivery does not undo a newer one.
local stale = false
if head ~= '' then
  local seen = redis.call('HGET', state, 'updated_at')
  stale = updated_at ~= '' and seen and updated_at < seen
  redis.call('HINCRBY', state, 'generation', 1)
  if not stale then
    redis.call('HSET', state, 'head', head, 'closed', closed, 'updated_at', updated_at)
  end
  redis.call('EXPIRE', state, ARGV[3])
end

local ids = {}

-- One review stands for every delivery that asks for it while it waits.
local function request_review(id, queue, fields)
  local waiting = redis.call('HGET', state, 'waiting:' .. slot)
  if waiting and waits(waiting) then
    redis.call('HDEL', state, 'stopped:' .. slot)  -- what is new is wanted again
    local due = redis.call('ZSCORE', '@SCHEDULED@' .. queue, waiting)
    local first = tonumber(redis.call('HGET', state, 'first:' .. slot) or now)
    if due and gather == '0' then
      redis.call('ZADD', '@SCHEDULED@' .. queue, now, waiting)
    elseif due then
      local later = math.min(now + quiet, first + longest)
      if later > tonumber(due) then redis.call('ZADD', '@SCHEDULED@' .. queue, later, waiting) end
    end
    table.insert(ids, waiting)
    return
  end
  local due = 0
  if gather == '1' and redis.call('HEXISTS', state, 'reviewed') == 1 then due = now + quiet end
  redis.call('HSET', state, 'waiting:' .. slot, id, 'first:' .. slot, now, 'reviewed', '1')
  enqueue(id, queue, fields, due)
  table.insert(ids, id)
end

local outdated = stale and closed == '1'
local at = 11
while ARGV[at] and not outdated do
  local id, queue, count = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local fields = {unpack(ARGV, at + 3, at + 2 + count)}
  at = at + 3 + count
  if slot ~= '' and not ARGV[at] then
    request_review(id, queue, fields)
  else
    enqueue(id, queue, fields, 0)
    table.insert(ids, id)
  end
end

local claim = table.concat(ids, ' ')
redis.call('SET', KEYS[1], claim, 'EX', ARGV[2])
redis.call('SET', KEYS[2], claim, 'EX', ARGV[2])
return outdated and 'stale' or 'accepted'
""")


class Deliveries:
    """What the receiver knows of earlier deliveries."""

    def __init__(
        self, connection: redis.asyncio.Redis, clock: Callable[[], float] = time.time
    ) -> None:
        self._clock = clock
        self._accept: Any = connection.register_script(_ACCEPT)

    async def accept(self, receipt: Receipt, plan: Plan) -> Outcome:
        """Claim the delivery and do what its plan says, in one step.

        "known": it was claimed within three days and its jobs did not fail. "stale": it says that
        the pull request closed, but a newer delivery said otherwise; nothing was enqueued.

        Raises:
            StoreUnavailable: nothing was done, or it is not known whether it was.
        """
        keys = [
            f"{KEY}:delivery:{receipt.delivery}",
            f"{KEY}:body:{receipt.body_sha256}",
            wanted_key(plan.change.pull) if plan.change else "",
        ]
        with store_errors("accepting a delivery"):
            outcome = await self._accept(keys=keys, args=self._arguments(plan))
        return _OUTCOMES[outcome]

    def _arguments(self, plan: Plan) -> list[Any]:
        jobs = [*plan.jobs, plan.review] if plan.review else list(plan.jobs)
        prepared = [prepare(job) for job in jobs]
        return [
            self._clock(),
            CLAIM_SECONDS,
            KEEP_SECONDS,
            QUIET_SECONDS,
            GATHER_SECONDS,
            *_change(plan.change),
            plan.review.trigger.kind if plan.review else "",
            "1" if plan.gather else "0",
            *_flat(prepared),
        ]


_OUTCOMES: dict[bytes, Outcome] = {b"accepted": "accepted", b"known": "known", b"stale": "stale"}


def _change(change: HeadChange | None) -> tuple[str, str, str]:
    if change is None:
        return "", "0", ""
    return change.head, "1" if change.closed else "0", change.updated_at


def _flat(prepared: list[PreparedJob]) -> list[Any]:
    return [argument for job in prepared for argument in job.arguments()]
