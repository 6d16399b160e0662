"""The only RQ job that a worker performs: our entry point with one JSON object.

Whoever can write to Redis can name any function in a job, its callbacks or its webhooks; RQ would
call them. Here they are refused or dropped.
"""

from __future__ import annotations

from typing import Any

from rq.job import Job

from bot.store.rq_jobs import ENTRY


class RefusedJob(ValueError):
    """A job names something else than our entry point."""


class AllowedJob(Job):
    """Performs `ENTRY` and nothing else."""

    def restore(self, raw_data: Any) -> Any:  # noqa: ANN401 - as RQ declares it
        """Read the hash, less everything else in it that would be called or requested."""
        restored = super().restore(raw_data)
        self._success_callback_name = None
        self._failure_callback_name = None
        self._stopped_callback_name = None
        self.webhooks = []
        self._dependency_ids = []
        return restored

    @property
    def func(self) -> Any:  # noqa: ANN401 - as RQ declares it
        """The entry point. Raises RefusedJob, after which the job is not tried again."""
        if self.func_name != ENTRY or self.instance is not None or self.kwargs:
            self.retries_left = 0
            raise RefusedJob(f"job {self.id!r} names {self.func_name!r}; only {ENTRY!r} is run")
        return super().func
