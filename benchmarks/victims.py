"""The processes of a running App, one of which is killed; and when what it did goes on again."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import requests
from redis.exceptions import RedisError
from rq import Worker
from rq.executions import WORKER_EXECUTIONS_KEY_TEMPLATE

from benchmarks.app import RunningApp
from bot.store.connection import Connection
from bot.store.rq_jobs import JOB_PREFIX

Role = Literal["receiver", "worker", "busy worker", "valkey"]

_MOST_KILLS_OF_A_JOB = 2
"""A job whose process died three times is set apart as failed: that is its design, no loss."""


@dataclass(frozen=True, slots=True)
class Kill:
    """One SIGKILL. `jobs`: what the killed process was at, and how often each had been begun."""

    role: Role
    pid: int
    at: float
    jobs: dict[str, int]


class Victims:
    """Kills, and tells when the App has recovered from it."""

    def __init__(self, app: RunningApp, store: Connection) -> None:
        self._app, self._store = app, store
        self._workers = len(self._pids("worker"))
        self._deaths: Counter[str] = Counter()

    def kill(self, role: Role, number: int) -> Kill | None:
        """Kill a process of this role; None when there is none to kill now.

        `number` chooses among several.
        """
        found = self._pids(role)
        if not found:
            return None
        pid = found[number % len(found)]
        jobs = self._jobs_of(pid) if role in ("worker", "busy worker") else {}
        if any(self._deaths[job] >= _MOST_KILLS_OF_A_JOB for job in jobs):
            return None
        self._deaths.update(jobs)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return Kill(role, pid, time.monotonic(), jobs)

    def recovered(self, kill: Kill) -> bool:
        """Whether the role is filled again and every job it was at is waiting, begun or done."""
        if kill.role in ("receiver", "valkey"):
            return self._ready()
        try:
            begun = all(self._goes_on(job, times) for job, times in kill.jobs.items())
            return begun and len(self._registered()) >= self._workers
        except RedisError:
            return False

    def _pids(self, role: Role) -> list[int]:
        roles = self._app.roles()
        if role in ("receiver", "valkey"):
            return roles[role]
        workers = [*roles["worker"], *roles["worker for commands"]]
        return [pid for pid in workers if role == "worker" or self._jobs_of(pid)]

    def _ready(self) -> bool:
        try:
            return requests.get(f"{self._app.url}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def _registered(self) -> set[int]:
        """Workers that RQ knows and that run."""
        return {pid for pid in self._pids("worker") if self._key(pid)}

    def _jobs_of(self, worker: int) -> dict[str, int]:
        """The job that it is at, with how often that was begun; more where RQ still lists some."""
        try:
            name = self._key(worker).removeprefix(Worker.redis_worker_namespace_prefix)
            executions: Any = self._store.smembers(WORKER_EXECUTIONS_KEY_TEMPLATE.format(name))
            jobs = {execution.decode().rpartition(":")[0] for execution in executions}
            return {job: self._attempts(job) for job in jobs if self._status(job) == b"started"}
        except RedisError:
            return {}

    def _key(self, worker: int) -> str:
        """RQ's key of a worker process; "" when it is not registered."""
        keys: Any = self._store.smembers(Worker.redis_workers_keys)
        names = (key.decode() for key in keys)
        return next((name for name in names if f"|{worker}|" in name), "")

    def _attempts(self, job: str) -> int:
        return int(self._store.hget(f"{JOB_PREFIX}{job}", "attempts") or 0)

    def _goes_on(self, job: str, begun: int) -> bool:
        return self._status(job) != b"started" or self._attempts(job) > begun

    def _status(self, job: str) -> Any:  # noqa: ANN401 - bytes, or None when it is gone
        return self._store.hget(f"{JOB_PREFIX}{job}", "status")
