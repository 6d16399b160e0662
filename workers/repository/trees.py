"""All paths of one commit with their modes and object ids, listed once.

Content is then looked up by object id, so no path of a pull request is ever given to git.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.diff_parsing import decode_path
from bot.domain.identifiers import BlobId, Sha
from bot.errors import LimitExceeded
from workers.repository.git import Caps, Git

SUBMODULE = "160000"
_BYTES_PER_PATH = 400


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
    names = sorted(path for path, entry in entries.items() if entry.mode != SUBMODULE)
    return Tree(entries, tuple(names))
