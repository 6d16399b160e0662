"""Bare clones, one for each repository of an installation, kept between reviews."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.pull_request import PullRef, PullRequest, RepositoryRef
from bot.errors import FetchFailed, LimitExceeded, Superseded
from workers.repository.clones.clone import Clone
from workers.repository.clones.code import GitCode, ReadCaps
from workers.repository.clones.fetching import (
    CloneDamaged,
    CommitMissing,
    Remote,
    fetch,
    remote_head,
)
from workers.repository.clones.git import Caps, Git, GitFailed
from workers.repository.clones.housekeeping import pack, warm
from workers.repository.clones.locks import locked, try_lock
from workers.repository.clones.objects import Objects
from workers.repository.clones.trees import Tree, changed_tree, list_tree
from workers.repository.index.parsers import shared_parsers
from workers.repository.index.repository_index import RepositoryIndex

TokenFor = Callable[[RepositoryRef], str | None]
_LOOK_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class CloneCaps:
    """What clones may take of the machine. `history_commits` are fetched when history is asked."""

    fetch_seconds: float = 180.0
    clone_bytes: int = 2 * 1024**3
    total_bytes: int = 20 * 1024**3
    pulls: int = 300
    history_commits: int = 50
    read: ReadCaps = field(default_factory=ReadCaps)


class BareClones:
    """Implements ports.Repositories, for any number of processes that share the folder."""

    def __init__(
        self, data_dir: Path, git_url: str, token_for: TokenFor, caps: CloneCaps | None = None
    ) -> None:
        """Clones live below `data_dir`; `token_for` gives a token that may read a repository."""
        self._folder = data_dir / "repositories"
        self._git_url = git_url.rstrip("/")
        self._token_for = token_for
        self._caps = caps or CloneCaps()

    @contextmanager
    def open(self, pull: PullRequest) -> Iterator[GitCode]:
        """Fetch what is missing and hand out the code.

        Raises:
            Superseded: the head is not the pull request's any more.
            FetchFailed: the server refused, or has no such commits.
            LimitExceeded: the repository is larger, or takes longer, than a review may.
        """
        clone = self._clone(pull.ref.repository)
        clone.folder.mkdir(parents=True, exist_ok=True)
        shared_parsers().get_ready()
        with locked(clone.use_lock, self._caps.fetch_seconds, shared=True) as use:
            os.utime(clone.use_lock)
            trees = self._bring(pull, clone, use)
            git = Git(clone.git, Caps(seconds=self._caps.read.seconds))
            with (
                Objects(clone.git, self._caps.read.seconds) as objects,
                closing(RepositoryIndex(clone.folder, git, objects)) as index,
            ):
                commits = (pull.merge_base, pull.head, pull.base_tip)
                deepen = partial(self._deepen, pull, clone)
                try:
                    yield GitCode(git, objects, commits, self._caps.read, deepen, index, trees)
                except GitFailed:
                    clone.suspect.touch()
                    raise

    @contextmanager
    def kept(self, repository: RepositoryRef) -> Iterator[Git]:
        """The clone as it is, nothing fetched; it stays until the block ends.

        Raises FetchFailed: there is none.
        """
        clone = self._clone(repository)
        if not clone.git.exists():
            raise FetchFailed(f"no clone of {repository.full_name} is kept here")
        with locked(clone.use_lock, self._caps.fetch_seconds, shared=True):
            yield Git(clone.git, Caps(seconds=self._caps.read.seconds))

    def tidy(self, repository: RepositoryRef, enough: Callable[[], bool]) -> None:
        """Pack and index a clone while nobody waits; `enough` is asked again and again."""
        clone = self._clone(repository)
        if clone.git.exists():
            pack(clone)
            warm(clone, self._caps.read.paths, enough)
            clone.count_size()

    def forget(
        self, installation: InstallationId, repositories: Sequence[RepositoryId] = ()
    ) -> None:
        """Delete the clones of these repositories, or of the whole installation: it was removed."""
        home = self._folder / str(installation)
        names = [str(number) for number in repositories]
        for folder in sorted(home.iterdir()) if home.is_dir() else ():
            if not names or folder.name in names:
                clone = Clone(folder)
                with locked(clone.fetch_lock, self._caps.fetch_seconds):
                    clone.discard()

    def _clone(self, repository: RepositoryRef) -> Clone:
        return Clone(self._folder / repository.key)

    def _bring(self, pull: PullRequest, clone: Clone, use: int) -> dict[Sha, Tree]:
        """Make sure that the clone holds the commits, whole; what they hold."""
        with locked(clone.fetch_lock, self._caps.fetch_seconds) as lock:
            if clone.suspect.exists():
                clone.discard()
            clone.make()
            self._renew_if_full(clone, use)
            try:
                trees = self._fetch_and_check(pull, clone, lock)
            except (CloneDamaged, GitFailed):
                clone.discard()
                clone.make()
                trees = self._fetch_and_check(pull, clone, lock)
            except LimitExceeded:
                clone.sweep()  # what was cut off may be as large as the cap
                raise
        self._evict()
        return trees

    def _fetch_and_check(self, pull: PullRequest, clone: Clone, lock: int) -> dict[Sha, Tree]:
        wanted = {"base": pull.merge_base, "tip": pull.base_tip, "head": pull.head}
        if clone.refs(pull.ref.number) != wanted:
            clone.sweep()
            self._fetch(pull, clone, lock)
            clone.count_size()
        if clone.size() > self._caps.clone_bytes and clone.pulls() == 1:
            clone.discard()
            raise LimitExceeded(
                f"{pull.ref.repository.full_name} holds more than {self._caps.clone_bytes} bytes"
            )
        git, most = Git(clone.git, Caps(seconds=self._caps.read.seconds)), self._caps.read.paths
        base = list_tree(git, pull.merge_base, most, self._caps.read.seconds)
        head = changed_tree(git, base, pull.merge_base, pull.head, most)
        return {pull.merge_base: base, pull.head: head}

    def _fetch(self, pull: PullRequest, clone: Clone, lock: int) -> None:
        remote = self._remote(pull.ref)
        caps = Caps(seconds=self._caps.fetch_seconds, file_bytes=self._caps.clone_bytes)
        refs = f"refs/plumbline/{pull.ref.number}"
        older = [f"+{pull.merge_base}:{refs}/base", f"+{pull.base_tip}:{refs}/tip"]
        try:
            fetch(clone.git, remote, [*older, f"+{pull.head}:{refs}/head"], 1, caps, lock)
        except CommitMissing as error:
            look = Caps(seconds=_LOOK_SECONDS)
            now = remote_head(clone.git, remote, pull.ref.number, look)
            if now is not None and now != pull.head:
                raise Superseded(f"{pull.ref} moved from {pull.head} to {now}") from error
            if now is None:
                raise
            by_name = f"+refs/pull/{pull.ref.number}/head:{refs}/head"
            fetch(clone.git, remote, [*older, by_name], 1, caps, lock)
            if clone.refs(pull.ref.number).get("head") != pull.head:
                raise Superseded(f"{pull.ref} moved on from {pull.head}") from error

    def _deepen(self, pull: PullRequest, clone: Clone) -> None:
        """Bring some history of the merge base; without it, history says where it ends."""
        caps = Caps(seconds=_LOOK_SECONDS, file_bytes=self._caps.clone_bytes)
        refspec = f"+{pull.merge_base}:refs/plumbline/{pull.ref.number}/base"
        with locked(clone.fetch_lock, _LOOK_SECONDS) as lock:
            depth = self._caps.history_commits
            fetch(clone.git, self._remote(pull.ref), [refspec], depth, caps, lock)

    def _remote(self, ref: PullRef) -> Remote:
        return Remote(self._git_url, ref.repository.full_name, self._token_for(ref.repository))

    def _renew_if_full(self, clone: Clone, use: int) -> None:
        """Start an overfull clone afresh, unless another review reads it."""
        if clone.pulls() <= self._caps.pulls and clone.size() <= self._caps.clone_bytes:
            return
        if try_lock(use):
            clone.discard()
            clone.make()
        if not try_lock(use, shared=True):
            raise FetchFailed(f"another process is deleting {str(clone.folder)!r}; try again")

    def _evict(self) -> None:
        """Delete the clones that were opened longest ago until the rest fits; none in use."""
        clones = [Clone(path.parent) for path in self._folder.glob("*/*/use.lock")]
        sizes = {clone: clone.size() for clone in clones}
        total = sum(sizes.values())
        for clone in sorted(clones, key=lambda one: one.use_lock.stat().st_mtime):
            if total <= self._caps.total_bytes:
                return
            if self._discard_unused(clone):
                total -= sizes[clone]

    def _discard_unused(self, clone: Clone) -> bool:
        try:
            with locked(clone.fetch_lock, 0.0), locked(clone.use_lock, 0.0):
                clone.discard()
        except FetchFailed:  # somebody is at work in it
            return False
        return True
