"""All paths of one commit with their modes and object ids, listed once.

Content is then looked up by object id, so no path of a pull request is ever given to git.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.diff_parsing import decode_path
from bot.domain.identifiers import BlobId, Sha
from bot.errors import LimitExceeded
from workers.repository.clones.git import Caps, Git

SUBMODULE = "160000"
REGULAR = ("100644", "100755")
"""Modes of files; git's older 100664 is read as 100644."""

_BYTES_PER_PATH = 400
_DIFFERENCE_BYTES = 512 * 1024**2


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One file, link (120000) or submodule (160000, whose id is a commit elsewhere)."""

    mode: str
    oid: BlobId


@dataclass(frozen=True, slots=True)
class Tree:
    """A commit's entries by path; `names` are the paths of files and links, sorted."""

    entries: Mapping[str, TreeEntry]
    names: Sequence[str]

    def below(self, folder: str) -> Sequence[str]:
        """The names below a folder; "" is the root."""
        folder = folder.strip("/")
        if folder in ("", "."):
            return self.names
        start = bisect_left(self.names, f"{folder}/")
        end = bisect_left(self.names, f"{folder}0")  # "0" follows "/" in ASCII and Unicode
        return self.names[start:end]


def list_tree(git: Git, commit: Sha, most: int, seconds: float = 30.0) -> Tree:
    """Every path of a commit.

    Raises LimitExceeded beyond `most` paths (trees that nest themselves hold billions in a few
    kilobytes), GitFailed when trees are missing.
    """
    caps = Caps(seconds=seconds, output_bytes=most * _BYTES_PER_PATH)
    output = git.output("ls-tree", "-r", "-z", "--full-tree", commit, caps=caps, may_cut=True)
    records = output.stdout.split(b"\0")
    if output.cut or len(records) - 1 > most:
        raise LimitExceeded(f"the commit {commit} holds more than {most} paths")
    entries: dict[str, TreeEntry] = {}
    for record in records[:-1]:
        about, _, path = record.partition(b"\t")
        mode, _, oid = about.decode("ascii").split(" ")
        entries.setdefault(decode_path(path), TreeEntry(mode, BlobId(oid)))
    return _tree(entries)


def changed_tree(git: Git, tree: Tree, old: Sha, new: Sha, most: int) -> Tree:
    """The tree of `new` from that of `old`, by what differs: less work than listing it.

    Raises LimitExceeded beyond `most` paths, GitFailed when one of the commits is missing.
    """
    entries = dict(tree.entries)
    try:
        changed = list(changed_entries(git, old, new, most))
    except LimitExceeded:  # very much differs; a listing holds only as much as it may
        return list_tree(git, new, most, git.caps.seconds)
    for path, entry in changed:
        if entry is None:
            entries.pop(path, None)
        else:
            entries[path] = entry
    if len(entries) > most:
        raise LimitExceeded(f"the commit {new} holds more than {most} paths")
    return _tree(entries)


def changed_entries(
    git: Git, old: Sha, new: Sha, most: int = 500_000
) -> Iterator[tuple[str, TreeEntry | None]]:
    """(path, what it is in `new`) of every path that differs; None where it is gone.

    Raises LimitExceeded where git would hold too much: it collects all that differs before it says
    anything, and trees that nest themselves differ in billions of paths.
    """
    caps = Caps(git.caps.seconds, most * _BYTES_PER_PATH, memory_bytes=_DIFFERENCE_BYTES)
    asked = ("diff-tree", "-r", "-z", "--raw", "--no-renames", old, new)
    output = git.output(*asked, caps=caps, may_cut=True)
    fields = output.stdout.split(b"\0")
    if output.cut or len(fields) // 2 > most:
        raise LimitExceeded(f"the commit {new} holds more than {most} paths")
    for about, path in zip(fields[:-1:2], fields[1::2], strict=True):
        _, mode, _, oid, status = about.decode("ascii").split(" ")
        gone = status == "D"
        yield decode_path(path), None if gone else TreeEntry(mode, BlobId(oid))


def _tree(entries: Mapping[str, TreeEntry]) -> Tree:
    names = sorted(path for path, entry in entries.items() if entry.mode != SUBMODULE)
    return Tree(entries, tuple(names))
