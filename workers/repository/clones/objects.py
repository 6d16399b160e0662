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
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType

from bot.domain.identifiers import BlobId
from bot.errors import LimitExceeded
from workers.repository.clones.git import GitFailed, pipes, start, stop

_OBJECT_ID = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")

_KEPT_BYTES = 2 * 1024**2
_LARGEST_KEPT = 64 * 1024
"""What searched a file is soon followed by what reads it: small blobs are kept, the newest ones."""

AT_ONCE = 50
"""So many requests fit into any pipe: no write waits for git, which may wait for us to read."""


class Objects:
    """Reads one repository's objects, for any number of threads; close it, or use `with`."""

    def __init__(self, folder: Path, seconds: float = 30.0) -> None:
        self._folder = folder
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._ahead = b""
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0
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
            kept = self._kept.get(oid)
            if kept is not None:
                self._kept.move_to_end(oid)
                return kept if len(kept) <= most else None
            known = self._ask(b"info", oid)
            if known is None or known[0] != "blob":
                raise GitFailed(f"the repository does not hold the blob {oid}")
            if known[1] > most:
                return None
            self._request(b"contents", [oid])
            return self._content(oid)

    def read_ahead(self, oids: Iterable[BlobId]) -> None:
        """Read those that are small without waiting between them, for `blob` to hand out soon.

        Raises as `blob` does, but for those that the repository lacks: `blob` tells of them.
        """
        with self._one_at_a_time:
            waiting = iter([oid for oid in dict.fromkeys(oids) if oid not in self._kept])
            try:
                while some := list(islice(waiting, AT_ONCE)):
                    self._read_small(some)
            except BaseException:  # answers may still be on their way
                self._end()
                raise

    def _read_small(self, oids: Sequence[BlobId]) -> None:
        self._request(b"info", oids)
        answers = [(oid, self._answer(oid)) for oid in oids]
        small = [oid for oid, known in answers if known and _is_small(*known)]
        self._request(b"contents", small)
        for oid in small:
            self._content(oid)

    def _content(self, oid: str) -> bytes:
        """The requested content of a blob that the repository holds."""
        answer = self._answer(oid)
        if answer is None:
            raise GitFailed(f"the blob {oid} cannot be read; the repository is damaged")
        content = self._read(self._running(), answer[1] + 1)[:-1]
        if len(content) <= _LARGEST_KEPT:
            self._kept[oid] = content
            self._kept_bytes += len(content)
            while self._kept_bytes > _KEPT_BYTES:
                self._kept_bytes -= len(self._kept.popitem(last=False)[1])
        return content

    def _end(self) -> None:
        if self._process is not None:
            stop(self._process)
        self._process = None
        self._ahead = b""

    def _ask(self, command: bytes, oid: str) -> tuple[str, int] | None:
        self._request(command, [oid])
        return self._answer(oid)

    def _request(self, command: bytes, oids: Sequence[str]) -> None:
        for oid in oids:
            if not _OBJECT_ID.fullmatch(oid):
                raise GitFailed(f"{oid!r} is not an object id")
        if oids:
            self._send(b"".join(command + b" " + oid.encode() + b"\n" for oid in oids))

    def _answer(self, oid: str) -> tuple[str, int] | None:
        line = self._line(self._running()).decode("ascii", "replace").split(" ")
        if line[-1] == "missing":
            return None
        if len(line) != 3 or line[0] != oid:
            raise GitFailed(f"git cat-file answered {' '.join(line)!r} to {oid}")
        return line[1], int(line[2])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = start(["--git-dir", str(self._folder), "cat-file", "--batch-command"])
        return self._process

    def _send(self, request: bytes) -> None:
        process = self._running()
        try:
            os.write(pipes(process)[0].fileno(), request)
        except BrokenPipeError as error:
            raise self._died(process) from error

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


def _is_small(kind: str, size: int) -> bool:
    return kind == "blob" and size <= _LARGEST_KEPT
