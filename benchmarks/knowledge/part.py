"""The part `knowledge`: first and next reviews of made-up repositories, or of a real one."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.git_server import served
from benchmarks.knowledge.made_repository import PlantedChange, made_repository
from benchmarks.knowledge.planting import found_and_true
from benchmarks.measure import Measure
from benchmarks.memory import tree_megabytes

SIZES = (300_000, 1_000_000, 3_000_000)
_TARGETS_FROM = 1_000_000
_FIRST = 5
_FETCHED = 3
_IDLE_TURNS = 6
"""A turn ends after a minute; what is left over waits for the next one."""


@dataclass(slots=True)
class Seen:
    """Seconds by what was done, and what was found, of one repository.

    `busy`: next reviews before the repository was tidied; `next`: after that, which took `idle`.
    `worked`: seconds of processors in next reviews, which a busy machine does not lengthen.
    """

    fetched: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    idle: float = 0.0
    next: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    found: dict[str, list[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(list))
    megabytes: float = 0.0
    index_megabytes: float = 0.0


def measures(sizes: Sequence[int] = SIZES) -> list[Measure]:
    """Made-up repositories of so many lines, one after the other, and how the numbers grow."""
    rows: list[Measure] = []
    seen: dict[int, Seen] = {}
    for lines in sizes:
        sys.stderr.write(f"  a repository of {lines:,} lines ...\n")
        made = made_repository(lines)
        seen[lines] = _seen(made.path, made.changes)
        rows += _rows(_millions(lines), made.lines, seen[lines])
    if len(seen) > 1:
        rows += _growth(min(seen), max(seen), seen)
    return rows


def measures_of(repository: Path, commits: int) -> list[Measure]:
    """The newest commits of a real bare repository, each as a pull request."""
    changes = _merged(repository, commits)
    lines = _lines(repository, changes[0].base)
    with tempfile.TemporaryDirectory(prefix="plumbline-") as folder:
        link = Path(folder) / "real" / "repository.git"
        link.parent.mkdir()
        link.symlink_to(repository.resolve())
        name = f"{lines:,} lines"
        return _rows(f"{name}, {len(changes)} commits", lines, _seen(link, changes), False)


def _seen(repository: Path, changes: Sequence[PlantedChange]) -> Seen:
    seen = Seen()
    with (
        served(repository.parents[1]) as url,
        tempfile.TemporaryDirectory(prefix="plumbline-") as folder,
        _reviewer(seen) as process,
    ):
        name = f"{repository.parent.name}/{repository.stem}"
        asked = {"url": url, "name": name, "data": f"{folder}/data"}
        for number, change in enumerate(changes[:_FETCHED]):
            fresh = {**asked, "data": f"{folder}/fresh{number}"}
            seen.fetched.append(_ask(process, "review", number, change, fresh)["seconds"])
        for number, change in enumerate(changes):
            _ask(process, "fetch", number, change, asked)
        for number, change in enumerate(changes[:_FIRST]):
            _forget_index(Path(asked["data"]))
            seen.first.append(_ask(process, "review", number, change, asked)["seconds"])
        numbered = list(enumerate(changes))
        for number, change in numbered[_FIRST:] or numbered:
            seen.busy.append(_ask(process, "review", number, change, asked)["seconds"])
        _forget_index(Path(asked["data"]))
        for _ in range(_IDLE_TURNS):
            seen.idle += _ask(process, "tidy", 0, changes[0], asked)["seconds"]
        for number, change in enumerate(changes):
            _note(seen, change, _ask(process, "review", number, change, asked))
        seen.index_megabytes = sum(_sizes(Path(asked["data"]))) / 1e6
    return seen


def _note(seen: Seen, change: PlantedChange, answer: dict[str, Any]) -> None:
    seen.next.append(answer["seconds"])
    seen.worked.append(answer["worked"])
    target = change.target
    if target is not None:
        sites = [(path, line) for name, path, line in answer["sites"] if name == target.name]
        seen.found[target.language].append(found_and_true(target, sites))


def _ask(
    process: subprocess.Popen[str],
    do: str,
    number: int,
    change: PlantedChange,
    asked: dict[str, str],
) -> dict[str, Any]:
    commits = {"base": change.base, "head": change.head, "tip": change.tip}
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the reviewing process was started without pipes")
    process.stdin.write(json.dumps({"do": do, "number": number + 1, **commits, **asked}) + "\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


@contextmanager
def _reviewer(seen: Seen) -> Iterator[subprocess.Popen[str]]:
    """A reviewing process whose memory, parsers and git included, is looked at all the time."""
    command = [sys.executable, "-m", "benchmarks.knowledge.reviewing"]
    ended = threading.Event()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def look() -> None:
            while not ended.wait(0.02):
                seen.megabytes = max(seen.megabytes, sum(tree_megabytes(process.pid)))

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield process
        finally:
            ended.set()
            thread.join()
            process.communicate()


def _forget_index(data: Path) -> None:
    for path in data.rglob("index-*"):
        path.unlink()


def _sizes(data: Path) -> Iterator[int]:
    for path in data.rglob("index-*"):
        yield path.stat().st_size


def _rows(name: str, lines: int, seen: Seen, targets: bool = True) -> list[Measure]:
    judged = targets and round(lines, -6) == _TARGETS_FROM

    def row(what: str, value: float, unit: str, most: float, digits: int = 2) -> Measure:
        target = most if judged else None
        return Measure(f"{name}: {what}", value, unit, "at most", target, digits)

    next_ones = sorted(seen.next)
    return [
        row("first review, p50", statistics.median(seen.first), "s", 1.5),
        row("first review with the fetch, p50", statistics.median(seen.fetched), "s", 3.5),
        Measure(f"{name}: next review at once, p50", statistics.median(seen.busy), "s", digits=2),
        Measure(f"{name}: idle time used", seen.idle, "s"),
        row("next review, p50", statistics.median(next_ones), "s", 0.25),
        row("next review, p90", next_ones[int(len(next_ones) * 0.9)], "s", 0.5),
        Measure(
            f"{name}: processor time of a next review, p50",
            statistics.median(seen.worked),
            "s",
            digits=2,
        ),
        row("memory, parsers and git included", seen.megabytes, "MB", 150, 0),
        row("index", seen.index_megabytes / (lines / 1e6), "MB per million lines", 10, 1),
        *(_found_rows(name, seen)),
    ]


def _growth(least: int, most: int, seen: Mapping[int, Seen]) -> Iterator[Measure]:
    """The largest beside the smallest, as ratios of one run."""
    small, large = seen[least], seen[most]
    name = f"from {_millions(least)} to {_millions(most)}"

    def times(what: str, before: float, after: float) -> Measure:
        return Measure(f"{name}: {what}", after / before, "times", digits=1)

    yield Measure(f"{name}: lines", most / least, "times", digits=1)
    yield times("first review", statistics.median(small.first), statistics.median(large.first))
    yield times("next review", statistics.median(small.next), statistics.median(large.next))
    yield times("memory", small.megabytes, large.megabytes)
    yield times("index", small.index_megabytes, large.index_megabytes)


def _millions(lines: int) -> str:
    return f"{lines / 1e6:g}M lines"


def _found_rows(name: str, seen: Seen) -> Iterator[Measure]:
    for language, counts in seen.found.items():
        hits, true, false = (sum(column) for column in zip(*counts, strict=True))
        yield Measure(f"{name}: {language}, planted calls found", 100 * hits / true, "%")
        found = hits + false
        precision = 100 * hits / found if found else 100.0
        yield Measure(f"{name}: {language}, of those found true", precision, "%")


def _merged(repository: Path, commits: int) -> list[PlantedChange]:
    """The newest commits of the first-parent line, oldest first, with their parents."""
    listed = _git(repository, "rev-list", "--first-parent", "--parents", f"-n{commits}", "HEAD")
    pairs = [line.split()[:2] for line in reversed(listed.splitlines())]
    return [PlantedChange(base, head, base, None) for head, base in pairs]


def _lines(repository: Path, commit: str) -> int:
    """Lines of text of a commit, as `git grep` counts them."""
    counted = _git(repository, "grep", "-I", "-c", "", commit)
    return sum(int(line.rpartition(":")[2]) for line in counted.splitlines())


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", "--git-dir", str(repository), *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
