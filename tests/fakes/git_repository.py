"""A real bare repository, written by `git fast-import`: no checkout, fixed dates and names."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.domain.identifiers import Sha

_FIRST_COMMIT_AT = 1_700_000_000
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
    "HOME": "/nonexistent",
    "LC_ALL": "C",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A tree entry with a mode of its own; `content` of a submodule is its commit's SHA."""

    mode: str
    content: str | bytes


def executable(content: str | bytes) -> Entry:
    """A file with the executable bit."""
    return Entry("100755", content)


def link(target: str | bytes) -> Entry:
    """A symbolic link."""
    return Entry("120000", target)


def submodule(commit: str) -> Entry:
    """A gitlink: a commit of another repository."""
    return Entry("160000", commit)


Content = str | bytes | Entry | None


class GitRepository:
    """Commits are made in memory order, a minute apart, so their SHAs never change between runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._commits = 0
        self._tips: dict[str, Sha] = {}
        git(path.parent, "init", "-q", "--bare", "--initial-branch=main", str(path))
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.git("config", "uploadpack.allowFilter", "true")

    def git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Run git in the repository; its standard output."""
        return git(self.path, *arguments, stdin=stdin)

    def commit(
        self,
        files: Mapping[str, Content],
        message: str = "Change",
        parent: Sha | None = None,
        branch: str = "main",
        merge: Sha | None = None,
    ) -> Sha:
        """Write, replace or (None) delete files on top of `parent`; the branch moves to the commit.

        Without `parent` the commit follows the branch's tip, or is a root where there is none.
        `merge` is a second parent. A path's bytes that are not UTF-8 are given as surrogates.
        """
        stream = self._header(message, parent or self._tips.get(branch), branch, merge)
        for path, content in files.items():
            stream += _change(path.encode("utf-8", "surrogateescape"), content)
        stream += b"get-mark :1\n"
        out = self.git("fast-import", "--quiet", "--force", "--date-format=raw", stdin=stream)
        sha = Sha(out.decode().strip())
        self._tips[branch] = sha
        return sha

    def tip(self, branch: str = "main") -> Sha:
        """The branch's newest commit made here."""
        return self._tips[branch]

    def merge_base(self, a: Sha, b: Sha) -> Sha:
        """The best common ancestor of two commits."""
        return Sha(self.git("merge-base", a, b).decode().strip())

    def pull(self, number: int, head: Sha) -> None:
        """Point `refs/pull/NUMBER/head` at a commit, as GitHub does for each pull request."""
        self.git("update-ref", f"refs/pull/{number}/head", head)

    def _header(self, message: str, parent: Sha | None, branch: str, merge: Sha | None) -> bytes:
        self._commits += 1
        when = f"{_FIRST_COMMIT_AT + 60 * self._commits} +0000"
        who = f"Ada Example <ada@example.com> {when}"
        text = message.encode()
        header = f"commit refs/heads/{branch}\nmark :1\nauthor {who}\ncommitter {who}\n".encode()
        header += b"data %d\n%s\n" % (len(text), text)
        if parent:
            header += f"from {parent}\n".encode()
        if merge:
            header += f"merge {merge}\n".encode()
        return header


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """Run git with no configuration but the repository's own; its standard output."""
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        input=stdin,
        env=_ENVIRONMENT,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"git {arguments!r}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def _change(path: bytes, content: Content) -> bytes:
    name = b'"' + b"".join(b"\\%03o" % byte for byte in path) + b'"'
    if content is None:
        return b"D " + name + b"\n"
    entry = content if isinstance(content, Entry) else Entry("100644", content)
    body = entry.content.encode() if isinstance(entry.content, str) else entry.content
    mode = entry.mode.encode()
    if mode == b"160000":
        return b"M " + mode + b" " + body + b" " + name + b"\n"
    return b"M " + mode + b" inline " + name + b"\n" + b"data %d\n%s\n" % (len(body), body)
