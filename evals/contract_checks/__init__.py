"""False alarms and catches of the contract checks, over the real history of a repository.

Each merged commit should raise nothing. Then one co-changed file that mentions a changed contract
is put back as it was: an incomplete change, which the checks should flag in that very file.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.diff import ChangeSet
from bot.domain.identifiers import Sha
from bot.ports import Code
from evals.contract_checks.put_back import PutBack, candidates, contract_edits
from evals.contract_checks.runs import Hit, Run, keep, kept_runs, tables
from workers.repository.checks import run_checks
from workers.repository.clones.git import GitFailed
from workers.repository.clones.local import open_local
from workers.repository.snapshot import snapshots

_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Sample:
    """Which commits of a repository: the newest of a first-parent line.

    Only those that touch a path of these patterns (none: any), and that remove a line which the
    regular expression matches, so that a measurement can be led to what one check is about.
    """

    folder: Path
    commits: int
    revision: str = "HEAD"
    touching: tuple[str, ...] = ()
    removing: str = ""

    def listed(self) -> list[str]:
        """The commits, newest first."""
        line = ["log", "--format=%H", "--first-parent", "--min-parents=1", f"-n{self.commits}"]
        return _git(self.folder, *line, self.revision, "--", *self.touching).split()

    def wants(self, change: ChangeSet) -> bool:
        """Whether a removed line matches."""
        lines = (line for file in change.files for hunk in file.hunks for line in hunk.lines)
        return not self.removing or any(
            line.kind == "-" and re.search(self.removing, line.text) for line in lines
        )


def runs(sample: Sample, variants: int, known: Collection[str] = ()) -> Iterator[Run]:
    """Each merged commit, then its incomplete variants; `known` commits are passed over."""
    folder = sample.folder
    name = (folder.parent.name if folder.name in ("repo", ".git") else folder.name) or str(folder)
    for head in sample.listed():
        if head not in known:
            base = _git(folder, "rev-parse", f"{head}^").strip()
            try:
                with open_local(folder, Sha(base), Sha(head)) as code:
                    change = code.changes()
                    if sample.wants(change):
                        yield from _of_commit(name.replace("+", "/"), code, change, variants)
            except GitFailed as error:
                sys.stderr.write(f"{head[:12]} left out: {error}\n")


def _of_commit(name: str, code: Code, change: ChangeSet, variants: int) -> Iterator[Run]:
    edits = contract_edits(code, change)
    yield _run(name, code, change, "", len(edits))
    for path in candidates(code, change, edits)[:variants]:
        variant = PutBack(code, change, path)
        yield _run(name, variant, variant.changes(), path, 0)


def _run(name: str, code: Code, change: ChangeSet, put_back: str, contracts: int) -> Run:
    started = _cpu_seconds()
    before, after = snapshots(code, change, change.base)
    found = run_checks(before, after, change, lambda _: False, time.monotonic() + _SECONDS)
    seconds = round(_cpu_seconds() - started, 3)
    hits = tuple(Hit.of(finding) for finding in found.findings)
    facts = tuple(
        f"{fact.kind}: {fact.text}: {', '.join(map(str, fact.places))}" for fact in found.facts
    )
    return Run(name, change.head, put_back, contracts, seconds, hits, facts)


def _cpu_seconds() -> float:
    """Of this process and the git processes that it has waited for: other work does not count."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m evals checks --repo DIR --commits N`; each finding is printed to be judged."""
    parser = argparse.ArgumentParser(prog="python -m evals checks", description=__doc__)
    parser.add_argument("--repo", type=Path, help="a repository with its history")
    parser.add_argument("--commits", type=int, default=150, help="first-parent commits to run")
    parser.add_argument("--revision", default="HEAD", help="the newest commit")
    parser.add_argument("--touching", nargs="+", default=(), help="only commits of such paths")
    parser.add_argument("--removing", default="", help="only commits that remove such a line")
    parser.add_argument("--variants", type=int, default=4, help="incomplete versions a commit")
    parser.add_argument("--seconds", type=int, default=3_600, help="stop after this much time")
    parser.add_argument("--into", type=Path, help="keep the runs here; run again to go on")
    parser.add_argument("--table", type=Path, nargs="+", help="print the tables of kept runs")
    options = parser.parse_args(arguments)
    if options.table:
        held = [run for file in options.table for run in kept_runs(file)]
    elif options.repo:
        held = list(_measured(options))
    else:
        parser.error("give --repo, or --table")
    sys.stdout.write(tables(held) + "\n")
    return 0


def _measured(options: argparse.Namespace) -> Iterator[Run]:
    """Old runs and new ones; a new one is printed and kept as soon as it is there."""
    ends = time.monotonic() + options.seconds
    old = list(kept_runs(options.into)) if options.into else []
    yield from old
    known = {run.commit for run in old}
    touching = tuple(options.touching)
    sample = Sample(options.repo, options.commits, options.revision, touching, options.removing)
    for run in runs(sample, options.variants, known):
        if run.hits:
            sys.stdout.write(f"{run}\n")
            sys.stdout.flush()
        if options.into:
            keep(options.into, run)
        yield run
        if time.monotonic() > ends:
            sys.stdout.write(f"stopped after {options.seconds} s at {run.commit[:12]}\n")
            return
