"""Work that leaves the processor to whoever comes."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future

_NICENESS = 10


def at_leisure(work: Callable[[], None]) -> None:
    """Do it and wait for it; what it raises is raised.

    A process may not take its niceness back. On Linux it belongs to a thread, and to what that
    thread starts, so the work has one of its own; elsewhere it is done like any other.
    https://man7.org/linux/man-pages/man2/setpriority.2.html#BUGS
    """
    ended: Future[None] = Future()

    def do() -> None:
        try:
            if sys.platform == "linux":
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
            work()
        except BaseException as error:
            ended.set_exception(error)
        else:
            ended.set_result(None)

    threading.Thread(target=do, daemon=True, name="leisure").start()
    ended.result()
