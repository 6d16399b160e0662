"""How long the command line takes to say what it can do."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Measure

_RUNS = 5


def measures() -> list[Measure]:
    """`plumbline --help` beside a Python that does nothing."""
    program = str(Path(sys.executable).with_name("plumbline"))
    return [
        Measure("plumbline --help", _median([program, "--help"]), "s", "at most", 0.5, digits=2),
        Measure("python -c pass", _median([sys.executable, "-c", "pass"]), "s", digits=2),
    ]


def _median(command: Sequence[str]) -> float:
    times: list[float] = []
    for _ in range(_RUNS):
        began = time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times.append(time.monotonic() - began)
    return statistics.median(times)
