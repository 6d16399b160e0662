"""The files between two commits as GitHub lists them, and comment lines followed across pushes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.git.patch import Patch, moved_line
from sandbox.git.repository import BareRepository

_STATUS = {
    "A": "added",
    "M": "modified",
    "D": "removed",
    "R": "renamed",
    "C": "copied",
    "T": "changed",
}
# GitHub leaves the patch of a large file out of the list.
_LARGEST_PATCH_CHARACTERS = 500_000
_LARGEST_PATCH_LINES = 20_000
_DIFF = ("-M", "--no-color", "--no-ext-diff", "--no-textconv")


@dataclass(frozen=True, slots=True)
class FileChange:
    """One changed file. `patch` is None for binary and very large files."""

    path: str
    previous_path: str | None
    status: str
    sha: str
    additions: int
    deletions: int
    patch: str | None

    def parsed(self) -> Patch:
        return Patch.parse(self.patch)


class Changes:
    """Diffs of one repository. Commits never change, so each answer is kept."""

    def __init__(self, repository: BareRepository) -> None:
        self._repository = repository
        self._files: dict[tuple[str, str], tuple[FileChange, ...]] = {}
        self._moves: dict[tuple[str, str, str], str] = {}

    def files(self, base: str, head: str) -> tuple[FileChange, ...]:
        if (base, head) not in self._files:
            self._files[base, head] = _list_files(self._repository, base, head)
        return self._files[base, head]

    def file(self, base: str, head: str, path: str) -> FileChange | None:
        return next((item for item in self.files(base, head) if item.path == path), None)

    def diff(self, base: str, head: str) -> bytes:
        """The whole diff, as the media type `application/vnd.github.diff` gives it."""
        return self._repository.run("diff", *_DIFF, base, head)

    def patches(self, base: str, head: str) -> bytes:
        return self._repository.run("format-patch", "--stdout", "-M", f"{base}..{head}")

    def follow(self, old: str, new: str, path: str, line: int) -> int | None:
        """Where a line of `path` at `old` stands at `new`; None where it was changed."""
        key = (old, new, path)
        if key not in self._moves:
            out = self._repository.run("diff", "-U0", "--no-color", "--text", old, new, "--", path)
            self._moves[key] = out.decode("utf-8", "replace")
        return moved_line(_only_headers(self._moves[key]), line)


def _only_headers(diff: str) -> str:
    return "\n".join(line for line in diff.split("\n") if line.startswith("@@ "))


def _list_files(repository: BareRepository, base: str, head: str) -> tuple[FileChange, ...]:
    raw = repository.text("diff", "--raw", "-z", "--no-abbrev", *_DIFF, base, head).split("\0")
    diff = repository.text("diff", "--full-index", *_DIFF, base, head)
    sections = re.split(r"(?m)^(?=diff --git )", diff)[1:]
    found: list[FileChange] = []
    at = section = 0
    while at < len(raw) - 1:
        _, _, old_sha, new_sha, status = raw[at].split()
        renamed = status[0] in "RC"
        old, path = raw[at + 1], raw[at + 2] if renamed else raw[at + 1]
        at += 3 if renamed else 2
        width = 2 if status[0] == "T" else 1  # a changed type is a removal and an addition
        text = "".join(sections[section : section + width])
        section += width
        sha = old_sha if status[0] == "D" else new_sha
        found.append(_file_change(path, old if renamed else None, _STATUS[status[0]], sha, text))
    return tuple(found)


def _file_change(path: str, previous: str | None, status: str, sha: str, text: str) -> FileChange:
    start = re.search(r"(?m)^@@ ", text)
    patch = text[start.start() :].removesuffix("\n") if start else ""
    lines = patch.split("\n") if patch else []
    added = sum(line.startswith("+") for line in lines)
    removed = sum(line.startswith("-") for line in lines)
    shown = (
        bool(patch)
        and len(patch) <= _LARGEST_PATCH_CHARACTERS
        and len(lines) <= _LARGEST_PATCH_LINES
    )
    return FileChange(path, previous, status, sha, added, removed, patch if shown else None)
