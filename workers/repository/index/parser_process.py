"""One parser process from the side of whoever asks it: bounded in time, memory and answer."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import workers
from workers.repository.clones.git import limit_memory, stop
from workers.repository.index.framing import ANSWER, PARSE, QUESTION

MODULE = "workers.repository.index.parser"
_FROM_THE_OPERATOR = ("PATH", "PYTHONHOME", "LD_LIBRARY_PATH")
_HOME = str(Path(workers.__path__[0]).resolve().parent)
"""Where this program's own packages are: a parser of another copy would answer in other values."""
_MEMORY_BYTES = 1024**3
_ANSWER_BYTES = 64 * 1024**2
_PIECE = 1 << 16


class ParserDied(Exception):
    """The process ended, answered too much or was too late; the text ends "the parser ..."."""


class ParserProcess:
    """A running parser. For one thread at a time; useless once it raised ParserDied."""

    def __init__(self) -> None:
        """Start it, with nothing of ours in its environment and not in a folder under review."""
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", MODULE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                cwd="/",
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            raise ParserDied(f"could not be started ({error.strerror})") from error
        limit_memory(self._process.pid, _MEMORY_BYTES)
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("a parser was started without pipes")
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        self.fresh = True
        os.set_blocking(self._to, False)

    fresh: bool
    """Whether it has read nothing yet."""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def parse(self, path: str, source: bytes, seconds: float) -> bytes:
        """The parsed file, packed. Raises ParserDied; the process is then gone."""
        return self.ask(PARSE, path, source, seconds)

    def ask(self, asked: str, path: str, source: bytes, seconds: float) -> bytes:
        """The packed answer to a question of `framing`. Raises ParserDied; it is then gone."""
        self.fresh = False
        what, name = asked.encode("ascii"), path.encode("utf-8", "surrogateescape")
        try:
            late = _Deadline(seconds)
            head = QUESTION.pack(len(what), len(name), len(source))
            self._write(head + what + name + source, late)
            (size,) = ANSWER.unpack(self._read(ANSWER.size, late))
            if size > _ANSWER_BYTES:
                raise ParserDied("answered too much")
            return self._read(size, late)
        except BaseException:  # half an answer may still be on its way
            self.stop()
            raise

    def stop(self) -> None:
        """End it."""
        stop(self._process)

    def _write(self, data: bytes, late: Callable[[], float]) -> None:
        left = memoryview(data)
        while left:
            if not select.select([], [self._to], [], late())[1]:
                raise ParserDied("took too long")
            try:
                left = left[os.write(self._to, left[:_PIECE]) :]
            except BrokenPipeError as error:
                raise ParserDied("died") from error

    def _read(self, count: int, late: Callable[[], float]) -> bytes:
        read = bytearray()
        while len(read) < count:
            if not select.select([self._from], [], [], late())[0]:
                raise ParserDied("took too long")
            piece = os.read(self._from, min(count - len(read), 1 << 20))
            if not piece:
                raise ParserDied("died")
            read += piece
        return bytes(read)


def _environment() -> dict[str, str]:
    """What a parser may know; it imports what its starter did, first of all the same program."""
    kept = {name: os.environ[name] for name in _FROM_THE_OPERATOR if name in os.environ}
    paths = (_HOME, os.environ.get("PYTHONPATH", ""))
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


class _Deadline:
    """How many seconds are left, from now on."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def __call__(self) -> float:
        return max(0.0, self._end - time.monotonic())
