"""A worker in one process with the real world, told when to work: `... bursting_worker`.

For each line of standard input it does all that waits, and prints what its process holds then.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections import Counter
from pathlib import Path

from bot.environment import read_settings
from bot.store.connection import connect, redis_url
from bot.store.rq_jobs import QUEUE_NAMES
from workers.queue.processes import children_of
from workers.queue.worker import PlumblineWorker
from workers.repository.index.parsers import shared_parsers


def main() -> None:
    """Serve until the input ends."""
    store = connect(redis_url(read_settings()))
    for _ in sys.stdin:
        PlumblineWorker(store, QUEUE_NAMES).work(burst=True, logging_level="WARNING")
        print(json.dumps(held()), flush=True)  # noqa: T201 - read by the test


def held() -> dict[str, object]:
    """What a job could leave to the next one, but for a parser that has read nothing."""
    used = sum(not parser.fresh for parser in shared_parsers()._idle)
    shared_parsers().close()
    mask = os.umask(0)
    os.umask(mask)
    return {
        "files": Counter(map(_kind, Path("/proc/self/fd").iterdir())),
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "children": used + len(children_of(os.getpid())),
        "folder": str(Path.cwd()),
        "umask": mask,
        "niceness": os.getpriority(os.PRIO_PROCESS, 0),
        "environment": dict(os.environ),
        "alarm": [str(signal.getsignal(signal.SIGALRM)), *signal.getitimer(signal.ITIMER_REAL)],
    }


def _kind(descriptor: Path) -> str:
    """What it points to, without the number that each socket and pipe has."""
    try:
        return str(descriptor.readlink()).partition(":[")[0]
    except FileNotFoundError:  # the listing's own
        return "/proc/self/fd"


if __name__ == "__main__":
    main()
