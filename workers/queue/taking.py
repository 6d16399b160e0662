"""Taking the next job so that a worker's death loses none, and moving what is due.

RQ pops from several queues with BLPOP: a worker that is killed before it registered the job takes
it with it. One script moves the job to RQ's intermediate list of its queue instead, and writes
down who took it. The same script enqueues what is due, so no scheduler process is needed, and
forgets the executions of dead workers: RQ lists them for a minute longer than it keeps them, and
fails a job that ended well meanwhile because it does not find one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from redis import Redis
from rq import Queue
from rq.job import Job
from rq.registry import StartedJobRegistry

from bot.domain.jobs import QueueName
from bot.store.connection import KEY
from bot.store.rq_jobs import QUEUE_NAMES, SERIALIZER, script
from workers.queue.allowed_job import AllowedJob
from workers.queue.processes import ProcessId

_TAKE = script("""
-- ARGV: now, who takes, the queues in their order
for at = 3, #ARGV do
  local scheduled = '@SCHEDULED@' .. ARGV[at]
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', scheduled, '-inf', ARGV[1], 'LIMIT', 0, 100)) do
    redis.call('ZREM', scheduled, id)
    if status(id) then
      redis.call('HSET', '@JOB@' .. id, 'status', 'queued')
      redis.call('RPUSH', '@QUEUE@' .. ARGV[at], id)
    end
  end
end
for at = 3, #ARGV do
  local queue = '@QUEUE@' .. ARGV[at]
  while true do
    local id = redis.call('LMOVE', queue, queue .. ':intermediate', 'LEFT', 'RIGHT')
    if not id then break end
    if status(id) then
      redis.call('HSET', '@JOB@' .. id, 'taken_by', ARGV[2])
      redis.call('DEL', '@EXECUTIONS@' .. id)
      return {ARGV[at], id}
    end
    redis.call('LREM', queue .. ':intermediate', 1, id)
  end
end
return false
""")

_GIVE_BACK = script("""
-- ARGV: queue, id, who took it. Back to the front, unless it was begun or taken by another.
local queue = '@QUEUE@' .. ARGV[1]
if redis.call('HGET', '@JOB@' .. ARGV[2], 'taken_by') ~= ARGV[3] then return 0 end
if redis.call('LREM', queue .. ':intermediate', 1, ARGV[2]) == 0 then return 0 end
if status(ARGV[2]) == 'queued' then redis.call('LPUSH', queue, ARGV[2]) end
return 1
""")

_RECOVERY_LOCK = f"{KEY}:recovery"
_LOCK_SECONDS = 10

_TAKE_OVER = """
-- KEYS: the lock; ARGV: who held it and died, who takes it, seconds
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
"""


def open_queue(name: QueueName, connection: Redis) -> Queue:
    """RQ's queue, with our serializer and only our jobs."""
    return Queue(name, connection=connection, job_class=AllowedJob, serializer=SERIALIZER)


class Taker:
    """Takes jobs for one worker process."""

    def __init__(self, connection: Redis, process: ProcessId, queues: Sequence[QueueName]) -> None:
        self._connection, self._process = connection, process
        self._queues = {name: open_queue(name, connection) for name in queues}
        self._take: Any = connection.register_script(_TAKE)
        self._answer_lost = False

    def take(self) -> tuple[Job, Queue] | None:
        """The next job, now "in between" until it is begun; None if there is none.

        Raises:
            redis.RedisError: the answer was lost; what it held is given back at the next call.
        """
        if self._answer_lost:
            for name in self._queues:
                _give_back_taken(self._connection, name, lambda taker: taker == self._process)
        self._answer_lost = True
        taken = self._take(args=[time.time(), str(self._process), *self._queues])
        self._answer_lost = False
        if not taken:
            return None
        queue = self._queues[taken[0].decode()]
        job = AllowedJob.fetch(taken[1].decode(), self._connection, SERIALIZER)
        return job, queue


def recover(connection: Redis) -> None:
    """Put back what dead workers of this machine had taken or begun.

    A begun job goes back only while RQ grants it a retry; else it is failed, for all to see.
    """
    if not _lock(connection):
        return  # another worker is at it: twice at once would enqueue twice
    try:
        for name in QUEUE_NAMES:
            _give_back_taken(connection, name, lambda taker: taker.dead)
            _expire_begun(connection, name)
    finally:
        connection.delete(_RECOVERY_LOCK)


def _lock(connection: Redis) -> bool:
    """Lock out other workers; who was killed in the middle of it does not."""
    me = str(ProcessId.of(os.getpid()))
    if connection.set(_RECOVERY_LOCK, me, nx=True, ex=_LOCK_SECONDS):
        return True
    held: Any = connection.get(_RECOVERY_LOCK)
    holder = ProcessId.parse(held.decode()) if held else None
    if holder is None or not holder.dead:
        return False
    take_over: Any = connection.register_script(_TAKE_OVER)
    return bool(take_over(keys=[_RECOVERY_LOCK], args=[held, me, _LOCK_SECONDS]))


def _give_back_taken(connection: Redis, name: QueueName, lost: Callable[[ProcessId], bool]) -> None:
    queue = open_queue(name, connection)
    give_back: Any = connection.register_script(_GIVE_BACK)
    for job_id in queue.intermediate_queue.get_job_ids():
        taker: Any = connection.hget(AllowedJob.key_for(job_id), "taken_by")
        process = ProcessId.parse(taker.decode()) if taker else None
        if process is not None and lost(process):
            give_back(args=[name, job_id, taker])


def _expire_begun(connection: Redis, name: QueueName) -> None:
    registry = StartedJobRegistry(
        name, connection=connection, job_class=AllowedJob, serializer=SERIALIZER
    )
    entries: Any = connection.zrange(registry.key, 0, -1)
    for entry in entries:
        worker: Any = connection.hget(f"rq:execution:{entry.decode()}", "worker_name")
        process = ProcessId.parse(worker.decode()) if worker else None
        if process is not None and process.dead:
            connection.zadd(registry.key, {entry: 1}, xx=True)
    registry.cleanup()
