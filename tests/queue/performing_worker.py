"""A worker process whose jobs write down that they ran: `python -m tests.queue.performing_worker`.

Arguments: the store's URL, a folder, the role, and where a supervisor waits for proofs of life, its
descriptor. A review's key or trigger tells a job what to do.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from bot.domain.jobs import Job, PublishReview, ReviewPull
from bot.errors import PermanentError, Superseded, TransientError
from bot.process_log import log_to_stderr
from bot.store.connection import connect
from bot.store.leases import LeaseTaken
from workers.queue.entry import perform_with
from workers.queue.pulse import Pulse
from workers.queue.supervisor import START_AFRESH
from workers.queue.wear import Lifetime
from workers.queue.worker import QUEUES_OF, PlumblineWorker, Upkeep, end, role_of

LIFETIME = Lifetime(jobs=5, resident_bytes=200 * 1024**2)


class HastyWorker(PlumblineWorker):
    """Beats, and loses patience, sooner than a real one."""

    unwind_seconds = 0.5

    def bootstrap(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as RQ declares it
        """See `PlumblineWorker.bootstrap`."""
        self.job_monitoring_interval = 0.2
        super().bootstrap(*args, **kwargs)


def main(url: str, folder: Path, role: str, descriptor: int | None) -> int:
    """Serve until told to stop."""

    def perform(job: Job, attempt: int, last: bool) -> None:
        word = _word(job)
        _note(folder, f"{word} attempt {attempt}{' last' if last else ''} pid {os.getpid()}")
        _obey(word, attempt, folder)
        _note(folder, f"{word} done")

    pulse = Pulse(descriptor)
    pulse.start(60)
    log_to_stderr()
    perform_with(perform)
    queues = QUEUES_OF[role_of(role)]
    lifetime = LIFETIME if descriptor is not None else None
    worker = HastyWorker(connect(url), queues, Upkeep(pulse=pulse, lifetime=lifetime))
    worker.work(logging_level="ERROR")
    return START_AFRESH if worker.worn_out else 0


def _word(job: Job) -> str:
    if isinstance(job, PublishReview):
        return job.review_key
    if isinstance(job, ReviewPull) and job.trigger.kind == "mention":
        return job.trigger.id
    return job.kind


def _obey(word: str, attempt: int, folder: Path) -> None:
    action = word.split()[0]
    if action == "transient" and attempt == 1:
        raise TransientError("not now", retry_after=1)
    if action == "taken" and not (turn := folder / "turn").exists():
        turn.touch()
        raise LeaseTaken("not my turn", retry_after=1)
    if action == "permanent":
        raise PermanentError("never")
    if action == "superseded":
        raise Superseded("the head moved")
    if action == "bug":
        raise ZeroDivisionError("nobody foresaw this")
    _misbehave(action, attempt)


def _misbehave(action: str, attempt: int) -> None:
    if action == "slow":
        time.sleep(3)
    elif action == "hang-once" and attempt == 1:
        time.sleep(60)
    elif action == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "crash-once" and attempt == 1:
        os.kill(os.getpid(), signal.SIGSEGV)
    elif action == "exit-once" and attempt == 1:
        os._exit(0)
    elif action == "backtrack-once" and attempt == 1:
        re.fullmatch(r"(a*)*b", "a" * 64)  # some centuries, and no other thread runs meanwhile
    elif action == "deaf-once" and attempt == 1:
        _sleep_through_everything()
    elif action == "thread":
        threading.Thread(target=time.sleep, args=(60,), name="forgotten").start()
    elif action == "grow":
        _ = globals().setdefault("_held", bytearray(os.urandom(1)) * LIFETIME.resident_bytes)


def _sleep_through_everything() -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            time.sleep(60)
        except Exception as ignored:
            _ = ignored


def _note(folder: Path, line: str) -> None:
    with (folder / "log").open("a", encoding="utf-8") as log:
        log.write(line + "\n")


if __name__ == "__main__":
    where = int(sys.argv[4]) if len(sys.argv) > 4 else None
    end(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], where))
