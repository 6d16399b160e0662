"""Blobs by object id, over one long-lived `git cat-file --batch-command`.

https://git-scm.com/docs/git-cat-file#_batch_output
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType

from bot.domain.identifiers import BlobId
from bot.errors import LimitExceeded
from workers.repository.git import GitFailed, pipes, start, stop

_OBJECT_ID = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


class Objects:
    """Reads one repository's objects, for any number of threads; close it, or use `with`."""

    def __init__(self, folder: Path, seconds: float = 30.0) -> None:
        self._folder = folder
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._ahead = b""
        self._one_at_a_time = threading.Lock()

    def __enter__(self) -> Objects:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process; the next read would start another."""
        with self._one_at_a_time:
            self._end()

    def info(self, oid: str) -> tuple[str, int] | None:
        """(type, bytes) of an object without reading it; None when the repository lacks it."""
        with self._one_at_a_time:
            return self._ask(b"info", oid)

    def blob(self, oid: BlobId, most: int) -> bytes | None:
        """A blob's bytes; None when it holds more than `most` bytes.

        Raises GitFailed when the repository lacks it or is damaged, LimitExceeded when git hangs.
        """
        with self._one_at_a_time:
            known = self._ask(b"info", oid)
            if known is None or known[0] != "blob":
                raise GitFailed(f"the repository does not hold the blob {oid}")
            if known[1] > most:
                return None
            answer = self._ask(b"contents", oid)
            if answer is None:
                raise GitFailed(f"the blob {oid} cannot be read; the repository is damaged")
            return self._read(self._running(), answer[1] + 1)[:-1]

    def _end(self) -> None:
        if self._process is not None:
            stop(self._process)
        self._process = None
        self._ahead = b""

    def _ask(self, command: bytes, oid: str) -> tuple[str, int] | None:
        if not _OBJECT_ID.fullmatch(oid):
            raise GitFailed(f"{oid!r} is not an object id")
        process = self._send(command + b" " + oid.encode() + b"\n")
        line = self._line(process).decode("ascii", "replace").split(" ")
        if line[-1] == "missing":
            return None
        if len(line) != 3 or line[0] != oid:
            raise GitFailed(f"git cat-file answered {' '.join(line)!r} to {oid}")
        return line[1], int(line[2])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = start(["--git-dir", str(self._folder), "cat-file", "--batch-command"])
        return self._process

    def _send(self, request: bytes) -> subprocess.Popen[bytes]:
        process = self._running()
        try:
            os.write(pipes(process)[0].fileno(), request)
        except BrokenPipeError as error:
            raise self._died(process) from error
        return process

    def _line(self, process: subprocess.Popen[bytes]) -> bytes:
        while b"\n" not in self._ahead:
            self._more(process, time.monotonic() + self._seconds)
        line, _, self._ahead = self._ahead.partition(b"\n")
        return line

    def _read(self, process: subprocess.Popen[bytes], count: int) -> bytes:
        deadline = time.monotonic() + self._seconds
        pieces = [self._ahead]
        have = len(self._ahead)
        while have < count:
            self._ahead = b""
            self._more(process, deadline)
            pieces.append(self._ahead)
            have += len(self._ahead)
        whole = b"".join(pieces)
        self._ahead = whole[count:]
        return whole[:count]

    def _more(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        pipe = pipes(process)[1].fileno()
        if not select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
            self._end()
            raise LimitExceeded(f"git cat-file did not answer within {self._seconds:g} seconds")
        piece = os.read(pipe, 1 << 18)
        if not piece:
            raise self._died(process)
        self._ahead += piece

    def _died(self, process: subprocess.Popen[bytes]) -> GitFailed:
        said = os.read(pipes(process)[2].fileno(), 1 << 14).decode("utf-8", "replace").strip()
        self._end()
        return GitFailed(f"git cat-file ended unasked: {said or 'it said nothing'}")
