"""Processes whose parent was killed: nobody bounds their time or reads what they say.

A worker starts git in sessions of its own, from several threads. It cannot make git die with it:
the signal that Linux offers for that comes when the *thread* ends that started a process
(https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html#CAVEATS). So the supervisor
adopts what is left when a program dies, and ends it. Else a fetch that hangs would keep its lock.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress

from workers.queue.processes import children_of

_PR_SET_CHILD_SUBREAPER = 36
"""https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html"""

_MOST_GENERATIONS = 20
_PAUSE_SECONDS = 0.01


class Orphans:
    """The children that this process got by the death of another. On Linux only; else none."""

    def __init__(self) -> None:
        self._adopts = False
        self._before: set[int] = set()
        self._now: set[int] = set()
        self._killed: set[int] = set()

    def adopt(self) -> None:
        """From now on, be the parent of every descendant that loses its own."""
        if sys.platform == "linux":
            done = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1)
            self._adopts = done == 0
        if self._adopts:
            self._before = self._now = children_of(os.getpid())

    def look(self) -> None:
        """Note which children there are: to be called before it is looked who died.

        What was there before anybody died is somebody's, as with the first process of a container.
        """
        if self._adopts:
            self._before, self._now = self._now, children_of(os.getpid())
            self._killed = {pid for pid in self._killed if not _buried(pid)}

    def end(self, ours: set[int]) -> None:
        """Somebody died since the last look but one: end what came since, then what that had begun.

        `ours` came too, but were started.
        """
        for _ in range(_MOST_GENERATIONS if self._adopts else 0):
            come = children_of(os.getpid()) - self._before - ours
            if not come:
                return
            for orphan in come:
                with suppress(ProcessLookupError):
                    os.kill(orphan, signal.SIGKILL)
            time.sleep(_PAUSE_SECONDS)
            self._killed |= {orphan for orphan in come if not _buried(orphan)}


def _buried(pid: int) -> bool:
    """Whether this child has ended, and was waited for."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True
