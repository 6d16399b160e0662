"""A change between two commits as typed values: files, hunks, lines, and what may carry a comment.

The shapes follow git's own diff output
(https://git-scm.com/docs/diff-format#_generating_patch_text_with_p).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.domain.identifiers import BlobId, Sha

FileStatus = Literal["added", "modified", "deleted", "renamed", "copied", "type_changed"]
ContentKind = Literal["text", "binary", "submodule", "symlink"]
Side = Literal["LEFT", "RIGHT"]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a hunk, without its marker and without its line end.

    kind " " has both numbers, "+" only `new`, "-" only `old`. `text` is decoded from UTF-8 with
    replacement; a carriage return before the line end is kept in it.
    """

    kind: Literal[" ", "+", "-"]
    old: int | None
    new: int | None
    text: str
    no_newline: bool = False


@dataclass(frozen=True, slots=True)
class Hunk:
    """`@@ -old_start,old_count +new_start,new_count @@ section`."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    section: str
    lines: tuple[DiffLine, ...]

    def carries(self, side: Side, line: int) -> bool:
        """Whether GitHub accepts a comment on this line: any line that the hunk shows there."""
        if side == "RIGHT":
            return self.new_count > 0 and self.new_start <= line < self.new_start + self.new_count
        return self.old_count > 0 and self.old_start <= line < self.old_start + self.old_count


@dataclass(frozen=True, slots=True)
class FileChange:
    """One changed path. `path` is the head's path; for a deleted file it is the base's.

    `old_path` is the base's path (None for an added file). A blob id is None where the side
    does not exist. `hunks` is empty for binaries, submodules, pure renames and mode changes.
    """

    path: str
    old_path: str | None
    status: FileStatus
    kind: ContentKind = "text"
    old_mode: str | None = None
    new_mode: str | None = None
    old_blob: BlobId | None = None
    new_blob: BlobId | None = None
    hunks: tuple[Hunk, ...] = ()
    truncated: bool = False

    @property
    def additions(self) -> int:
        """Number of added lines."""
        return sum(line.kind == "+" for hunk in self.hunks for line in hunk.lines)

    @property
    def deletions(self) -> int:
        """Number of removed lines."""
        return sum(line.kind == "-" for hunk in self.hunks for line in hunk.lines)

    def hunk_at(self, side: Side, line: int) -> Hunk | None:
        """The hunk that shows this line on this side, if any."""
        return next((hunk for hunk in self.hunks if hunk.carries(side, line)), None)

    def changed_lines(self, side: Side) -> Iterator[int]:
        """Numbers of the added (RIGHT) or removed (LEFT) lines, ascending."""
        for hunk in self.hunks:
            for line in hunk.lines:
                number = line.new if side == "RIGHT" else line.old
                if number is not None and line.kind == ("+" if side == "RIGHT" else "-"):
                    yield number


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """All files that differ between the merge base and the head.

    `notes` says in words what was cut by a cap, for the coverage receipt.
    """

    base: Sha
    head: Sha
    files: tuple[FileChange, ...]
    notes: tuple[str, ...] = ()

    def file(self, path: str) -> FileChange | None:
        """The change of this path (the head's name of it), if it changed."""
        return next((change for change in self.files if change.path == path), None)

    @property
    def lines(self) -> int:
        """Added plus removed lines."""
        return sum(change.additions + change.deletions for change in self.files)
