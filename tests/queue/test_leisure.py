"""Work that nobody waits for leaves the processor to others, and the process as it was."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from workers.queue.leisure import at_leisure


@pytest.mark.skipif(sys.platform != "linux", reason="niceness is of a thread on Linux only")
def test_the_work_and_what_it_starts_are_nice_and_nothing_else_is() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    nice: list[int] = []

    def work() -> None:
        nice.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        nice.append(int(subprocess.run(["nice"], stdout=subprocess.PIPE, check=True).stdout))

    at_leisure(work)

    assert nice == [10, 10]
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


def test_what_it_raises_is_raised() -> None:
    def work() -> None:
        raise LookupError("nothing to tidy")

    with pytest.raises(LookupError, match="nothing to tidy"):
        at_leisure(work)
