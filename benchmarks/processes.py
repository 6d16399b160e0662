"""Processes that a benchmark starts, and what the kernel says of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_FOREIGN = ("OPENAI_", "PLUMBLINE_", "GITHUB_")
_PSS = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)


@contextmanager
def log_file(part: str) -> Iterator[IO[bytes]]:
    """A file for what a part's processes say; kept, and named on stderr, only when it fails."""
    with tempfile.NamedTemporaryFile(
        prefix=f"plumbline-{part}-", suffix=".log", delete=False
    ) as log:
        try:
            yield log
        except BaseException:
            sys.stderr.write(f"  what its processes said is in {log.name}\n")
            raise
    Path(log.name).unlink()


@contextmanager
def running(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    *,
    descriptors: tuple[int, ...] = (),
    log: IO[bytes] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process without the settings of whoever runs the benchmark; ended at the end."""
    clean = {name: text for name, text in os.environ.items() if not name.startswith(_FOREIGN)}
    process = subprocess.Popen(
        command,
        env={**clean, **(environment or {})},
        stdout=log or subprocess.DEVNULL,
        stderr=log,
        pass_fds=descriptors,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def command_line(pid: int) -> str:
    """Its words, separated by spaces; "" when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


def children(pid: int) -> list[int]:
    """The processes that it started and that still run."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    except OSError:
        return []
    return [int(number) for number in listed.split()]


def pss_megabytes(pid: int) -> float:
    """Proportional set size: what is shared counts by its share. 0 when it is gone.

    https://docs.kernel.org/filesystems/proc.html
    """
    try:
        found = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text("ascii"))
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
