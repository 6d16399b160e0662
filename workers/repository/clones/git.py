"""The one way git is run: no configuration, no helpers, no secrets but the one it needs, bounded.

git obeys its configuration, its environment and files of the repository; all three may be hostile.
So it starts from an empty environment, reads neither system nor user configuration, may speak no
protocol unless one is named, and is killed with all its children at a deadline or a size.
A repository of another person is never run with its own configuration at all (see `local.py`).
"""

from __future__ import annotations

import contextlib
import os
import resource
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.errors import LimitExceeded, TransientError, UserError

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_ENVIRONMENT = {
    "HOME": "/nonexistent",
    "LC_ALL": "C",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_ALLOW_PROTOCOL": "",
}
_CONFIG = {
    "attr.tree": EMPTY_TREE,
    "core.attributesFile": os.devnull,
    "core.deltaBaseCacheLimit": "8m",  # of git's 96: blobs are read and searched no slower
    "core.excludesFile": os.devnull,
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.quotePath": "true",
    "credential.helper": "",
    "diff.external": "",
    "fetch.fsckObjects": "false",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "grep.threads": "2",
    "http.followRedirects": "false",
    "protocol.allow": "never",
    "safe.bareRepository": "all",
}
_OF_THE_OPERATOR = (
    "PATH",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "GIT_SSL_CAINFO",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
)
_ERROR_BYTES = 64 * 1024
_MEMORY_BYTES = 2 * 1024**3


class GitFailed(TransientError):
    """git ended with a status that was not expected; the next attempt opens the clone afresh."""


@dataclass(frozen=True, slots=True)
class Caps:
    """What one run may use; `file_bytes` bounds each file that git writes.

    `memory_bytes` bounds the data that each of its processes holds.
    """

    seconds: float = 30.0
    output_bytes: int = 64 * 1024**2
    file_bytes: int | None = None
    memory_bytes: int = _MEMORY_BYTES


@dataclass(frozen=True, slots=True)
class Output:
    """What a run said. `cut`: it was stopped at the cap on output, as the caller allowed."""

    stdout: bytes
    stderr: str
    status: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Git:
    """Runs git in one bare repository."""

    folder: Path
    caps: Caps = Caps()

    def run(
        self, *arguments: str, caps: Caps | None = None, statuses: tuple[int, ...] = (0,)
    ) -> bytes:
        """Standard output of a command that must end with one of the statuses.

        Raises:
            GitFailed: another status.
            LimitExceeded: out of time, output or memory.
        """
        return self.output(*arguments, caps=caps, statuses=statuses).stdout

    def output(
        self,
        *arguments: str,
        caps: Caps | None = None,
        statuses: tuple[int, ...] = (0,),
        may_cut: bool = False,
    ) -> Output:
        """Like `run`, with standard error; `may_cut`: too much output is cut, not an error."""
        output = execute(
            ["--git-dir", str(self.folder), *arguments], caps or self.caps, may_cut=may_cut
        )
        if output.cut or output.status in statuses:
            return output
        raise failure(arguments, output)


def failure(arguments: Sequence[str], output: Output) -> GitFailed | LimitExceeded:
    """The error that tells of an unexpected status."""
    command = _command(arguments)
    said = output.stderr.strip() or "nothing on standard error"
    if "Out of memory" in said or "out of memory" in said:
        return LimitExceeded(f"git {command} needed more memory than a review may use: {said}")
    return GitFailed(f"git {command} ended with status {output.status}: {said}")


def execute(
    arguments: list[str],
    caps: Caps,
    extra: Mapping[str, str] | None = None,
    keep_open: tuple[int, ...] = (),
    may_cut: bool = False,
) -> Output:
    """Run git to its end; `keep_open` file descriptors live on in it and its children.

    Raises LimitExceeded when time or (unless `may_cut`) output run out.
    """
    process = start(arguments, extra, keep_open, caps)
    try:
        stdout, stderr, over = _drain(process, time.monotonic() + caps.seconds, caps.output_bytes)
    finally:
        stop(process)
    command = _command(arguments)
    if over == "time":
        raise LimitExceeded(f"git {command} took more than {caps.seconds:g} seconds")
    if over == "output" and not may_cut:
        raise LimitExceeded(f"git {command} wrote more than {caps.output_bytes} bytes")
    text = stderr.decode("utf-8", "replace")
    return Output(stdout, text, process.returncode, over == "output")


def start(
    arguments: list[str],
    extra: Mapping[str, str] | None = None,
    keep_open: tuple[int, ...] = (),
    caps: Caps | None = None,
) -> subprocess.Popen[bytes]:
    """A git process in a process group of its own, with limits on memory and written files."""
    try:
        process = subprocess.Popen(
            ["git", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(extra or {}),
            cwd="/",
            start_new_session=True,
            pass_fds=keep_open,
            bufsize=0,
        )
    except FileNotFoundError as error:
        raise UserError("git is not on PATH; install git 2.38 or newer") from error
    _limit(process.pid, caps or Caps())
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that still runs, with all its children, and close our ends of its pipes."""
    if process.returncode is None:  # else its number may belong to somebody else by now
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    """(stdin, stdout, stderr) of a process from `start`."""
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise ValueError("the process was not started with three pipes")
    return process.stdin, process.stdout, process.stderr


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """The child's whole environment; `extra` is configuration (`section.key`) for this run only.

    Configuration travels in the environment, not in the arguments: any user of the machine may
    read arguments. https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT
    """
    config = {**_CONFIG, **{key: value for key, value in extra.items() if "." in key}}
    variables = {key: os.environ[key] for key in _OF_THE_OPERATOR if key in os.environ}
    variables |= _ENVIRONMENT
    variables |= {key: value for key, value in extra.items() if "." not in key}
    variables["GIT_CONFIG_COUNT"] = str(len(config))
    for number, (key, value) in enumerate(config.items()):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    return variables


def _command(arguments: Sequence[str]) -> str:
    """The subcommand, behind options of git itself and their values."""
    words = list(arguments)
    while words[:1] in (["--git-dir"], ["-c"]):
        words = words[2:]
    return next((word for word in words if not word.startswith("-")), "")


def _limit(pid: int, caps: Caps) -> None:
    limit_memory(pid, caps.memory_bytes)
    if caps.file_bytes is not None:
        _set_limit(pid, resource.RLIMIT_FSIZE, caps.file_bytes)


def limit_memory(pid: int, most: int) -> None:
    """Let another process hold so many bytes of data, and leave no core behind. Linux only."""
    _set_limit(pid, resource.RLIMIT_DATA, most)
    _set_limit(pid, resource.RLIMIT_CORE, 0)


def _set_limit(pid: int, what: int, most: int) -> None:
    set_limit = getattr(resource, "prlimit", None)
    if set_limit is None:  # only Linux can limit another process
        return
    with contextlib.suppress(ProcessLookupError):
        set_limit(pid, what, (most, most))


def _drain(
    process: subprocess.Popen[bytes], deadline: float, most: int
) -> tuple[bytes, bytes, str]:
    """Read both streams to their ends, or until time or output run out (named in the third)."""
    stdin, stdout, stderr = pipes(process)
    stdin.close()
    streams: dict[IO[bytes], bytearray] = {stdout: bytearray(), stderr: bytearray()}
    with selectors.DefaultSelector() as selector:
        for stream in streams:
            selector.register(stream, selectors.EVENT_READ, stream)
        while selector.get_map():
            left = deadline - time.monotonic()
            ready = selector.select(left) if left > 0 else []
            if not ready:
                return b"", b"", "time"
            for key, _ in ready:
                _take(key.data, streams[key.data], selector)
            del streams[stderr][_ERROR_BYTES:]
            if len(streams[stdout]) > most:
                return bytes(streams[stdout][:most]), b"", "output"
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return b"", b"", "time"
    return bytes(streams[stdout]), bytes(streams[stderr]), ""


def _take(stream: IO[bytes], read: bytearray, selector: selectors.BaseSelector) -> None:
    piece = os.read(stream.fileno(), 1 << 16)
    if piece:
        read += piece
    else:
        selector.unregister(stream)
