"""A job as RQ keeps it: one hash, made here and put on its queue by a script in one step.

RQ's own `enqueue` writes the hash and pushes the id (https://python-rq.org/docs/jobs/). It cannot
do so on a condition that Redis decides, so the scripts of this folder push what is made here.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from redis import Redis
from rq import Queue
from rq.executions import ExecutionRegistry
from rq.job import Job as RqJob
from rq.job import JobStatus, Retry
from rq.registry import FailedJobRegistry, ScheduledJobRegistry
from rq.serializers import JSONSerializer
from rq.utils import now

from bot.domain.jobs import Job, QueueName, ReviewPull, job_to_json, queue_of

ENTRY: Final = "workers.queue.entry.run"
"""What a worker calls, by name: nothing of the workers is imported here. No other is allowed."""

QUEUE_NAMES: Final[tuple[QueueName, ...]] = (
    "acknowledge",
    "command",
    "publish",
    "mention",
    "review",
    "idle",
)
"""In the order in which workers serve them."""

SERIALIZER: Final = JSONSerializer
QUEUES_KEY: Final = Queue.redis_queues_keys
JOB_PREFIX: Final = RqJob.redis_job_namespace_prefix
QUEUE_PREFIX: Final = Queue.redis_queue_namespace_prefix
SCHEDULED_PREFIX: Final = ScheduledJobRegistry.key_template.format("")
FAILED_PREFIX: Final = FailedJobRegistry.key_template.format("")
EXECUTIONS_PREFIX: Final = ExecutionRegistry.key_template.format("")

FAILURE_SECONDS = 7 * 24 * 3600
"""Failed jobs stay visible for a week, longer than a delivery is remembered."""

_NOWHERE: Final = Redis()
"""RQ wants a connection in every job; a job that is only written down never uses it."""

KILLED_RETRIES: Final[dict[QueueName, Retry]] = {
    "acknowledge": Retry(max=8, interval=[1, 5]),
    "command": Retry(max=8, interval=[1, 5]),
    "publish": Retry(max=8, interval=[1, 5]),
    "mention": Retry(max=2, interval=[1, 5]),
    "review": Retry(max=2, interval=[1, 5]),
    "idle": Retry(max=2, interval=[1, 5]),
}
"""For jobs whose process died. What reads a pull request may be what kills it: after three
executions it is set apart as failed. What only talks to GitHub is hardly to blame for its death,
and the review that it posts is paid for.
"""

_TIMEOUT_SECONDS: dict[QueueName, int] = {
    "acknowledge": 120,
    "command": 600,
    "publish": 600,
    "mention": 3600,
    "review": 3600,
    "idle": 600,
}

ENQUEUE_LUA: Final = """
-- Puts a prepared job on its queue, at once (due == 0) or when it is due (Unix seconds).
local function enqueue(id, queue, fields, due)
  local key = '@JOB@' .. id
  redis.call('DEL', key)
  redis.call('HSET', key, unpack(fields))
  redis.call('ZREM', '@FAILED@' .. queue, id)
  redis.call('SADD', '@QUEUES@', '@QUEUE@' .. queue)
  if due == 0 then
    redis.call('RPUSH', '@QUEUE@' .. queue, id)
  else
    redis.call('HSET', key, 'status', 'scheduled')
    redis.call('ZADD', '@SCHEDULED@' .. queue, due, id)
  end
end

local function status(id)
  return redis.call('HGET', '@JOB@' .. id, 'status')
end

-- Whether the job is still to be done, or is being done.
local function waits(id)
  local state = status(id)
  return state == 'queued' or state == 'scheduled' or state == 'started'
end
"""


def script(source: str) -> str:
    """A script after the functions above, with the names of RQ's keys filled in."""
    names = {
        "@JOB@": JOB_PREFIX,
        "@QUEUE@": QUEUE_PREFIX,
        "@QUEUES@": QUEUES_KEY,
        "@SCHEDULED@": SCHEDULED_PREFIX,
        "@FAILED@": FAILED_PREFIX,
        "@EXECUTIONS@": EXECUTIONS_PREFIX,
    }
    text = ENQUEUE_LUA + source
    for mark, name in names.items():
        text = text.replace(mark, name)
    return text


@dataclass(frozen=True, slots=True)
class PreparedJob:
    """An id, a queue, and the fields and values of RQ's hash, one after the other."""

    id: str
    queue: QueueName
    fields: tuple[Any, ...]

    def arguments(self) -> list[Any]:
        """As the scripts read it: id, queue, number of what follows, fields and values."""
        return [self.id, self.queue, len(self.fields), *self.fields]


def prepare(job: Job, job_id: str | None = None) -> PreparedJob:
    """Make RQ's hash of a job. Nothing is sent."""
    queue = queue_of(job)
    made = RqJob.create(
        ENTRY,
        args=(job_to_json(job),),
        connection=_NOWHERE,
        id=job_id or uuid4().hex,
        origin=queue,
        timeout=_TIMEOUT_SECONDS[queue],
        result_ttl=0,
        failure_ttl=FAILURE_SECONDS,
        retry=KILLED_RETRIES[queue],
        description=_description(job),
        status=JobStatus.QUEUED,
        serializer=SERIALIZER,
    )
    made.enqueued_at = now()
    pairs = made.to_dict(include_meta=False, include_result=False).items()
    fields = tuple(part for name, value in pairs if value != "" for part in (name, value))
    return PreparedJob(made.id, queue, fields)


def stable_id(job: Job) -> str:
    """The same for an equal job, so that repeating it while it waits adds nothing."""
    text = json.dumps(job_to_json(job), sort_keys=True)
    return f"{job.kind}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _description(job: Job) -> str:
    """What logs show: the kind and ids; no names, no words of people."""
    pull = getattr(job, "pull", None)
    where = f" {pull.key}" if pull is not None else ""
    why = f" {job.trigger.id}" if isinstance(job, ReviewPull) else ""
    return f"{job.kind}{where}{why}"
