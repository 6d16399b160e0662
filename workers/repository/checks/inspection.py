"""One change under the contract checks: both states of the code, a clock, and what was seen."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from bot.domain.diff import ChangeSet, FileChange
from workers.repository.checks.python_files import PythonFiles
from workers.repository.checks.verdicts import Judged
from workers.repository.references.finding import COMMON_NAME_FILES
from workers.repository.snapshot import Hit, Snapshot

T = TypeVar("T")
FILES = 300


def has_line(file: FileChange, kind: Literal["+", "-"], pattern: re.Pattern[str]) -> bool:
    """Whether an added or removed line matches: most files need no more reading than this."""
    lines = (line for hunk in file.hunks for line in hunk.lines)
    return any(line.kind == kind and pattern.search(line.text) for line in lines)


@dataclass(slots=True)
class Inspection:
    """Everything that a check reads, and where it puts what is no finding.

    `judged` tells broken from safe for each site; `notes` says in words what was not checked.
    """

    change: ChangeSet
    before: Snapshot
    after: Snapshot
    skip: Callable[[str], bool]
    deadline: float
    python: PythonFiles
    judged: Judged = field(default_factory=Judged)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        before: Snapshot,
        after: Snapshot,
        change: ChangeSet,
        skip: Callable[[str], bool],
        deadline: float,
    ) -> Inspection:
        """The inspection of one change; `deadline` is of `time.monotonic()`."""
        notes: list[str] = []
        python = PythonFiles.of(before, after, change, skip, deadline, notes)
        return cls(change, before, after, skip, deadline, python, notes=notes)

    def late(self) -> bool:
        """Whether the time allowed is used up."""
        return time.monotonic() > self.deadline

    def first(self, entries: Iterable[T], most: int, what: str) -> list[T]:
        """The first entries, in order; how many `what` are left out is noted."""
        found = list(entries)
        if len(found) > most:
            self.notes.append(f"{what}: {len(found) - most} of {len(found)} not checked")
        return found[:most]

    def changed(self, ends: str | tuple[str, ...], new: bool = False) -> Iterator[FileChange]:
        """The changed text files with such a path that stood at the base, or (`new`) also not."""
        for file in self.change.files:
            wanted = file.path.endswith(ends) or (file.old_path or "").endswith(ends)
            stood = new or file.status in ("modified", "renamed", "deleted")
            if wanted and stood and file.kind == "text" and not self.skip(file.path):
                yield file

    def reads_as_before(self, file: FileChange) -> bool:
        """Whether the head of a file was outlined, and no less of it than of its base.

        Else what it defines may only seem to be gone.
        """
        if file.status == "deleted":
            return True
        before = self.before.outline(file.old_path or file.path)
        after = self.after.outline(file.path)
        return not after.note and after.lines_in_error <= before.lines_in_error

    def mentions(
        self, words: Iterable[str], wanted: Callable[[str], bool] = bool
    ) -> dict[str, dict[str, list[Hit]]]:
        """Word to path to the lines that hold it, after the change, in the files wanted (all).

        Common words are dropped and noted. At most 300 files are named, first by path.
        """
        asked = sorted(set(words))
        pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in asked))
        holders: dict[str, dict[str, list[Hit]]] = defaultdict(lambda: defaultdict(list))
        for path, line, text in self.after.grep(asked) if asked and not self.late() else ():
            if wanted(path) and not self.skip(path):
                for word in set(pattern.findall(text)):
                    holders[word][path].append((path, line, text))
        for word in [word for word in holders if len(holders[word]) > COMMON_NAME_FILES]:
            count = len(holders.pop(word))
            self.notes.append(f"{word!r}: not checked, {count} files hold the name")
        return {word: self._first(paths) for word, paths in sorted(holders.items())}

    def _first(self, paths: dict[str, list[Hit]]) -> dict[str, list[Hit]]:
        kept = sorted(paths)[:FILES]
        if len(kept) < len(paths):
            self.notes.append(
                f"contract checks: {len(paths) - len(kept)} of {len(paths)} files not checked"
            )
        return {path: paths[path] for path in kept}
