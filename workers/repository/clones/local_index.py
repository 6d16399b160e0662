"""What terminal runs keep of the repositories of the person who runs them: words and outlines.

It lies in that person's cache folder, never in the repository, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from workers.repository.clones.git import Git
from workers.repository.clones.objects import Objects
from workers.repository.index.repository_index import RepositoryIndex

MOST_BYTES = 500 * 1024**2
"""Of all repositories together; those that were not looked at for longest are deleted first."""


@contextmanager
def local_index(
    cache: Path, repository: Path, git: Git, objects: Objects, most_bytes: int = MOST_BYTES
) -> Iterator[RepositoryIndex | None]:
    """The index of a repository, found by its folder; None where nothing can be kept, or where
    somebody else lies in wait: cache folders that people share exist.
    """
    folder = cache / "repositories" / _name(repository)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(folder):
            raise PermissionError(f"{str(folder)!r} is not this person's own folder")
        os.utime(folder)
        _make_room(folder, most_bytes)
    except OSError:  # a full or read-only disk, another's folder: git itself answers
        yield None
        return
    with closing(RepositoryIndex(folder, git, objects, alone=False)) as index:
        yield index


def _is_ours(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _name(repository: Path) -> str:
    digest = hashlib.sha256(os.fsencode(repository.resolve())).hexdigest()
    return digest[:24]


def _make_room(used: Path, most_bytes: int) -> None:
    """Delete the oldest folders until the rest fits; whoever still reads one is not disturbed."""
    folders = [each for each in used.parent.iterdir() if each.is_dir()]
    sizes = {folder: _size(folder) for folder in folders}
    total = sum(sizes.values())
    for folder in sorted(folders, key=lambda each: (each == used, each.stat().st_mtime)):
        if total <= most_bytes:
            return
        shutil.rmtree(folder, ignore_errors=True)
        total -= sizes[folder]
    used.mkdir(mode=0o700, exist_ok=True)


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.iterdir() if each.is_file())
