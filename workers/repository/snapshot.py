"""One state of the repository's files, each read and parsed at most once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

from bot.domain.diff import ChangeSet
from bot.domain.identifiers import Sha
from bot.ports import Code
from workers.repository.clones.grep import GrepCaps
from workers.repository.contracts.contract import Call, Contract
from workers.repository.index.parsed_files import parse_files
from workers.repository.index.parsers import shared_parsers
from workers.repository.outline import Outline
from workers.repository.outlines import language_of
from workers.repository.parsed import Parsed

MOST_HITS = GrepCaps().matches
Hit = tuple[str, int, str]
"""(path, 1-based line, text of the line)."""


class Snapshot:
    """The files of one commit; with `newer`, of the merge that GitHub would make.

    A path that the pull request changed is read at `commit`; any other at `newer`, the tip of the
    base branch. So a caller that was added there since the merge base is seen.
    """

    def __init__(
        self, code: Code, commit: Sha, newer: Sha | None = None, changed: Collection[str] = ()
    ) -> None:
        self._code = code
        self.commit = commit
        self._newer = newer if newer != commit else None
        self._changed = frozenset(changed)
        self._bytes: dict[str, bytes | None] = {}
        self._parsed: dict[str, Parsed] = {}
        self._contracts: dict[str, tuple[Contract, ...]] = {}

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every path of this state."""
        own = frozenset(self._code.paths(self.commit))
        if self._newer is None:
            return own
        return (own & self._changed) | (frozenset(self._code.paths(self._newer)) - self._changed)

    def commit_of(self, path: str) -> Sha:
        """The commit at which this path's text stands, the pull request's own where both agree."""
        if self._newer is None or path in self._changed:
            return self.commit
        same = self._code.read(self.commit, path) == self.content(path)
        return self.commit if same else self._newer

    def content(self, path: str) -> bytes | None:
        """The file's bytes; None if there is none that can be read."""
        if path not in self._bytes:
            self._bytes[path] = self.glance(path)
        return self._bytes[path]

    def glance(self, path: str) -> bytes | None:
        """The same, not kept: for a look into many files."""
        if path in self._bytes:
            return self._bytes[path]
        at = self.commit if self._newer is None or path in self._changed else self._newer
        return self._code.read(at, path)

    def text(self, path: str) -> str | None:
        """The file's text, UTF-8 with replacement; None if there is none."""
        content = self.content(path)
        return None if content is None else content.decode("utf-8", "replace")

    def lines(self, path: str) -> list[str]:
        """The file's lines as git counts them, without their line feed."""
        return (self.text(path) or "").split("\n")

    def parsed(self, path: str) -> Parsed:
        """The file, parsed by its language's grammar; an absent file is an empty outline."""
        if path not in self._parsed:
            self.prefetch([path])
        return self._parsed[path]

    def prefetch(self, paths: Iterable[str]) -> None:
        """Parse these files at once: many together take less time than one after the other."""
        wanted = [path for path in dict.fromkeys(paths) if path not in self._parsed]
        contents = {path: self.content(path) for path in wanted}
        found = parse_files(self._code, {p: c for p, c in contents.items() if c is not None})
        for path in wanted:
            absent = Outline(note=f"{path}: not readable at {self.commit[:12]}")
            self._parsed[path] = found.get(path) or Parsed(absent)

    @property
    def unread(self) -> list[str]:
        """A note on each file of a known language that was not parsed: nothing in it counts."""
        return [
            parsed.outline.note
            for path, parsed in sorted(self._parsed.items())
            if parsed.outline.note and language_of(path) is not None and path in self.paths
        ]

    def outline(self, path: str) -> Outline:
        """The file's outline."""
        return self.parsed(path).outline

    def contracts(self, path: str) -> tuple[Contract, ...]:
        """The contract of each definition of the outline, in order; none if that failed."""
        if path not in self._contracts:
            self.read_contracts([path])
        return self._contracts[path]

    def read_contracts(self, paths: Iterable[str]) -> None:
        """Read the contracts of many files at once."""
        wanted = {path: self.content(path) or b"" for path in paths if path not in self._contracts}
        found = shared_parsers().contracts(wanted.items())
        self._contracts.update(zip(wanted, found, strict=True))

    def calls(self, path: str, lines: Collection[int]) -> tuple[Call, ...]:
        """The calls on these lines of a file; none if that failed."""
        content = self.content(path)
        return () if content is None else shared_parsers().calls(path, content, lines)

    def grep(self, words: Iterable[str]) -> list[Hit]:
        """Lines that hold one of these whole words, of files in this state; the first of many."""
        return self.grep_told(words)[0]

    def grep_told(self, words: Iterable[str]) -> tuple[list[Hit], bool]:
        """The same, and whether there may be more lines than a search returns."""
        wanted = sorted(set(words))
        if not wanted:
            return [], False
        own = self._code.grep(self.commit, wanted)
        if self._newer is None:
            return list(own), len(own) >= MOST_HITS
        newer = self._code.grep(self._newer, wanted)
        kept = [hit for hit in own if hit[0] in self._changed]
        kept += [hit for hit in newer if hit[0] not in self._changed]
        return kept, max(len(own), len(newer)) >= MOST_HITS


def snapshots(code: Code, change: ChangeSet, tip: Sha) -> tuple[Snapshot, Snapshot]:
    """The state before the change (its merge base) and the state after it is merged."""
    changed = {path for file in change.files for path in (file.path, file.old_path) if path}
    newer = tip if tip != change.base else None
    return Snapshot(code, change.base), Snapshot(code, change.head, newer, changed)
