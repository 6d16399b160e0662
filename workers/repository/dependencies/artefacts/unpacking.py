"""Sources out of an archive that nobody vouches for, into an empty folder.

Only regular files with wanted endings are written, by names that stay below the folder; an archive
that tries anything else is refused whole. Links, devices and modes are never recreated.
"""

from __future__ import annotations

import gzip
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

MOST_MEMBERS = 20_000
MOST_BYTES = 100_000_000
"""Unpacked, all members together, those that are not wanted counted too (they are read past)."""
MOST_RATIO = 200
"""Unpacked bytes for each byte of the archive; text packs ten to one."""
_LEAST = 5_000_000
"""Below this many unpacked bytes no ratio is suspicious."""
_LONGEST_NAME = 400
_CHUNK = 65_536


class UnsafeArchive(ValueError):
    """The archive breaks a rule; the text says which and is shown."""


def unpack_zip(archive: Path, folder: Path, endings: tuple[str, ...]) -> None:
    """A wheel. Raises UnsafeArchive."""
    budget = _Budget(archive)
    try:
        with zipfile.ZipFile(archive) as opened:
            if len(opened.infolist()) > MOST_MEMBERS:
                raise UnsafeArchive(f"more than {MOST_MEMBERS:,} members")
            for member in opened.infolist():
                mode = member.external_attr >> 16
                if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
                    raise UnsafeArchive("a member that is no regular file")
                target = _target(folder, member.filename)
                budget.declare(member.file_size)
                if not member.is_dir() and member.filename.endswith(endings):
                    with opened.open(member) as source:
                        _write(target, budget.counted(source))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnsafeArchive("it is no readable zip archive") from error


def unpack_tar(archive: Path, folder: Path, endings: tuple[str, ...]) -> None:
    """A source archive or an npm package, `.tar.gz`, as a stream. Raises UnsafeArchive."""
    budget = _Budget(archive)
    try:
        with gzip.open(archive) as inflated:
            whole = _CountedReader(inflated, budget)
            with tarfile.open(fileobj=whole, mode="r|") as opened:  # type: ignore[call-overload]  # it only reads
                for number, member in enumerate(opened):
                    if number >= MOST_MEMBERS:
                        raise UnsafeArchive(f"more than {MOST_MEMBERS:,} members")
                    _unpack_member(opened, member, folder, endings)
    except tarfile.FilterError as error:
        raise UnsafeArchive(_why(error)) from error
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise UnsafeArchive("it is no readable tar archive") from error


def _unpack_member(
    opened: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, endings: tuple[str, ...]
) -> None:
    """The standard filter decides what is safe; what is no regular file is then left out."""
    tarfile.data_filter(member, str(folder))
    target = _target(folder, member.name)
    source = opened.extractfile(member) if member.isreg() else None
    if source is not None and member.name.endswith(endings):
        _write(target, iter(lambda: source.read(_CHUNK), b""))


def _why(error: tarfile.FilterError) -> str:
    return {
        "SpecialFileError": "a device or a pipe",
        "AbsolutePathError": "an absolute path",
        "OutsideDestinationError": "a path that leaves the archive",
        "AbsoluteLinkError": "a link to an absolute path",
        "LinkOutsideDestinationError": "a link that leaves the archive",
    }.get(type(error).__name__, "a member that the standard filter refuses")


def _target(folder: Path, name: str) -> Path:
    path = PurePosixPath(name)
    if len(name) > _LONGEST_NAME or "\0" in name:
        raise UnsafeArchive("a path that is too long or holds a NUL")
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name.partition("/")[0]:
        raise UnsafeArchive("a path that leaves the archive")
    return folder / path


def _write(target: Path, chunks: Iterator[bytes]) -> None:
    """A second member of the same name is refused: which of the two counts differs by tool."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
    except FileExistsError as error:
        raise UnsafeArchive("two members with one path") from error
    except OSError as error:
        raise UnsafeArchive("a path that cannot be written") from error


class _Budget:
    """Counts unpacked bytes against the caps."""

    def __init__(self, archive: Path) -> None:
        self._most = min(MOST_BYTES, max(_LEAST, archive.stat().st_size * MOST_RATIO))
        self._declared = 0
        self._read = 0

    def declare(self, size: int) -> None:
        self._declared += size
        self._hold(self._declared)

    def count(self, size: int) -> None:
        self._read += size
        self._hold(self._read)

    def counted(self, source: IO[bytes]) -> Iterator[bytes]:
        while chunk := source.read(_CHUNK):
            self.count(len(chunk))
            yield chunk

    def _hold(self, size: int) -> None:
        if size > self._most:
            raise UnsafeArchive(f"it unpacks to more than {self._most:,} bytes")


class _CountedReader:
    """The inflated stream of a tar archive, counted as it is read."""

    def __init__(self, source: gzip.GzipFile, budget: _Budget) -> None:
        self._source = source
        self._budget = budget

    def read(self, size: int) -> bytes:
        chunk = self._source.read(size)
        self._budget.count(len(chunk))
        return chunk
