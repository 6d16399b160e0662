"""Releases of the indexes that the operator named, compared and remembered: ports.Releases."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path

from bot.domain.release import Comparison, Release
from bot.settings import PackageIndexSettings, Settings
from workers.repository.dependencies.artefacts.comparing import (
    File,
    compare_files,
    comparison_of,
)
from workers.repository.dependencies.artefacts.download import DownloadRefused, Downloads
from workers.repository.dependencies.artefacts.indexes import (
    LARGEST_ANSWER,
    LARGEST_ARCHIVE,
    Archive,
    answer_address,
    archive_of,
)

MOST_KEPT_BYTES = 500_000_000
_RULES = "1"
"""Changes when the same two archives would be compared in another way."""


class IndexedReleases:
    """Downloads by exact version and hash, keeps archives and answers by hash in a folder."""

    def __init__(self, settings: PackageIndexSettings, folder: Path) -> None:
        self._bases = {"python": settings.pypi, "npm": settings.npm}
        self._downloads = Downloads(settings.origins)
        self._folder = folder

    def compare(self, before: Release, after: Release) -> Comparison:
        """What the newer release breaks of the older one's public names."""
        base = self._bases.get(after.ecosystem, "")
        if not base:
            return Comparison(note=f"no index is named for {after.ecosystem}")
        try:
            archives = [self._archive(base, release) for release in (before, after)]
            kept = self._folder / f"{_key(archives)}.json"
            known = comparison_of(kept.read_bytes()) if kept.is_file() else None
            if known is not None:
                return known
            old, new = (self._file(archive) for archive in archives)
        except DownloadRefused as error:
            return Comparison(note=str(error))
        compared = compare_files(old, new)
        if not compared.note:
            _write(kept, json.dumps(asdict(compared)).encode())
        return compared

    def _archive(self, base: str, release: Release) -> Archive:
        answer = self._downloads.get(answer_address(base, release), LARGEST_ANSWER)
        return archive_of(release, answer)

    def _file(self, archive: Archive) -> File:
        """The archive on disk; what was kept is verified like what has just come.

        Raises:
            DownloadRefused: its bytes are not those that were promised.
        """
        path = self._folder / f"{archive.algorithm}-{archive.digest}"
        if path.is_file() and archive.is_made_of(path.read_bytes()):
            os.utime(path)
            return archive.kind, path
        content = self._downloads.get(archive.address, LARGEST_ARCHIVE)
        if not archive.is_made_of(content):
            raise DownloadRefused(f"{archive.address[:200]}: its {archive.algorithm} is another")
        _write(path, content)
        self._evict(path)
        return archive.kind, path

    def _evict(self, keep: Path) -> None:
        """The files that were not used for longest go, until the rest fits."""
        files = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime)
        size = sum(path.stat().st_size for path in files)
        for path in files:
            if size <= MOST_KEPT_BYTES:
                return
            if path != keep:
                size -= path.stat().st_size
                path.unlink(missing_ok=True)


def open_releases(settings: Settings) -> IndexedReleases | None:
    """The package indexes, or None where the operator named none."""
    if not settings.packages.origins:
        return None
    return IndexedReleases(settings.packages, settings.data_dir / "artefacts")


def _key(archives: list[Archive]) -> str:
    named = "\0".join((_RULES, *(f"{one.kind} {one.digest}" for one in archives)))
    return hashlib.sha256(named.encode()).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: another worker may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
