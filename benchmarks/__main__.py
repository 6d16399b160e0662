"""`python -m benchmarks [PART ...]`: run the parts, print one table.

`--repo DIR` measures knowing a real bare repository instead, `--lines N` a made-up one.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import kills, memory, method, receiver, review, start
from benchmarks.knowledge import part as knowledge
from benchmarks.measure import Measure, table

PARTS: dict[str, Callable[[], list[Measure]]] = {
    "receiver": receiver.measures,
    "review": review.measures,
    "method": method.measures,
    "start": start.measures,
    "memory": memory.measures,
    "knowledge": knowledge.measures,
    "kills": kills.measures,
}
USUAL = ("receiver", "review", "method", "start", "memory", "knowledge")
"""What runs when no part is named: some five minutes. `kills` takes a quarter of an hour."""


def main(arguments: list[str]) -> int:
    """Print the table. Exit status 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--repo", type=Path, help="a bare repository, instead of the parts")
    parser.add_argument("--lines", type=int, action="append", help="a made-up repository's size")
    parser.add_argument("--commits", type=int, default=30, help="how many of its commits (30)")
    asked = parser.parse_args(arguments)
    names: list[str] = asked.parts or list(USUAL)
    if unknown := [name for name in names if name not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    began = time.monotonic()
    measures: list[Measure] = []
    if asked.repo is not None:
        names = []
        measures = knowledge.measures_of(asked.repo, asked.commits)
    elif asked.lines:
        names = []
        measures = knowledge.measures(asked.lines)
    for name in names:
        sys.stderr.write(f"measuring: {name} ...\n")
        measures += PARTS[name]()
    missed = [measure for measure in measures if measure.met is False]
    print(table(measures))  # noqa: T201 - its purpose is to print
    print(f"\n{_where()}; {time.monotonic() - began:.0f} s; {len(missed)} missed")  # noqa: T201
    return 1 if missed else 0


def _where() -> str:
    """What the numbers were measured on: they mean little without."""
    load = os.getloadavg()[0]
    return f"Python {platform.python_version()}, {os.cpu_count()} CPUs, load {load:.1f} at the end"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
