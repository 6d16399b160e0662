"""Bringing an index up to a commit: only files are read that no indexed commit held."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable

from bot.domain.identifiers import BlobId, Sha
from workers.repository.clones.git import Git, GitFailed
from workers.repository.clones.trees import REGULAR, Tree, TreeEntry, changed_entries
from workers.repository.index.blob_stream import stream_blobs
from workers.repository.index.database import IndexFile, Unindexed
from workers.repository.index.words import is_binary, spaced

LARGEST_BYTES = 16 * 1024**2
"""Larger files are not in the index; they are searched by git itself."""

_COVERED_KEPT = 500


def cover(index: IndexFile, git: Git, commit: Sha, tree: Tree, seconds: float) -> int:
    """Make the index hold every word of a commit's files; how many blobs it read for that.

    Raises:
        Unindexed: another process writes, the file was damaged, or an object is not what it says.
        GitFailed, LimitExceeded: the repository is damaged, or too large for the time given.
    """
    if index.covers(commit):
        return 0
    entries = _since_the_newest(index, git, commit)
    oids = _regular(tree.entries.values() if entries is None else entries)
    with index.writing() as connection:
        missing = _missing(connection, oids)
        _add(connection, git, missing, seconds)
        connection.execute("INSERT OR REPLACE INTO covered(sha) VALUES(?)", (commit,))
        connection.execute(
            "DELETE FROM covered WHERE at <= (SELECT max(at) FROM covered) - ?", (_COVERED_KEPT,)
        )
    return len(missing)


def _since_the_newest(index: IndexFile, git: Git, commit: Sha) -> list[TreeEntry] | None:
    """What the commit has that the one covered last had not; None when git cannot say."""
    newest = index.newest_covered()
    if newest is None:
        return None
    try:
        return [entry for _, entry in changed_entries(git, newest, commit) if entry is not None]
    except GitFailed:  # nothing refers to it any more, and its objects were collected
        return None


def _regular(entries: Iterable[TreeEntry]) -> list[BlobId]:
    return list(dict.fromkeys(entry.oid for entry in entries if entry.mode in REGULAR))


def _missing(connection: sqlite3.Connection, oids: list[BlobId]) -> list[BlobId]:
    known = {oid for (oid,) in connection.execute("SELECT oid FROM blob")}
    return [oid for oid in oids if bytes.fromhex(oid) not in known]


def _add(connection: sqlite3.Connection, git: Git, oids: list[BlobId], seconds: float) -> None:
    for oid, content, size in stream_blobs(git, oids, LARGEST_BYTES, seconds):
        binary = is_binary(content)
        large = size > LARGEST_BYTES and not binary
        if size <= LARGEST_BYTES and not _is_named(oid, content):
            raise Unindexed(f"the object {oid} holds something else than its name says")
        row = (bytes.fromhex(oid), 0 if binary else content.count(b"\n"), large)
        insert = "INSERT INTO blob(oid, lines, large) VALUES(?, ?, ?)"
        number = connection.execute(insert, row).lastrowid
        if not binary and not large:
            words = (number, spaced(content))
            connection.execute("INSERT INTO word(rowid, text) VALUES(?, ?)", words)


def _is_named(oid: BlobId, content: bytes) -> bool:
    """Whether git would give the content this id. git checks that where it fetches, not where it
    reads: objects that somebody copied into a repository must not outlive it in an index.
    """
    made = hashlib.new("sha1" if len(oid) == 40 else "sha256", usedforsecurity=False)
    made.update(b"blob %d\0" % len(content))
    made.update(content)
    return made.hexdigest() == oid
