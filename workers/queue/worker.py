"""One worker process: `python -m workers.queue.worker all|answers`.

RQ's worker with the settings and remedies that make a killed process cost seconds, not minutes.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal
from uuid import uuid4

import redis.exceptions
from redis import Redis
from rq import Queue, Worker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.worker import WorkerStatus

from bot.domain.jobs import QueueName
from bot.errors import PlumblineError, UserError
from bot.process_log import log_to_stderr
from bot.settings import read_settings
from bot.store.connection import connect, redis_url
from bot.store.embedded import answers_within, wait_until_up
from bot.store.rq_jobs import QUEUE_NAMES, SERIALIZER
from workers.queue.allowed_job import AllowedJob
from workers.queue.announcing import Announcement
from workers.queue.processes import ProcessId, die_with_parent
from workers.queue.supervisor import UNUSABLE_SETTING
from workers.queue.taking import Taker, open_queue, recover

Role = Literal["all", "answers"]
QUEUES_OF: dict[Role, tuple[QueueName, ...]] = {
    "all": QUEUE_NAMES,
    "answers": ("acknowledge", "publish", "mention"),
}
"""A worker of "answers" takes no review, so that people are answered while reviews queue."""

PRELOADED = ("sqlite3", "workers.jobs", "workers.bootstrap", "workers.queue.entry")
_POLL_SECONDS = 0.1
_HEARTBEAT_SECONDS = 10.0
_CHORE_SECONDS = 3.0
_START_SECONDS = 60.0
"""The server may be reading its file back; the supervisor may have to start it again."""


def nothing() -> None:
    """A worker without chores."""


class PlumblineWorker(Worker):
    """Serves the queues in the order given. Every job runs in a process of its own.

    `chore` is done between jobs, every few seconds.
    """

    def __init__(
        self,
        connection: Redis,
        queues: Sequence[QueueName],
        chore: Callable[[], None] = nothing,
    ) -> None:
        process = ProcessId.of(os.getpid())
        super().__init__(
            [open_queue(name, connection) for name in queues],
            name=f"{process}|{uuid4().hex[:8]}",
            connection=connection,
            job_class=AllowedJob,
            serializer=SERIALIZER,
            maintenance_interval=15,
            job_monitoring_interval=5,
            worker_ttl=30,
            log_job_description=False,
        )
        self._taker = Taker(connection, process, queues)
        self._chore = chore

    def bootstrap(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as RQ declares it
        """Register, after putting back what dead workers of this machine left."""
        recover(self.connection)
        super().bootstrap(*args, **kwargs)

    def run_maintenance_tasks(self) -> None:
        """RQ's, and the same remedy for workers that died since."""
        recover(self.connection)
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]

    def dequeue_job_and_maintain_ttl(
        self,
        timeout: int | None,
        max_idle_time: int | None = None,  # noqa: ARG002 - as RQ declares it
    ) -> tuple[Job, Queue] | None:
        """The next job; None in a burst when there is none. Never loses one to a signal."""
        beat_at = chore_at = 0.0
        while not self._stop_requested:
            try:
                if time.monotonic() >= beat_at:
                    self.set_state(WorkerStatus.IDLE)
                    self.heartbeat()
                    beat_at = time.monotonic() + _HEARTBEAT_SECONDS
                if self.should_run_maintenance_tasks:
                    self.run_maintenance_tasks()
                if time.monotonic() >= chore_at:
                    self._chore()
                    chore_at = time.monotonic() + _CHORE_SECONDS
                taken = self._taker.take()
            except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError) as error:
                self.log.warning("Redis is away, trying again: %s", error)
                time.sleep(1)
                continue
            if taken is not None or timeout is None:
                return taken
            time.sleep(_POLL_SECONDS)
        raise StopRequested

    def prepare_job_execution(
        self,
        job: Job,
        remove_from_intermediate_queue: bool = False,  # noqa: ARG002 - always: `Taker` fills it
    ) -> None:
        """Begin: the job leaves the intermediate list in the same transaction."""
        super().prepare_job_execution(job, remove_from_intermediate_queue=True)

    def monitor_work_horse(self, job: Job, queue: Queue, execution: Execution) -> None:
        """RQ's, which would quit, and the job's process with it, when Redis goes away meanwhile."""
        while True:
            try:
                super().monitor_work_horse(job, queue, execution)
                return
            except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError) as error:
                self.log.warning("Redis is away while a job runs: %s", error)
                if not answers_within(self.connection, _START_SECONDS):
                    raise

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """In the job's process: it must not outlive the worker, or two would do one job."""
        die_with_parent(self.pid or 0)
        super().main_work_horse(job, queue)

    def _shutdown(self) -> None:
        """A first SIGTERM: end the current job, take no other. RQ would raise in mid-dequeue."""
        self._stop_requested = True


def preload(model: bool) -> None:
    """Import once what every job needs: forked processes share it and start at once."""
    for name in PRELOADED:
        importlib.import_module(name)
    if model:
        from workers.model.client import load_sdk  # here: without a model nobody pays for it

        load_sdk()
    gc.collect()
    gc.freeze()  # the collector would otherwise touch, and so copy, every shared page


def work(role: Role) -> None:
    """Serve until told to stop. Raises SettingError, StoreUnavailable."""
    settings = read_settings()
    wait_until_up(redis_url(settings), _START_SECONDS)
    preload(settings.model.configured)
    announce: Callable[[], None] = nothing
    if role == "answers":  # each machine has one
        announce = Announcement(settings).attempt
        announce()  # settings that GitHub refuses fail here
    worker = PlumblineWorker(connect(redis_url(settings)), QUEUES_OF[role], announce)
    worker.work(logging_level="WARNING")


def main(arguments: Sequence[str]) -> int:
    """The process's exit status: 2 when a setting cannot be used."""
    log_to_stderr()
    try:
        work("answers" if list(arguments) == ["answers"] else "all")
    except PlumblineError as error:
        sys.stderr.write(f"plumbline: {error}\n")
        return UNUSABLE_SETTING if isinstance(error, UserError) else 1
    except redis.exceptions.RedisError as error:
        sys.stderr.write(f"plumbline: a worker lost Redis: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
