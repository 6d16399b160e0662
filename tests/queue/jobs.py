"""Jobs that do what their word says (`performing_worker`), and what they wrote down."""

from __future__ import annotations

import re
from pathlib import Path

import redis

from bot.domain.jobs import PublishReview
from bot.store.queue import RedisQueue
from bot.store.rq_jobs import JOB_PREFIX, stable_id
from tests.fakes.pulls import PULL


class Log:
    """What the jobs wrote down."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "log"

    def lines(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []

    def attempts(self) -> list[str]:
        """The beginnings, without the processes."""
        return [line.split(" pid")[0] for line in self.lines() if " attempt " in line]

    def has(self, line: str) -> bool:
        return any(re.fullmatch(line, each) for each in self.lines())

    def pid(self, line: str) -> int:
        return next(int(each.split()[-1]) for each in self.lines() if each.startswith(line))


def publish(store: redis.Redis, word: str, delay_seconds: float = 0.0) -> str:
    """Enqueue a job that does what its word says; its id."""
    job = PublishReview(PULL, word)
    RedisQueue(store).enqueue(job, delay_seconds)
    return stable_id(job)


def status(store: redis.Redis, job_id: str) -> str | None:
    raw = store.hget(JOB_PREFIX + job_id, "status")
    return raw.decode() if isinstance(raw, bytes) else None
