"""One SQLite file beside a bare repository: which blobs hold a word, and facts about blobs.

It can always be made again from the repository, so what is damaged or was made by another version
is deleted. A file's name is never used twice: whoever still reads a deleted one is not disturbed.
https://www.sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from bot.domain.identifiers import BlobId, Sha
from bot.errors import FetchFailed
from bot.process_log import LOG
from workers.repository.clones.locks import locked
from workers.repository.index.version import index_version

_SCHEMA = """
CREATE TABLE made(version TEXT NOT NULL);
CREATE TABLE covered(at INTEGER PRIMARY KEY, sha TEXT NOT NULL UNIQUE);
CREATE TABLE blob(
  id INTEGER PRIMARY KEY, oid BLOB NOT NULL UNIQUE, lines INTEGER NOT NULL, large INTEGER NOT NULL);
CREATE INDEX large ON blob(id) WHERE large;
CREATE TABLE fact(name TEXT NOT NULL UNIQUE, value BLOB NOT NULL);
CREATE VIRTUAL TABLE word USING fts5(
  text, content='', detail=none, columnsize=0, tokenize="ascii tokenchars '_'");
"""
"""`covered`: commits whose files are all in `blob`. `lines`: 0 of a binary file. `large`:
files that are not in `word`."""

_WRITING, _MAKING = "index.lock", "index.making.lock"

_BUSY_SECONDS = 2.0
_CACHE_KB = 8_000
_PAGE_BYTES = 16_384
"""A fact has one or two kilobytes: of SQLite's usual pages a third would stay empty."""


class Unindexed(Exception):
    """There is no index to read now: git itself has to be asked."""


class IndexFile:
    """An open index. For any number of threads; several processes may read, one writes."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._one_at_a_time = threading.RLock()

    def close(self) -> None:
        """Let go of the file."""
        with self._one_at_a_time:
            self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Use the connection. Damage deletes the file and raises Unindexed."""
        with self._one_at_a_time:
            try:
                yield self._connection
            except sqlite3.OperationalError as error:  # busy, a full disk
                raise Unindexed(f"the index {str(self.path)!r} fails: {error}") from error
            except sqlite3.DatabaseError as error:
                delete(self.path)
                LOG.warning("index %s was damaged (%s); it is built anew", self.path, error)
                raise Unindexed(f"the index {str(self.path)!r} was damaged: {error}") from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction. Raises Unindexed while another process writes."""
        try:
            with locked(self.path.with_name(_WRITING), 0.0), self.reading() as connection:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    with suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")
                    raise
        except FetchFailed as error:
            raise Unindexed("another process writes the index") from error

    def recall(self, names: Iterable[str]) -> dict[str, bytes]:
        """The facts that are known of these."""
        wanted = list(names)
        found: dict[str, bytes] = {}
        with self.reading() as connection:
            for start in range(0, len(wanted), 500):
                some = wanted[start : start + 500]
                marks = ",".join("?" * len(some))
                query = f"SELECT name, value FROM fact WHERE name IN ({marks})"  # noqa: S608 - marks
                found.update(connection.execute(query, some))
        return found

    def known(self, names: Iterable[str]) -> frozenset[str]:
        """Those of the names under which there is a fact."""
        wanted = frozenset(names)
        with self.reading() as connection:
            return frozenset(
                name for (name,) in connection.execute("SELECT name FROM fact") if name in wanted
            )

    def sizes(self) -> tuple[int, int, int]:
        """(bytes of the file, lines of text that it covers, blobs)."""
        with self.reading() as connection:
            [(pages,)] = connection.execute("PRAGMA page_count")
            [(page_bytes,)] = connection.execute("PRAGMA page_size")
            [(lines, blobs)] = connection.execute("SELECT total(lines), count(*) FROM blob")
        return pages * page_bytes, int(lines), blobs

    def keep(self, facts: Mapping[str, bytes]) -> None:
        """Remember facts. Raises Unindexed while another process writes."""
        with self.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO fact VALUES(?, ?)", facts.items())

    def covers(self, commit: Sha) -> bool:
        """Whether the words of all its files are known."""
        with self.reading() as connection:
            asked = "SELECT 1 FROM covered WHERE sha = ?"
            return connection.execute(asked, (commit,)).fetchone() is not None

    def newest_covered(self) -> Sha | None:
        """The commit that was covered last."""
        with self.reading() as connection:
            row = connection.execute("SELECT sha FROM covered ORDER BY at DESC LIMIT 1").fetchone()
            return Sha(row[0]) if row else None

    def blobs_with(self, texts: Iterable[Sequence[str]], most: int) -> frozenset[BlobId] | None:
        """Blobs that may hold all words of one text, and the too large; None beyond `most`."""
        each = (" AND ".join(f'"{word}"' for word in words) for words in texts)
        either = " OR ".join(f"({words})" for words in each)
        asked = "SELECT rowid FROM word WHERE word MATCH ? LIMIT ?"
        with self.reading() as connection:
            numbers = {row[0] for row in connection.execute(asked, (either, most + 1))}
            numbers |= {row[0] for row in connection.execute("SELECT id FROM blob WHERE large")}
            if len(numbers) > most:
                return None
            marks = ",".join("?" * len(numbers))
            rows = connection.execute(
                f"SELECT oid FROM blob WHERE id IN ({marks})",  # noqa: S608 - question marks
                list(numbers),
            ).fetchall()
        return frozenset(BlobId(oid.hex()) for (oid,) in rows)


def open_index(folder: Path) -> IndexFile:
    """The index in this folder, made if need be; others' and damaged ones are deleted.

    Raises Unindexed where it cannot be kept: no FTS5 in this SQLite, a full or read-only disk.
    """
    try:
        known = _newest_known(folder)
        if known is not None:
            return known
        with locked(folder / _MAKING, _BUSY_SECONDS):  # two at once would make two
            return _newest_known(folder) or _made(folder)
    except (FetchFailed, OSError, sqlite3.Error) as error:
        raise Unindexed(f"no index can be kept in {str(folder)!r}: {error}") from error


def _newest_known(folder: Path) -> IndexFile | None:
    known = map(_open_known, sorted(folder.glob("index-*.sqlite")))
    return next((index for index in known if index is not None), None)


def _made(folder: Path) -> IndexFile:
    """An empty index. It gets its name when it is whole, so that nobody opens half of one."""
    path = folder / f"index-{uuid4().hex}.sqlite"
    unfinished = folder / f"new-{path.name}"
    try:
        with closing(_connect(unfinished)) as connection:
            connection.executescript(_SCHEMA)
            connection.execute("INSERT INTO made VALUES(?)", (index_version(),))
        unfinished.rename(path)
    finally:
        delete(unfinished)
    return IndexFile(path, _connect(path))


def _open_known(path: Path) -> IndexFile | None:
    """The index in this file; None when it was of no use and is deleted. Raises sqlite3.Error."""
    try:
        connection = _connect(path)
        row = connection.execute("SELECT version FROM made").fetchone()
        if row == (index_version(),):
            return IndexFile(path, connection)
        connection.close()
        reason = "another version made it"
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise
        reason = str(error)
    LOG.warning("index %s is deleted and built anew: %s", path, reason)
    delete(path)
    return None


def delete(path: Path) -> None:
    """Remove an index and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    for pragma in (
        f"page_size = {_PAGE_BYTES}",  # of a file that is made now
        "journal_mode = WAL",
        "synchronous = NORMAL",
        f"cache_size = -{_CACHE_KB}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection
