"""When a worker process has served long enough, and another should start in its place."""

from __future__ import annotations

import os
import resource
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from bot.errors import PlumblineError

_MEGABYTE = 1024**2
_MOMENT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How much one process serves. `resident_bytes` counts what it shares with others in full."""

    jobs: int = 500
    """About a hundred reviews: a leak that nobody knows of costs little, a start now and then."""

    resident_bytes: int = 160 * _MEGABYTE
    """A worker at work holds 110 to 120. An allocator keeps what one huge review made it take."""


class Wear:
    """What the jobs of this process may have left in it."""

    def __init__(self, lifetime: Lifetime) -> None:
        self._lifetime = lifetime
        self._jobs = 0
        self._broken = ""
        self._threads: frozenset[threading.Thread] = frozenset()

    def begin(self) -> None:
        """A job begins: threads that are there now are none of its own."""
        self._threads = frozenset(threading.enumerate())

    def note_failure(self, error: BaseException) -> None:
        """A job ended so. What nobody foresaw, a timeout too, may have left anything behind."""
        if not isinstance(error, PlumblineError):
            self._broken = f"a job ended with {type(error).__name__}"

    def end(self) -> str:
        """A job ended; why it was the last one of this process, "" if it was not."""
        self._jobs += 1
        if self._broken:
            return self._broken
        for thread in self._left_behind():
            return f"a job left the thread {thread.name!r} behind"
        if (held := resident_bytes()) > self._lifetime.resident_bytes:
            return f"it holds {held // _MEGABYTE} MB"
        return f"it did {self._jobs} jobs" if self._jobs >= self._lifetime.jobs else ""

    def _left_behind(self) -> list[threading.Thread]:
        """Threads that the job began and that go on, also after a moment to end."""
        begun = [thread for thread in threading.enumerate() if thread not in self._threads]
        for thread in begun:
            thread.join(_MOMENT_SECONDS)
        return [thread for thread in begun if thread.is_alive()]


def resident_bytes() -> int:
    """What this process holds in memory; where the kernel does not tell, the most it ever held."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
