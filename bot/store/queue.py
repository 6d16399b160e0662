"""Jobs on RQ: prepared as RQ stores them, enqueued by name, read by `workers.queue`.

RQ accepts the function as a dotted string and does not import it, so the receiver stays free of
the workers' code; a test holds that the name resolves.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue as RQQueue
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job as RQJob
from rq.job import JobStatus, Retry
from rq.serializers import JSONSerializer

from bot.domain.jobs import QUEUE_OF, Job, PublishReply, PublishReview, QueueName, job_to_json
from bot.errors import StoreUnavailable

ENTRY = "workers.queue.entry.run"
QUEUES: tuple[QueueName, ...] = ("acknowledge", "publish", "mention", "review")
"""In the order in which a worker serves them."""

TIMEOUT_SECONDS: dict[QueueName, int] = {
    "acknowledge": 120,
    "publish": 300,
    "mention": 1_800,
    "review": 4_500,
}
_CRASHES = 3
"""How often a job whose worker died is run again; transient errors are counted apart."""
_RESULT_SECONDS = 600
_FAILURE_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class PreparedJob:
    """A job as RQ's hash `rq:job:ID` holds it; not yet stored."""

    id: str
    queue: QueueName
    fields: dict[str, Any]


def prepared(job: Job, connection: Redis, claims: tuple[str, ...] = ()) -> PreparedJob:
    """The RQ job for one of ours. No I/O. `claims`: keys to delete if it fails for good."""
    queue = QUEUE_OF[job.kind]
    rq_job = _rq_job(job, connection, claims, _job_id(job))
    rq_job.origin = queue
    rq_job.enqueued_at = datetime.now(UTC)
    return PreparedJob(rq_job.id, queue, rq_job.to_dict())


def _rq_job(job: Job, connection: Redis, claims: tuple[str, ...], job_id: str) -> RQJob:
    queue = QUEUE_OF[job.kind]
    return RQJob.create(
        ENTRY,
        args=(job_to_json(job), list(claims)),
        connection=connection,
        id=job_id,
        timeout=TIMEOUT_SECONDS[queue],
        result_ttl=_RESULT_SECONDS,
        failure_ttl=_FAILURE_SECONDS,
        description=f"{job.kind} {job_id}",
        origin=queue,
        serializer=JSONSerializer,
        retry=Retry(max=_CRASHES),
        status=JobStatus.QUEUED,
    )


def _job_id(job: Job) -> str:
    """Publishing is enqueued by a review that may run twice, so its id follows from its key."""
    match job:
        case PublishReview(review_key=key):
            return f"publish-{_digest(key)}"
        case PublishReply(reply_key=key):
            return f"reply-{_digest(key)}"
        case _:
            return f"{job.kind.replace('_', '-')}-{uuid.uuid4().hex}"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


class RedisQueue:
    """`ports.Queue` for workers; the receiver enqueues through `Inbox`, in its atomic step."""

    def __init__(self, connection: Redis) -> None:
        self._connection = connection

    def enqueue(self, job: Job, delay_seconds: float = 0.0) -> None:
        """Enqueue once: a job of the same id that waits or runs already stays as it is.

        Raises:
            StoreUnavailable: Redis refused or did not answer.
        """
        queue = RQQueue(QUEUE_OF[job.kind], connection=self._connection, serializer=JSONSerializer)
        rq_job = _rq_job(job, self._connection, (), _job_id(job))
        try:
            self._drop_ended(rq_job.id)
            if delay_seconds > 0:
                when = datetime.now(UTC) + timedelta(seconds=delay_seconds)
                queue.schedule_job(rq_job, when, unique=True)
            else:
                queue.enqueue_job(rq_job, unique=True)
        except DuplicateJobError:
            return
        except RedisError as error:
            raise StoreUnavailable(f"Redis refused {job.kind!r}: {error}") from error

    def _drop_ended(self, job_id: str) -> None:
        """A job that ended keeps its id for a while; that must not block a new one."""
        try:
            ended = RQJob.fetch(job_id, connection=self._connection, serializer=JSONSerializer)
        except NoSuchJobError:
            return
        if ended.get_status() in (JobStatus.FINISHED, JobStatus.FAILED, JobStatus.CANCELED):
            ended.delete()
