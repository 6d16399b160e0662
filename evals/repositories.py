"""Where the code of a case is: a repository on this machine, a clone of one, or one written here.

A clone is made once and kept; git is run as everywhere in the program, bounded and unconfigured.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import FetchFailed, UserError
from evals.case import Case
from workers.repository.clones.git import Caps, execute, start, stop

_CLONING = Caps(seconds=1_800.0)
_WRITING_SECONDS = 60.0
_PROTOCOLS = ("https", "http", "file")
_WHO = b"Plumbline <evals@invalid> %d +0000"
_WRITTEN_AT = 1_750_000_000


class CaseRepositories:
    """Finds, clones or writes the repository of each case below one folder. Safe from threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def open(self, case: Case) -> tuple[Path, str]:
        """The repository, and the range BASE..HEAD of the case in it.

        Raises:
            UserError: the case names nothing that could be a repository.
            FetchFailed: it could not be cloned.
        """
        commits = f"{case.base}..{case.head}"
        if case.in_folder:
            return self._made(f"written:{case.repo}", case.id, case)
        if "://" not in case.repo and Path(case.repo).is_dir():
            return Path(case.repo), commits
        return self._made(case.repo, Path(case.repo).stem, None)[0], commits

    def _made(self, source: str, name: str, case: Case | None) -> tuple[Path, str]:
        digest = hashlib.sha256(source.encode()).hexdigest()[:10]
        place = self._folder / f"{name}-{digest}.git"
        with self._locks[source]:
            if case is not None:
                shutil.rmtree(place, ignore_errors=True)  # its files may have changed meanwhile
                return place, write_case(case, place)
            if not place.exists():
                _clone(source, place)
        return place, ""


def write_case(case: Case, place: Path) -> str:
    """Write `base/` and `change/` as two commits into a new bare repository; BASE..HEAD.

    The same files give the same commits. Raises UserError where git does not take them.
    """
    folder = Path(case.repo)
    place.parent.mkdir(parents=True, exist_ok=True)
    made = execute(["init", "--quiet", "--bare", "--initial-branch=main", str(place)], _CLONING)
    if made.status:
        raise UserError(f"no repository could be made at {str(place)!r}: {made.stderr.strip()}")
    base, head = tuple(_files(folder / "base")), [*_files(folder / "change")]
    head += [b"D %s\n" % _quoted(path) for path in case.removed]
    words = f"{case.title}\n\n{case.body}".strip().encode()
    stream = b"".join((*_commit(1, b"main", b"Begin", base), *_commit(2, b"topic", words, head)))
    _import(place, stream, str(folder))
    return "main..topic"


def _files(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            data, mode = path.read_bytes(), b"100755" if path.stat().st_mode & 0o100 else b"100644"
            name = _quoted(path.relative_to(folder).as_posix())
            yield b"M %s inline %s\ndata %d\n%s\n" % (mode, name, len(data), data)


def _quoted(path: str) -> bytes:
    return b'"' + b"".join(b"\\%03o" % byte for byte in path.encode()) + b'"'


def _commit(mark: int, branch: bytes, words: bytes, files: object) -> Iterator[bytes]:
    who = _WHO % (_WRITTEN_AT + 60 * mark)
    yield b"commit refs/heads/%s\nmark :%d\n" % (branch, mark)
    yield b"author %s\ncommitter %s\ndata %d\n%s\n" % (who, who, len(words), words)
    if mark > 1:
        yield b"from :%d\n" % (mark - 1)
    yield from files  # type: ignore[misc]


def _import(place: Path, stream: bytes, source: str) -> None:
    process = start(["--git-dir", str(place), "fast-import", "--quiet", "--date-format=raw"])
    try:
        _, said = process.communicate(stream, timeout=_WRITING_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise UserError(f"{source!r} took more than {_WRITING_SECONDS:g} s to write.") from error
    finally:
        stop(process)
    if process.returncode:
        raise UserError(f"git took no case from {source!r}: {said.decode(errors='replace')[-500:]}")


def _clone(source: str, place: Path) -> None:
    """Clone beside the place and move there: an interrupted clone is never taken for a whole one.

    Raises:
        UserError, FetchFailed: see `CaseRepositories.open`.
    """
    scheme = urlsplit(source).scheme if "://" in source else "file"
    if "@" in urlsplit(source).netloc:
        raise UserError(
            "the address of a repository holds a user or password, which results would keep. "
            "Clone it yourself and name the folder."
        )
    if scheme not in _PROTOCOLS or (scheme == "file" and not _path(source).exists()):
        raise UserError(
            f"the repository {source!r} is not there. Name a folder, a bundle, or an address that "
            f"starts with {', '.join(f'{each}://' for each in _PROTOCOLS)}."
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    allowed = {"GIT_ALLOW_PROTOCOL": scheme}
    with tempfile.TemporaryDirectory(dir=place.parent, prefix="clone-") as half:
        target = Path(half) / "repository.git"
        done = execute(["clone", "--quiet", "--bare", "--", source, str(target)], _CLONING, allowed)
        if done.status:
            raise FetchFailed(f"git could not clone {source!r}: {done.stderr.strip()[-500:]}")
        target.rename(place)


def _path(source: str) -> Path:
    return Path(source.removeprefix("file://"))
