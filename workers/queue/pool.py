"""The worker processes of one machine: so many for reviews, and one that is kept for answers."""

from __future__ import annotations

import sys

from workers.queue.pulse import SILENT_SECONDS
from workers.queue.supervisor import Program, Supervisor
from workers.queue.worker import Role


def start_workers(supervisor: Supervisor, reviews_at_once: int) -> None:
    """Start them. With none for reviews, none at all: then other machines do the work."""
    if reviews_at_once < 1:
        return
    supervisor.start(
        worker_program("worker for answers", "answers"), "acknowledges, posts and answers mentions"
    )
    for number in range(1, reviews_at_once + 1):
        supervisor.start(worker_program(f"worker {number}", "all"), "serves all queues")


def worker_program(name: str, role: Role) -> Program:
    """One worker process."""
    command = (sys.executable, "-m", "workers.queue.worker", role)
    return Program(name, command, silent_seconds=SILENT_SECONDS)
