"""False alarms and catches of the contract checks, over the real history of a repository.

Each merged commit should raise nothing. Then one co-changed file that mentions a changed contract
is put back as it was: an incomplete change, which the checks should flag in that very file.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.domain.diff import ChangeSet
from bot.domain.finding import Finding
from bot.domain.identifiers import Sha
from bot.ports import Code
from workers.repository.checks import run_checks
from workers.repository.local import open_local
from workers.repository.snapshot import snapshots
from workers.repository.symbols import FileSide, symbol_edits

_SECONDS = 60.0
_CONTRACTS = ("removed", "renamed", "signature")


@dataclass(frozen=True, slots=True)
class PutBack:
    """A change without its edit of one file: the head still holds that file's base version."""

    code: Code
    whole: ChangeSet
    path: str

    def changes(self) -> ChangeSet:
        """The change, less the one file."""
        kept = tuple(file for file in self.whole.files if file.path != self.path)
        return replace(self.whole, files=kept)

    def _at(self, commit: Sha, path: str) -> Sha:
        return self.whole.base if path == self.path else commit

    def read(self, commit: Sha, path: str) -> bytes | None:
        """The base version for the file that was put back."""
        return self.code.read(self._at(commit, path), path)

    def paths(self, commit: Sha, under: str = "") -> Sequence[str]:
        """The same paths: only modified files are put back."""
        return self.code.paths(commit, under)

    def grep(
        self, commit: Sha, words: Iterable[str], under: str = ""
    ) -> Sequence[tuple[str, int, str]]:
        """Hits, the one file's taken from the base."""
        wanted = list(words)
        hits = [hit for hit in self.code.grep(commit, wanted, under) if hit[0] != self.path]
        old = self.code.grep(self.whole.base, wanted, under)
        return hits + [hit for hit in old if hit[0] == self.path]

    def search(
        self, commit: Sha, pattern: str, under: str = "", limit: int = 100
    ) -> Sequence[tuple[str, int, str]]:
        """Not changed: no check searches by pattern."""
        return self.code.search(commit, pattern, under, limit)

    def history(self, path: str, limit: int = 10) -> Sequence[str]:
        """Not changed."""
        return self.code.history(path, limit)

    def recall(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """Not changed: facts go by content."""
        return self.code.recall(names)

    def keep(self, facts: Mapping[str, bytes]) -> None:
        """Not changed."""
        self.code.keep(facts)


@dataclass(frozen=True, slots=True)
class Result:
    """One run of the checks: a merged commit, or one with `put_back` left out."""

    commit: Sha
    put_back: str
    contracts: int
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def caught(self) -> bool:
        """The file that was put back is among the evidence."""
        return any(
            entry.path == self.put_back for found in self.findings for entry in found.evidence
        )


def results(folder: Path, commits: int, revision: str, variants: int) -> Iterator[Result]:
    """Every merged commit of the first-parent line, then its incomplete variants."""
    listed = _git(folder, "rev-list", "--first-parent", "--min-parents=1", f"-n{commits}", revision)
    for head in listed.split():
        base = _git(folder, "rev-parse", f"{head}^").strip()
        with open_local(folder, Sha(base), Sha(head)) as code:
            yield from _of_commit(code, code.changes(), variants)


def _of_commit(code: Code, change: ChangeSet, variants: int) -> Iterator[Result]:
    if not any(file.path.endswith(".py") for file in change.files):
        return
    edits = _edits(code, change)
    yield _run(code, change, "", len(edits))
    for path in _candidates(code, change, edits)[:variants]:
        variant = PutBack(code, change, path)
        changes = variant.changes()
        yield _run(variant, changes, path, len(_edits(variant, changes)))


def _run(code: Code, change: ChangeSet, put_back: str, contracts: int) -> Result:
    started = time.monotonic()
    before, after = snapshots(code, change, change.base)
    found = run_checks(before, after, change, lambda _: False, started + _SECONDS)
    seconds = time.monotonic() - started
    return Result(change.head, put_back, contracts, seconds, found.findings)


def _edits(code: Code, change: ChangeSet) -> list[tuple[str, str]]:
    """(path, name) of each Python definition that went away or whose signature changed."""
    before, after = snapshots(code, change, change.base)
    found: list[tuple[str, str]] = []
    for file in change.files:
        if file.kind == "text" and file.path.endswith(".py") and file.status != "added":
            old, new = file.old_path or file.path, file.path
            left = FileSide(before.outline(old), tuple(before.lines(old)))
            right = FileSide(after.outline(new), tuple(after.lines(new)))
            found += [
                (new, edit.before.name)
                for edit in symbol_edits(file, left, right)
                if edit.change in _CONTRACTS and edit.before is not None
            ]
    return found


def _candidates(code: Code, change: ChangeSet, edits: list[tuple[str, str]]) -> list[str]:
    """Modified files whose base version names a contract that another file changes."""
    found: list[str] = []
    for file in change.files:
        if file.status == "modified" and file.path.endswith(".py"):
            text = (code.read(change.base, file.path) or b"").decode("utf-8", "replace")
            words = set(re.findall(r"\w+", text))
            if any(name.rpartition(".")[2] in words and path != file.path for path, name in edits):
                found.append(file.path)
    return found


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m evals checks --repo DIR --commits N`; each finding is printed to be judged."""
    parser = argparse.ArgumentParser(prog="python -m evals checks", description=__doc__)
    parser.add_argument("--repo", type=Path, required=True, help="a repository with its history")
    parser.add_argument("--commits", type=int, default=150, help="first-parent commits to run")
    parser.add_argument("--revision", default="HEAD", help="the newest commit")
    parser.add_argument("--variants", type=int, default=4, help="incomplete versions a commit")
    parser.add_argument("--seconds", type=int, default=3_600, help="stop after this much time")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    found: list[Result] = []
    for result in results(options.repo, options.commits, options.revision, options.variants):
        found.append(result)
        _print(result)
        if time.monotonic() - started > options.seconds:
            sys.stdout.write(f"stopped after {options.seconds} s at {result.commit[:12]}\n")
            break
    sys.stdout.write(json.dumps(_summary(found)) + "\n")
    return 0


def _print(result: Result) -> None:
    for finding in result.findings:
        label = f"without {result.put_back}" if result.put_back else "AS MERGED"
        sites = ", ".join(f"{entry.path}:{entry.line}" for entry in finding.evidence)
        sys.stdout.write(f"{result.commit[:12]} {label}: {finding.title} [{sites}]\n")


def _summary(found: Sequence[Result]) -> dict[str, float | int]:
    merged = [result for result in found if not result.put_back]
    partial = [result for result in found if result.put_back]
    seconds = sorted(result.seconds for result in merged) or [0.0]
    return {
        "commits": len(merged),
        "contracts": sum(result.contracts for result in merged),
        "commits_with_findings": sum(bool(result.findings) for result in merged),
        "incomplete": len(partial),
        "caught": sum(result.caught for result in partial),
        "elsewhere": sum(bool(result.findings) and not result.caught for result in partial),
        "seconds_p50": round(seconds[len(seconds) // 2], 2),
        "seconds_p90": round(seconds[len(seconds) * 9 // 10], 2),
        "seconds_max": round(seconds[-1], 2),
    }
