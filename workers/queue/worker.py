"""One worker process: `python -m workers.queue.worker all|answers|commands`.

RQ's worker with the settings and remedies that make a killed process cost seconds, not minutes.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Any, Literal, NoReturn
from uuid import uuid4

import redis.exceptions
from redis import Redis
from rq import Queue
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.worker import BaseWorker, WorkerStatus

from bot.domain.jobs import QueueName
from bot.environment import read_settings
from bot.errors import PlumblineError, UserError
from bot.process_log import LOG, log_to_stderr
from bot.store.connection import connect, redis_url
from bot.store.embedded import wait_until_up
from bot.store.rq_jobs import QUEUE_NAMES, SERIALIZER
from workers.queue.allowed_job import AllowedJob
from workers.queue.announcing import Announcement
from workers.queue.processes import ProcessId
from workers.queue.pulse import Pulse
from workers.queue.supervisor import START_AFRESH, UNUSABLE_SETTING
from workers.queue.taking import Taker, open_queue, recover
from workers.queue.wear import Lifetime, Wear

Role = Literal["all", "answers", "commands"]
_COMMANDS: tuple[QueueName, ...] = ("acknowledge", "command", "publish")
QUEUES_OF: dict[Role, tuple[QueueName, ...]] = {
    "all": QUEUE_NAMES,
    "answers": (*_COMMANDS, "mention"),
    "commands": _COMMANDS,
}
"""A worker of "answers" takes no review, so that people are answered while reviews queue. One of
"commands" asks no model, so that nothing that needs none waits behind one (decision 32).
"""

PRELOADED = ("sqlite3", "workers.jobs.perform", "workers.bootstrap", "workers.queue.entry")
_POLL_SECONDS = 0.1
_HEARTBEAT_SECONDS = 10.0
_CHORE_SECONDS = 3.0
_BETWEEN_SECONDS = 120.0
"""Between two jobs nothing takes long, but each of a dozen commands may wait for a slow Redis."""

_START_SECONDS = 60.0
"""The server may be reading its file back; the supervisor may have to start it again."""


def nothing() -> None:
    """A worker without chores."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What a worker does beside its jobs.

    `prepare`: once, when it first finds nothing to do. `chore`: between jobs, every few seconds.
    `pulse` tells the supervisor that all is well. Without a `lifetime` it serves for ever.
    """

    prepare: Callable[[], None] = nothing
    chore: Callable[[], None] = nothing
    pulse: Pulse = field(default_factory=Pulse)
    lifetime: Lifetime | None = None


class PlumblineWorker(BaseWorker):
    """Serves the queues in the order given, one job after the other, all in this process.

    `worn_out`: it ended because another process should go on.
    """

    unwind_seconds = 30.0
    """So much longer than its time a job may take to end, before the supervisor waits in vain."""

    def __init__(
        self,
        connection: Redis,
        queues: Sequence[QueueName],
        upkeep: Upkeep | None = None,
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
        self._upkeep = upkeep or Upkeep()
        self._pulse, lifetime = self._upkeep.pulse, self._upkeep.lifetime
        self._wear = Wear(lifetime) if lifetime else None
        self._beat_at = self._chore_at = 0.0
        self._prepared = self.worn_out = False

    def bootstrap(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as RQ declares it
        """Register, after putting back what dead workers of this machine left."""
        recover(self.connection)
        super().bootstrap(*args, **kwargs)
        self._pulse.serve()

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
        while not self._stop_requested:
            self._pulse.promise(_BETWEEN_SECONDS)
            try:
                self._keep_house()
                taken = self._taker.take()
            except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError) as error:
                self.log.warning("Redis is away, trying again: %s", error)
                time.sleep(1)
                continue
            if taken is not None or timeout is None:
                return taken
            self._rest()
        raise StopRequested

    def _keep_house(self) -> None:
        """What is due from time to time between jobs."""
        if time.monotonic() >= self._beat_at and self._prepared:
            self.set_state(WorkerStatus.IDLE)
            self.heartbeat()
            self._beat_at = time.monotonic() + _HEARTBEAT_SECONDS
        if self.should_run_maintenance_tasks:
            self.run_maintenance_tasks()
        if time.monotonic() >= self._chore_at:
            self._upkeep.chore()
            self._chore_at = time.monotonic() + _CHORE_SECONDS

    def _rest(self) -> None:
        """Nothing waits: prepare for what will come, or look again in a moment."""
        if self._prepared:
            time.sleep(_POLL_SECONDS)
        else:
            self._upkeep.prepare()
            self._prepared = True

    def prepare_job_execution(
        self,
        job: Job,
        remove_from_intermediate_queue: bool = False,  # noqa: ARG002 - always: `Taker` fills it
    ) -> None:
        """Begin: the job leaves the intermediate list in the same transaction."""
        super().prepare_job_execution(job, remove_from_intermediate_queue=True)

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Perform the job here. RQ's own worker would fork: 27 MB for each worker (decision 23)."""
        execution = self.prepare_execution(job)
        if self._wear is not None:
            self._wear.begin()
        self._pulse.promise(float(job.timeout or 0) + self.unwind_seconds)
        with self._heartbeats(job, execution):
            self.perform_job(job, queue, execution)
        self._pulse.promise(_BETWEEN_SECONDS)
        self.set_state(WorkerStatus.IDLE)
        if self._wear is not None and (why := self._wear.end()):
            LOG.info("a worker starts afresh: %s", why)
            self.worn_out = self._stop_requested = True

    @contextmanager
    def _heartbeats(self, job: Job, execution: Execution) -> Iterator[None]:
        """Workers of other machines see that the job is not abandoned, however long it takes."""
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(self.job_monitoring_interval):
                with suppress(redis.exceptions.RedisError):  # away; the next one tells
                    self.maintain_heartbeats(job, execution)

        thread = threading.Thread(target=beat, daemon=True, name="heartbeat")
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def handle_exception(self, job: Job, *exc_info: Any) -> None:  # noqa: ANN401 - as RQ declares it
        """RQ's; what ended a job may also end this process."""
        super().handle_exception(job, *exc_info)
        if self._wear is not None:
            self._wear.note_failure(exc_info[1])

    def request_force_stop(self, signum: int, frame: FrameType | None) -> None:
        """A second signal: end now. RQ would raise in the middle of the job, which would be failed
        for good; so it is one of a dead worker, and runs again."""
        try:
            super().request_force_stop(signum, frame)
        except SystemExit:
            os._exit(128 + signum)

    def subscribe(self) -> None:
        """Not to RQ's commands over Redis: nobody sends any, and here is no process to kill."""

    def _shutdown(self) -> None:
        """A first SIGTERM: end the current job, take no other. RQ would raise in mid-dequeue."""
        self._stop_requested = True


def preload(model: bool) -> None:
    """Import what jobs need; a job that comes before imports what it needs itself."""
    for name in PRELOADED:
        importlib.import_module(name)
    if model:
        from workers.model.client import load_sdk  # here: without a model nobody pays for it

        load_sdk()
    gc.collect()
    gc.freeze()  # modules stay: the collector need not look at them again and again


def work(role: Role, descriptor: int | None) -> int:
    """Serve until told to stop or worn out. Raises SettingError, StoreUnavailable."""
    pulse = Pulse(descriptor)
    pulse.start(_START_SECONDS + _BETWEEN_SECONDS)
    settings = read_settings()
    wait_until_up(redis_url(settings), _START_SECONDS)
    announce: Callable[[], None] = nothing
    if role == "answers":  # each machine has one
        announce = Announcement(settings).attempt
        announce()  # settings that GitHub refuses fail here
    prepare = partial(preload, settings.model.configured and role != "commands")
    upkeep = Upkeep(prepare, announce, pulse, Lifetime())
    worker = PlumblineWorker(connect(redis_url(settings)), QUEUES_OF[role], upkeep)
    worker.work(logging_level="WARNING")
    return START_AFRESH if worker.worn_out else 0


def role_of(word: str) -> Role:
    """The role of this name. Raises ValueError."""
    for role in QUEUES_OF:
        if role == word:
            return role
    raise ValueError(f"a worker is {' or '.join(QUEUES_OF)}, not {word!r}")


def main(arguments: Sequence[str]) -> int:
    """The process's exit status: 2 when a setting cannot be used, 3 to be started afresh.

    Arguments: the role, and the descriptor on which the supervisor waits for proofs of life.
    """
    log_to_stderr()
    descriptor = int(arguments[1]) if len(arguments) > 1 else None
    try:
        return work(role_of(arguments[0]), descriptor)
    except PlumblineError as error:
        sys.stderr.write(f"plumbline: {error}\n")
        return UNUSABLE_SETTING if isinstance(error, UserError) else 1
    except redis.exceptions.RedisError as error:
        sys.stderr.write(f"plumbline: a worker lost Redis: {error}\n")
        return 1


def end(status: int) -> NoReturn:
    """Leave at once. Python would first wait for each thread, and a job may have left one that
    hangs."""
    logging.shutdown()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    end(main(sys.argv[1:]))
