"""`git fetch` from GitHub: exact commits, shallow, with a token that only the child's memory holds.

The token travels as a header in the child's environment: never in its arguments, in a stored
address or in an error text. A depth is always given, else git fetches the whole history.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.domain.identifiers import Sha
from bot.errors import FetchFailed, LimitExceeded
from workers.repository.clones.git import Caps, Output, execute

_FULL_NAME = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_MISSING = ("not our ref", "couldn't find remote ref", "unadvertised object", "no such remote ref")
_REMOTE = (
    "unable to access", "Authentication failed", "could not read Username", "not found",
    "RPC failed", "hung up", "remote error", "early EOF", "expected flush", "HTTP",
    "No space left", "Could not resolve", "unable to update url base", "transport",
)  # fmt: skip
_TOO_LARGE = ("File too large", "died of signal 25")


class CommitMissing(FetchFailed):
    """The server does not offer one of the commits."""


class CloneDamaged(FetchFailed):
    """git stumbled over the clone itself, not over the server."""


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a repository is fetched from; `git_url` is https://github.com or its like."""

    git_url: str
    full_name: str
    token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse names that could be read as anything but OWNER/NAME."""
        if not _FULL_NAME.fullmatch(self.full_name) or ".." in self.full_name:
            raise FetchFailed(f"{self.full_name!r} is not a repository's name (OWNER/NAME)")

    @property
    def url(self) -> str:
        """The address, without any credential."""
        return f"{self.git_url}/{self.full_name}.git"

    def configuration(self) -> dict[str, str]:
        """What one git process needs to reach it, and nothing else: one protocol, one header."""
        scheme = urlsplit(self.git_url).scheme
        variables = {"GIT_ALLOW_PROTOCOL": scheme if scheme in ("https", "http") else ""}
        if self.token:
            header = f"Authorization: Basic {self._credential()}"
            variables[f"http.{self.git_url}/.extraHeader"] = header
        return variables

    def redact(self, text: str) -> str:
        """The text without the token, plain or encoded."""
        if not self.token:
            return text
        return text.replace(self._credential(), "***").replace(self.token, "***")

    def _credential(self) -> str:
        return b64encode(f"x-access-token:{self.token}".encode()).decode("ascii")


def fetch(
    folder: Path,
    remote: Remote,
    refspecs: Sequence[str],
    depth: int,
    caps: Caps,
    lock: int,
) -> None:
    """Fetch into a bare repository; `lock` is a held lock's descriptor, kept by git while it runs.

    Raises:
        CommitMissing: the server offers no such commit.
        CloneDamaged: the clone should be deleted and fetched anew.
        LimitExceeded: out of time, or larger than a file may be.
        FetchFailed: the server could not be reached or refused.
    """
    arguments = [
        "--git-dir", str(folder), "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
        "--no-recurse-submodules", "--no-auto-maintenance", f"--depth={depth}",
        remote.url, *refspecs,
    ]  # fmt: skip
    output = execute(arguments, caps, remote.configuration(), keep_open=(lock,))
    if output.status:
        raise _failure(output, remote, caps)


def remote_head(folder: Path, remote: Remote, number: int, caps: Caps) -> Sha | None:
    """Where `refs/pull/N/head` points on the server now; None where it does not exist."""
    ref = f"refs/pull/{number}/head"
    arguments = ["--git-dir", str(folder), "ls-remote", "--quiet", remote.url, ref]
    output = execute(arguments, caps, remote.configuration())
    if output.status:
        raise _failure(output, remote, caps)
    words = output.stdout.decode("ascii", "replace").split()
    return Sha(words[0]) if words else None


def _failure(output: Output, remote: Remote, caps: Caps) -> FetchFailed | LimitExceeded:
    said = remote.redact(output.stderr.strip())[-2_000:]
    text = f"git could not fetch {remote.url}: {said or f'status {output.status}'}"
    if any(words in said for words in _TOO_LARGE):
        return LimitExceeded(f"{remote.full_name} holds more than {caps.file_bytes} bytes: {said}")
    if any(words in said for words in _MISSING):
        return CommitMissing(text)
    if any(words in said for words in _REMOTE):
        return FetchFailed(text)
    return CloneDamaged(text)
