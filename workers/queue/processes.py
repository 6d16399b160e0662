"""What the kernel knows of processes: who lives, who started whom, and what ends with whom."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
"""https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html"""


def die_with_parent(parent: int, sig: signal.Signals = signal.SIGKILL) -> None:
    """Be sent a signal when the parent dies. Linux only; elsewhere nothing happens."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(sig))
    if os.getppid() != parent:  # it died before the kernel was asked
        os._exit(1)


def children_of(pid: int) -> set[int]:
    """What its first thread started, or it adopted, and was not waited for. Linux; else nothing."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return set()
    return {int(number) for number in listed.split()}


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process among all that ever ran: `started` tells it from a later one of the same number."""

    host: str
    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> ProcessId:
        """A process of this machine."""
        return cls(socket.gethostname(), pid, _start_ticks(pid))

    @classmethod
    def parse(cls, text: str) -> ProcessId | None:
        """The inverse of `str`; None for anything else."""
        host, _, rest = text.partition("|")
        pid, _, started = rest.partition("|")
        if not (pid.isascii() and pid.isdigit()):
            return None
        return cls(host, int(pid), started.partition("|")[0])

    @property
    def dead(self) -> bool:
        """Whether it ran on this machine and does no longer. Of other machines nothing is known."""
        return self.host == socket.gethostname() and self != ProcessId.of(self.pid)

    def __str__(self) -> str:
        return f"{self.host}|{self.pid}|{self.started}"


def _start_ticks(pid: int) -> str:
    """When it started, as the kernel counts; "" if there is no such process."""
    if sys.platform != "linux":
        return _exists(pid)
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()  # the name before may hold anything
    return "" if fields[0] in ("Z", "X") else fields[19]


def _exists(pid: int) -> str:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        return "?"
    return "?"
