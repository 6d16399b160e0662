"""Many blobs in one go: `git cat-file --batch`, without waiting between them."""

from __future__ import annotations

import io
import subprocess
import threading
from collections.abc import Generator, Iterator, Sequence
from typing import cast

from bot.domain.identifiers import BlobId
from bot.errors import LimitExceeded
from workers.repository.clones.git import Git, GitFailed, pipes, start, stop

_PIECE = 1 << 20
_HEAD_BYTES = 8_000
COMPLETE_IT = "Complete a partial clone first: git fetch --refetch --no-filter."
"""Nothing is fetched behind a person's back: git would ask the network for each file."""


def stream_blobs(
    git: Git, oids: Sequence[BlobId], most: int, seconds: float
) -> Generator[tuple[BlobId, bytes, int], None, None]:
    """(id, content, size) of each; of one larger than `most` only its first 8,000 bytes.

    Raises GitFailed when the repository lacks one, LimitExceeded past the deadline.
    """
    arguments = ["--git-dir", str(git.folder), "cat-file", "--batch", "--buffer"]
    process = start(arguments)
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    clock = threading.Timer(seconds, end)
    asking = threading.Thread(target=_ask, args=(process, oids), name="asking for blobs")
    clock.start()
    asking.start()
    try:
        stdout = io.BufferedReader(cast(io.RawIOBase, pipes(process)[1]), _PIECE)
        yield from _answers(stdout, oids, most)
    except GitFailed as error:
        if late.is_set():
            raise LimitExceeded(f"reading {len(oids)} blobs took over {seconds:g} s") from error
        raise
    finally:
        clock.cancel()
        process.kill()  # which also ends the thread that asks
        asking.join()
        stop(process)


def _ask(process: subprocess.Popen[bytes], oids: Sequence[BlobId]) -> None:
    stdin = pipes(process)[0]
    try:
        for start_at in range(0, len(oids), 500):
            data = "".join(f"{oid}\n" for oid in oids[start_at : start_at + 500]).encode()
            while data:
                data = data[stdin.write(data) :]
        stdin.close()
    except (OSError, ValueError):  # it ended early: whoever reads says why
        return


def _answers(
    stdout: io.BufferedReader[io.RawIOBase], oids: Sequence[BlobId], most: int
) -> Iterator[tuple[BlobId, bytes, int]]:
    for oid in oids:
        words = stdout.readline().decode("ascii", "replace").split()
        if words[1:] == ["missing"]:
            raise GitFailed(f"the repository does not hold the file {oid}. {COMPLETE_IT}")
        if words[:2] != [oid, "blob"]:
            raise GitFailed(f"git cat-file answered {' '.join(words)!r} to {oid}")
        size = int(words[2])
        content = stdout.read(size if size <= most else min(size, _HEAD_BYTES))
        left = size - len(content) + 1  # a line feed follows
        while left:
            piece = stdout.read(min(left, _PIECE))
            if not piece:
                raise GitFailed(f"git cat-file ended within the blob {oid}")
            left -= len(piece)
        yield oid, content, size
