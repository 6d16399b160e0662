"""A worker process whose jobs write down that they ran: `python -m tests.queue.performing_worker`.

Arguments: the store's URL, a folder, the role. A review's key or trigger tells a job what to do.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from bot.domain.jobs import Job, PublishReview, ReviewPull
from bot.errors import PermanentError, Superseded, TransientError
from bot.process_log import log_to_stderr
from bot.store.connection import connect
from bot.store.leases import LeaseTaken
from workers.queue.entry import perform_with
from workers.queue.worker import QUEUES_OF, PlumblineWorker


def main(url: str, folder: Path, role: str) -> None:
    """Serve until told to stop."""

    def perform(job: Job, attempt: int, last: bool) -> None:
        word = _word(job)
        _note(folder, f"{word} attempt {attempt}{' last' if last else ''} pid {os.getpid()}")
        _obey(word, attempt, folder)
        _note(folder, f"{word} done")

    log_to_stderr()
    perform_with(perform)
    queues = QUEUES_OF["answers" if role == "answers" else "all"]
    PlumblineWorker(connect(url), queues).work(logging_level="ERROR")


def _word(job: Job) -> str:
    if isinstance(job, PublishReview):
        return job.review_key
    if isinstance(job, ReviewPull) and job.trigger.kind == "mention":
        return job.trigger.id
    return job.kind


def _obey(word: str, attempt: int, folder: Path) -> None:
    action = word.split()[0]
    if action == "slow":
        time.sleep(3)
    elif action == "hang-once" and attempt == 1:
        time.sleep(60)
    elif action == "die":
        os.kill(os.getpid(), 9)
    elif action == "transient" and attempt == 1:
        raise TransientError("not now", retry_after=1)
    elif action == "taken" and not (turn := folder / "turn").exists():
        turn.touch()
        raise LeaseTaken("not my turn", retry_after=1)
    elif action == "permanent":
        raise PermanentError("never")
    elif action == "superseded":
        raise Superseded("the head moved")


def _note(folder: Path, line: str) -> None:
    with (folder / "log").open("a", encoding="utf-8") as log:
        log.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
