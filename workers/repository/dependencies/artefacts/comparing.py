"""The child process that compares two archives: its arguments in, JSON out.

Reading a stranger's archive and sources may take any time and memory, or crash a parser; so it
happens in a process of its own, with limits, without the worker's environment.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from bot.domain.release import Breakage, Comparison
from workers.repository.dependencies.artefacts.indexes import ArchiveKind
from workers.repository.dependencies.artefacts.unpacking import (
    UnsafeArchive,
    unpack_tar,
    unpack_zip,
)
from workers.repository.dependencies.listing import Unreadable

SECONDS = 25
_MEMORY = 1_500_000_000
_FILE_BYTES = 120_000_000
_OUTPUT = 2_000_000
_ENDINGS = {
    "wheel": (".py", ".pyi"),
    "sdist": (".py", ".pyi"),
    "npm": (".d.ts", ".d.mts", ".d.cts", "package.json"),
}

File = tuple[ArchiveKind, Path]


def compare_files(before: File, after: File) -> Comparison:
    """Run the child on two archives and read what it says."""
    files = (before[0], str(before[1]), after[0], str(after[1]))
    command = [sys.executable, "-I", "-m", __name__, *files]
    try:
        done = subprocess.run(
            command,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Comparison(note=f"comparing took more than {SECONDS} s")
    if done.returncode != 0 or len(done.stdout) > _OUTPUT:
        return Comparison(note="comparing failed: its process ended without an answer")
    return comparison_of(done.stdout) or Comparison(note="comparing gave no answer")


def comparison_of(answer: bytes) -> Comparison | None:
    """The value that was written as JSON; None if it is not whole."""
    try:
        told = json.loads(answer)
        breakages = tuple(Breakage(**entry) for entry in told["breakages"])
        return Comparison(breakages, told["note"], tuple(told["modules"]))
    except (ValueError, TypeError, KeyError):
        return None


def main(arguments: list[str]) -> None:
    """`KIND ARCHIVE KIND ARCHIVE`, the older first."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    before_kind, before, after_kind, after = arguments
    with tempfile.TemporaryDirectory(prefix="plumbline-") as folder:
        compared = _compared(Path(folder), (before_kind, before), (after_kind, after))
    sys.stdout.write(json.dumps(asdict(compared)))


def _compared(folder: Path, before: tuple[str, str], after: tuple[str, str]) -> Comparison:
    sides: list[Path] = []
    for name, (kind, archive) in (("before", before), ("after", after)):
        target = folder / name
        target.mkdir()
        try:
            unpack = unpack_zip if kind == "wheel" else unpack_tar
            unpack(Path(archive), target, _ENDINGS[kind])
        except UnsafeArchive as error:
            return Comparison(note=f"the archive is refused: {error}")
        sides.append(target)
    try:
        return _sources_compared(before[0], *sides)
    except Unreadable as error:
        return Comparison(note=f"not compared: {error}")


def _sources_compared(kind: str, before: Path, after: Path) -> Comparison:
    """The parsers are imported here: the worker that starts the child needs none of them."""
    if kind == "npm":
        from workers.repository.dependencies.artefacts.npm_api import npm_breakages

        return Comparison(tuple(npm_breakages(before, after)))
    from workers.repository.dependencies.artefacts.python_api import modules_of, python_breakages

    return Comparison(tuple(python_breakages(before, after)), modules=tuple(modules_of(before)))


if __name__ == "__main__":
    main(sys.argv[1:])
