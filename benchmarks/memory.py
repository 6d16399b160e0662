"""Memory at work: proportional set sizes while reviews are made, from /proc/*/smaps_rollup.

`python -m benchmarks.memory 50` makes so many, and tells from time to time what there is.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.app import RunningApp, running_app
from benchmarks.measure import Measure
from benchmarks.processes import children, command_line, pss_megabytes

_REVIEWS = 5
_EVERY_SECONDS = 0.05
_AT_A_TIME = 5
_OF_ONE_OWNER = 10
"""An installation may write so often a minute; more reviews of one would wait for that."""


def measures() -> list[Measure]:
    """The highest sums seen. A worker counts with git beneath it."""
    if sys.platform != "linux":
        raise RuntimeError("memory is read from /proc, which only Linux has")
    with running_app() as app, _sampled(app) as peaks:
        for _ in range(_REVIEWS):
            app.review()
    return [
        Measure("memory of the receiver", peaks["receiver"], "MB", "at most", 120),
        Measure("memory of a worker at work", peaks["worker"], "MB", "at most", 120),
        Measure(
            "memory of the worker for commands", peaks["worker for commands"], "MB", "at most", 90
        ),
        Measure("memory of a worker's parsers", peaks["parser"], "MB"),
        Measure("memory of the embedded Valkey", peaks["valkey"], "MB"),
    ]


def watch(reviews: int) -> None:
    """Print the peaks of every few reviews, so that growth shows."""
    with running_app() as app:
        for first in range(0, reviews, _AT_A_TIME):
            if first % _OF_ONE_OWNER == 0 and first:
                app.change_owner(f"owner-{first}")
            with _sampled(app) as peaks:
                for _ in range(_AT_A_TIME):
                    app.review()
            told = ", ".join(f"{role} {peak:.0f} MB" for role, peak in peaks.items())
            sys.stdout.write(f"after {first + _AT_A_TIME} reviews: {told}\n")


@contextmanager
def _sampled(app: RunningApp) -> Iterator[dict[str, float]]:
    """The highest sum of one process tree of each role so far."""
    peaks = {**dict.fromkeys(app.roles(), 0.0), "parser": 0.0}
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(_EVERY_SECONDS):
            for role, tops in app.roles().items():
                for top in tops:
                    own, parsers = tree_megabytes(top)
                    peaks[role] = max(peaks[role], own)
                    peaks["parser"] = max(peaks["parser"], parsers)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield peaks
    finally:
        ended.set()
        thread.join()


def tree_megabytes(top: int) -> tuple[float, float]:
    """(own, parsers): megabytes of a process and all beneath it, the parsers among them apart.

    A child that still has its parent's name was begun by vfork and runs nothing of its own yet: the
    kernel shows its parent's memory a second time.
    """
    name = command_line(top)
    own, parsers = pss_megabytes(top), 0.0
    for child in children(top):
        if command_line(child) == name:
            continue
        beneath, parsing = tree_megabytes(child)
        if "parser" in command_line(child):
            parsers += beneath + parsing
        else:
            own, parsers = own + beneath, parsers + parsing
    return own, parsers


if __name__ == "__main__":
    watch(int(sys.argv[1]))
