"""Locks between processes that a killed process cannot leave behind (flock)."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import FetchFailed

_PAUSE_SECONDS = 0.05


@contextmanager
def locked(path: Path, seconds: float, shared: bool = False) -> Iterator[int]:
    """Hold the lock and give its descriptor; a child that inherits it holds the lock as well.

    Raises FetchFailed when others hold it for so many seconds.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + seconds
        while not try_lock(descriptor, shared):
            if time.monotonic() >= deadline:
                raise FetchFailed(f"another process has held {str(path)!r} for {seconds:g} seconds")
            time.sleep(_PAUSE_SECONDS)
        yield descriptor
    finally:
        os.close(descriptor)


def try_lock(descriptor: int, shared: bool = False) -> bool:
    """Take the lock if nobody stands in the way; a failed exchange of modes loses the old one."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
