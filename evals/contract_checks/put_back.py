"""Incomplete changes made of real ones: one co-changed file keeps, or loses again, its new text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.identifiers import Sha
from bot.domain.past_changes import PastChanges
from bot.ports import Code
from workers.repository.contracts.changed_symbols import sides_of
from workers.repository.contracts.symbols import symbol_edits
from workers.repository.dependencies.formats import manifest_names
from workers.repository.outlines import language_of
from workers.repository.snapshot import snapshots

_CONTRACTS = ("removed", "renamed", "moved", "signature")
_KEY = re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]{3,}\b")


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

    def past_changes(self, limit: int = 500) -> PastChanges:
        """Not changed."""
        return self.code.past_changes(limit)

    def recall(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """Not changed: facts go by content."""
        return self.code.recall(names)

    def keep(self, facts: Mapping[str, bytes]) -> None:
        """Not changed."""
        self.code.keep(facts)


def contract_edits(code: Code, change: ChangeSet) -> list[tuple[str, str]]:
    """(path, name) of each definition or file that went away or whose signature changed."""
    before, after = snapshots(code, change, change.base)
    found: list[tuple[str, str]] = []
    outlined: list[FileChange] = []
    for file in change.files:
        if file.kind != "text" or file.status == "added":
            continue
        old, new = file.old_path or file.path, file.path
        if file.status in ("deleted", "renamed"):
            found.append((new, old.rpartition("/")[2].partition(".")[0]))
        if language_of(old) is not None and language_of(new) is not None:
            outlined.append(file)
    edits = symbol_edits([sides_of(file, before, after) for file in outlined]).edits
    named = ((e.path, e.before.name) for e in edits if e.before and e.change in _CONTRACTS)
    return [*found, *named]


def candidates(code: Code, change: ChangeSet, edits: Iterable[tuple[str, str]]) -> list[str]:
    """Modified files whose base version names a contract, or a key, that another file changes.

    Also lock files that changed with their manifest.
    """
    named = {(path, name.rpartition(".")[2]) for path, name in edits}
    named |= set(_lost_keys(change))
    found: list[str] = []
    for file in change.files:
        if file.status == "modified" and file.kind == "text":
            text = (code.read(change.base, file.path) or b"").decode("utf-8", "replace")
            words = set(re.findall(r"\w+", text))
            if any(word in words and path != file.path for path, word in named):
                found.append(file.path)
    return list(dict.fromkeys((*found, *_locks(change))))


def _locks(change: ChangeSet) -> Iterator[str]:
    modified = {file.path for file in change.files if file.status == "modified"}
    for path in sorted(modified):
        folder, slash, name = path.rpartition("/")
        if any(f"{folder}{slash}{manifest}" in modified for manifest in manifest_names(name)):
            yield path


def _lost_keys(change: ChangeSet) -> Iterator[tuple[str, str]]:
    for file in change.files:
        kept = set(_keys(file, "+"))
        yield from ((file.path, key) for key in _keys(file, "-") if key not in kept)


def _keys(file: FileChange, kind: str) -> Iterator[str]:
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.kind == kind:
                yield from _KEY.findall(line.text)
