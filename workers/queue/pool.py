"""The worker processes of one machine: so many for reviews, one that is kept for answers, and one
that never thinks."""

from __future__ import annotations

import sys

from workers.queue.pulse import SILENT_SECONDS
from workers.queue.supervisor import Program, Supervisor
from workers.queue.worker import Role

KEPT_WORKERS = "two more workers are kept, for questions and for what needs no model"
"""As the commands tell that start them."""


def start_workers(supervisor: Supervisor, reviews_at_once: int) -> None:
    """Start them. With none for reviews, none at all: then other machines do the work."""
    if reviews_at_once < 1:
        return
    commands = worker_program("worker for commands", "commands")
    supervisor.start(commands, "acknowledges, posts and obeys; asks no model")
    answers = worker_program("worker for answers", "answers")
    supervisor.start(answers, "answers questions, also while reviews queue")
    for number in range(1, reviews_at_once + 1):
        supervisor.start(worker_program(f"worker {number}", "all"), "serves all queues")


def worker_program(name: str, role: Role) -> Program:
    """One worker process."""
    command = (sys.executable, "-m", "workers.queue.worker", role)
    return Program(name, command, silent_seconds=SILENT_SECONDS)
