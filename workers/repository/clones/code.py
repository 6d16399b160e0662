"""Two commits and the base tip of one bare repository, read by object id: ports.Code."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.diff_parsing import DiffCaps, DiffError, parse_diff
from bot.domain.identifiers import BlobId, Sha
from bot.domain.past_changes import PastChanges
from bot.errors import LimitExceeded, TransientError
from workers.repository.clones.git import Caps, Git
from workers.repository.clones.grep import GrepCaps, grep_pattern, grep_words
from workers.repository.clones.history import file_history, past_changes
from workers.repository.clones.objects import Objects
from workers.repository.clones.trees import SUBMODULE, Tree, changed_tree, list_tree
from workers.repository.index.database import Unindexed
from workers.repository.index.repository_index import RepositoryIndex

RENAME_LIMIT = 1_000
_DIFF = (
    "-r", "--raw", "-p", "--full-index", "-U3", "--inter-hunk-context=0", "-M50%",
    f"-l{RENAME_LIMIT}", "--no-color", "--no-ext-diff", "--no-textconv", "--no-relative",
    "--src-prefix=a/", "--dst-prefix=b/", "--submodule=short", "--ignore-submodules=none",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadCaps:
    """What one review may read of a repository. Larger blobs count as not readable, with a note."""

    blob_bytes: int = 2_000_000
    paths: int = 500_000
    diff_bytes: int = 64 * 1024**2
    seconds: float = 30.0
    diff: DiffCaps = field(default_factory=DiffCaps)
    grep: GrepCaps = field(default_factory=GrepCaps)


class GitCode:
    """Implements ports.Code. Safe for several threads; valid until its opener closes it."""

    def __init__(
        self,
        git: Git,
        objects: Objects,
        commits: tuple[Sha, Sha, Sha],
        caps: ReadCaps,
        deepen: Callable[[], None] | None = None,
        index: RepositoryIndex | None = None,
        trees: Mapping[Sha, Tree] | None = None,
    ) -> None:
        """Commits: merge base, head, base tip. `deepen` fetches older commits of the merge base.

        `index` knows words and facts of the repository; `trees` were listed already.
        """
        self._git = git
        self._objects = objects
        self._base, self._head, self._tip = commits
        self._caps = caps
        self._deepen = deepen
        self._once = threading.RLock()
        self._index = index
        self._trees: dict[Sha, Tree] = dict(trees or {})
        self._changes: ChangeSet | None = None

    def changes(self) -> ChangeSet:
        """What the head changes since the merge base; worked out once."""
        with self._once:
            if self._changes is None:
                self._changes = self._diff()
            return self._changes

    def read(self, commit: Sha, path: str) -> bytes | None:
        """A file's bytes, a link's target; None if absent, a submodule, or over the size cap."""
        entry = self.tree(commit).entries.get(path)
        if entry is None or entry.mode == SUBMODULE:
            return None
        return self._objects.blob(entry.oid, self._caps.blob_bytes)

    def paths(self, commit: Sha, under: str = "") -> Sequence[str]:
        """All file paths below a folder ("" is the root), sorted."""
        return self.tree(commit).below(under)

    def grep(
        self, commit: Sha, words: Iterable[str], under: str = ""
    ) -> Sequence[tuple[str, int, str]]:
        """(path, line, text) of lines that hold one of the words as a whole word; capped."""
        wanted, caps = list(words), self._caps.grep
        if self._index is not None:
            with suppress(Unindexed):
                return self._index.find(commit, self.tree(commit), wanted, under, caps)
        return grep_words(self._git, self._known(commit), wanted, under, caps)

    def search(
        self, commit: Sha, pattern: str, under: str = "", limit: int = 100
    ) -> Sequence[tuple[str, int, str]]:
        """(path, line, text) of lines that match an extended regular expression; capped.

        Raises UserError when the expression is malformed, LimitExceeded when it takes too long.
        """
        caps = replace(self._caps.grep, matches=min(limit, self._caps.grep.matches))
        return grep_pattern(self._git, self._known(commit), pattern, under, caps)

    def history(self, path: str, limit: int = 10) -> Sequence[str]:
        """One line a commit that touched the path, newest first, ending at the merge base.

        A last line in brackets says where a shallow clone ends.
        """
        self._bring_history()
        return file_history(self._git, self._base, path, limit)

    def recall(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """Facts that earlier reviews of this repository kept."""
        return {} if self._index is None else self._index.recall(names)

    def keep(self, facts: Mapping[str, bytes]) -> None:
        """Keep facts for later reviews."""
        if self._index is not None:
            self._index.keep(facts)

    def past_changes(self, limit: int = 500) -> PastChanges:
        """The paths that each of the last commits touched, ending at the merge base.

        Raises LimitExceeded when it takes too long.
        """
        self._bring_history()
        return past_changes(self._git, self._base, limit)

    def tree(self, commit: Sha) -> Tree:
        """Every entry of the commit with mode and object id; listed once."""
        with self._once:
            if commit not in self._trees:
                self._trees[commit] = self._list(self._known(commit))
            return self._trees[commit]

    def _list(self, commit: Sha) -> Tree:
        for old, tree in self._trees.items():
            return changed_tree(self._git, tree, old, commit, self._caps.paths)
        return list_tree(self._git, commit, self._caps.paths, self._caps.seconds)

    def blob(self, oid: BlobId) -> bytes | None:
        """A blob's bytes by its id; None over the size cap."""
        return self._objects.blob(oid, self._caps.blob_bytes)

    def _bring_history(self) -> None:
        """Deepen a shallow clone, once; where that fails, the answer says where history ends."""
        with self._once:
            deepen, self._deepen = self._deepen, None
            if deepen is not None:
                with suppress(TransientError, LimitExceeded):
                    deepen()

    def _known(self, commit: Sha) -> Sha:
        if commit not in (self._base, self._head, self._tip):
            raise ValueError(
                f"{commit!r} is not a commit of this review: give the merge base {self._base},"
                f" the head {self._head} or the base tip {self._tip}"
            )
        return commit

    def _diff(self) -> ChangeSet:
        self.tree(self._base)  # counts the paths first: a diff holds all of them in memory
        self.tree(self._head)
        caps = Caps(seconds=self._caps.seconds, output_bytes=self._caps.diff_bytes)
        output = self._git.output(
            "-c", f"core.bigFileThreshold={self._caps.blob_bytes}",
            "diff-tree", *_DIFF, self._base, self._head,
            caps=caps, may_cut=True,
        )  # fmt: skip
        try:
            changes = parse_diff(
                output.stdout, self._base, self._head, self._caps.diff, complete=not output.cut
            )
        except DiffError as error:
            raise LimitExceeded(f"the change cannot be read ({error})") from error
        notes = list(changes.notes)
        if "rename detection was skipped" in output.stderr:
            notes.append(f"More than {RENAME_LIMIT} files came or went: renames show as both.")
        files = tuple(self._mark_oversized(change) for change in changes.files)
        big = [
            change.path for old, change in zip(changes.files, files, strict=True) if old != change
        ]
        if big:
            notes.append(_oversized_note(big, self._caps.blob_bytes))
        return replace(changes, files=files, notes=tuple(notes))

    def _mark_oversized(self, change: FileChange) -> FileChange:
        """git calls a file binary that is too large to compare; it is text of unknown content."""
        if change.kind != "binary":
            return change
        sizes = [self._objects.info(oid) for oid in (change.old_blob, change.new_blob) if oid]
        if any(size is not None and size[1] > self._caps.blob_bytes for size in sizes):
            return replace(change, kind="text", truncated=True)
        return change


def _oversized_note(paths: list[str], most: int) -> str:
    names = ", ".join(repr(path) for path in paths[:5]) + (", ..." if len(paths) > 5 else "")
    return (
        f"{len(paths)} changed files are larger than {most} bytes and were not compared ({names})."
    )
