"""Lines that hold a word, from the index: the same as `git grep -w` finds, sooner."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.identifiers import BlobId, Sha
from bot.errors import LimitExceeded
from workers.repository.clones.git import Git
from workers.repository.clones.grep import GrepCaps, Match, grep_words
from workers.repository.clones.objects import AT_ONCE, Objects
from workers.repository.clones.trees import REGULAR, Tree
from workers.repository.index.building import LARGEST_BYTES
from workers.repository.index.database import IndexFile, Unindexed
from workers.repository.index.words import is_binary, lines_with, words_of

MOST_BLOBS = 1_500
"""More files than these git reads faster by itself, with several threads."""


@dataclass(frozen=True, slots=True)
class FilesAt:
    """The files of one commit, and the two ways to read them."""

    commit: Sha
    tree: Tree
    git: Git
    objects: Objects


def find_words(
    index: IndexFile, files: FilesAt, words: Iterable[str], under: str, caps: GrepCaps
) -> Sequence[Match]:
    """(path, line, text) in path order. The index must cover the commit.

    Raises:
        Unindexed: git should be asked; a text holds no word, or they are too common.
        LimitExceeded: past the deadline.
    """
    wanted = sorted(set(words) - {""})
    asked = [words_of(text) for text in wanted]
    if not all(asked):
        raise Unindexed(f"{wanted} do not all hold words")
    blobs = index.blobs_with(asked, MOST_BLOBS) if asked else frozenset()
    if blobs is None:
        raise Unindexed(f"more than {MOST_BLOBS} files may hold one of {wanted}")
    deadline = time.monotonic() + caps.seconds
    found: list[Match] = []
    chosen = _files(files.tree, blobs, under)
    for number, (path, oid) in enumerate(chosen):
        if len(found) >= caps.matches:
            break
        if time.monotonic() > deadline:
            raise LimitExceeded(f"searching for words took more than {caps.seconds:g} seconds")
        if number % AT_ONCE == 0:
            files.objects.read_ahead(oid for _, oid in chosen[number : number + AT_ONCE])
        content = files.objects.blob(oid, LARGEST_BYTES)
        if content is None:
            found += grep_words(files.git, files.commit, wanted, path, caps)
        else:
            found += _matches(path, content, wanted, caps)
    return tuple(found[: caps.matches])


def _files(tree: Tree, blobs: frozenset[BlobId], under: str) -> list[tuple[str, BlobId]]:
    """Files of the tree that are one of these blobs, in git's order."""
    folder = under.strip("/")
    prefix = "" if folder in ("", ".") else f"{folder}/"
    files = [
        (path, entry.oid)
        for path, entry in tree.entries.items()
        if entry.oid in blobs
        and entry.mode in REGULAR
        and (path.startswith(prefix) or path == folder)
    ]
    return sorted(files, key=lambda file: file[0].encode("utf-8", "surrogateescape"))


def _matches(path: str, content: bytes, words: list[str], caps: GrepCaps) -> Iterator[Match]:
    if is_binary(content):
        return
    asked = [word.encode("utf-8") for word in words]  # printable, so no lone surrogate
    for line, text in lines_with(content, asked, caps.matches_per_file):
        yield path, line, text.decode("utf-8", "replace")[: caps.line_characters]
