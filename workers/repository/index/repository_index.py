"""The index of one clone as one review uses it. Where it cannot answer, git itself is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bot.domain.identifiers import Sha
from bot.errors import LimitExceeded
from workers.repository.clones.git import Git
from workers.repository.clones.grep import GrepCaps, Match
from workers.repository.clones.objects import Objects
from workers.repository.clones.trees import Tree
from workers.repository.index.building import cover
from workers.repository.index.database import IndexFile, Unindexed, delete, open_index
from workers.repository.index.search import FilesAt, find_words

BUILT_FIRST_FILES = 20_000
BUILT_FIRST_BYTES = 24 * 1024**2
"""Up to so many files and packed bytes (some 2 million lines) an index is built before the first
answer, which then costs no more than git's own search; beyond it is built when nobody waits."""

_BUILD_SECONDS = 60.0
_OPENED_ANEW = 3
_STALE_TIMES, _STALE_MORE = 2, 1_000


class RepositoryIndex:
    """Words and facts of one repository. Safe for several threads; close it."""

    def __init__(self, folder: Path, git: Git, objects: Objects, *, alone: bool = True) -> None:
        """The index file lies in `folder`; it is opened when first needed.

        `alone`: the repository holds what reviews read and no more, so that its packs tell its
        size, and it is tidied when nobody waits. A person's own holds its history, and is not.
        """
        self._folder = folder
        self._git = git
        self._objects = objects
        self._alone = alone
        self._file: IndexFile | None = None
        self._openings = 0
        self._gave_up = False
        self._one_at_a_time = threading.RLock()

    def close(self) -> None:
        """Let go of the file."""
        with self._one_at_a_time:
            if self._file is not None:
                self._file.close()
                self._file = None

    def find(
        self, commit: Sha, tree: Tree, words: Iterable[str], under: str, caps: GrepCaps
    ) -> Sequence[Match]:
        """What `git grep -w` finds. Raises Unindexed when git should be asked."""
        index = self._opened()
        if index.newest_covered() is None and self._large(tree):
            raise Unindexed("the repository is large; its index is built when nobody waits")
        self.cover(commit, tree)
        files = FilesAt(commit, tree, self._git, self._objects)
        return find_words(index, files, words, under, caps)

    def cover(self, commit: Sha, tree: Tree) -> None:
        """Bring the index up to a commit. Raises Unindexed."""
        with self._one_at_a_time:
            if self._gave_up:
                raise Unindexed("this review's index took too long to build")
            try:
                cover(self._opened(), self._git, commit, tree, _BUILD_SECONDS)
            except LimitExceeded as error:
                self._gave_up = True
                raise Unindexed(str(error)) from error

    def recall(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """Facts kept by an earlier review; those that are gone are left out."""
        try:
            return self._opened().recall(names)
        except Unindexed:
            return {}

    def known(self, names: Iterable[str]) -> frozenset[str]:
        """Those of the names under which there is a fact. Raises Unindexed."""
        return self._opened().known(names)

    def sizes(self) -> tuple[int, int]:
        """(bytes of the index, lines of the text that it covers). Raises Unindexed."""
        return self._opened().sizes()[:2]

    def renew_if_stale(self, files: int) -> None:
        """Begin afresh when most of what is kept is of files that a commit of so many lacks."""
        with self._one_at_a_time:
            index = self._opened()
            if index.sizes()[2] > _STALE_TIMES * files + _STALE_MORE:
                delete(index.path)

    def keep(self, facts: Mapping[str, bytes]) -> None:
        """Remember facts for later reviews, unless another process writes right now."""
        with suppress(Unindexed):
            if facts:
                self._opened().keep(facts)

    def _opened(self) -> IndexFile:
        """The open file; a damaged one was deleted, and the next call opens another."""
        with self._one_at_a_time:
            if self._file is not None and self._file.path.exists():
                return self._file
            self.close()
            if self._openings >= _OPENED_ANEW:
                raise Unindexed(f"no index in {str(self._folder)!r} stays readable")
            self._openings += 1
            self._file = open_index(self._folder)
            return self._file

    def _large(self, tree: Tree) -> bool:
        packs = (self._git.folder / "objects" / "pack").glob("*.pack")
        packed = sum(pack.stat().st_size for pack in packs) if self._alone else 0
        return len(tree.names) > BUILT_FIRST_FILES or packed > BUILT_FIRST_BYTES
