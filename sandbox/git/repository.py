"""One bare repository: commits made, refs moved, trees and blobs read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sandbox.git.command import GitFailed, run_git
from sandbox.git.files import Files, as_entry


@dataclass(frozen=True, slots=True)
class Signature:
    """Who made a commit and when (Unix seconds)."""

    name: str
    email: str
    when: int

    def __str__(self) -> str:
        return f"{self.name} <{self.email}> {self.when} +0000"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as `git log` tells it."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    message: str


@dataclass(frozen=True, slots=True)
class TreeEntry:
    mode: str
    kind: str
    sha: str
    size: int
    path: str


class BareRepository:
    """A bare repository in `folder`. Every method that runs git may raise `GitFailed`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def create(cls, folder: Path, default_branch: str) -> BareRepository:
        folder.mkdir(parents=True)
        run_git(folder, "init", "-q", "--bare", f"--initial-branch={default_branch}", ".")
        return cls(folder)

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        return run_git(self.folder, *arguments, stdin=stdin)

    def text(self, *arguments: str) -> str:
        return self.run(*arguments).decode("utf-8", "replace")

    def resolve(self, revision: str) -> str | None:
        """The commit a branch, tag or SHA stands for, or None."""
        try:
            return self.text("rev-parse", "-q", "--verify", f"{revision}^{{commit}}").strip()
        except GitFailed:
            return None

    def tip(self, branch: str) -> str | None:
        return self.resolve(f"refs/heads/{branch}")

    def branches(self) -> dict[str, str]:
        """Branch name to the commit at its tip."""
        listing = self.text(
            "for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads"
        )
        pairs = (line.split(" ", 1) for line in listing.splitlines())
        return {name: sha for sha, name in pairs}

    def set_ref(self, ref: str, sha: str) -> None:
        self.run("update-ref", ref, sha)

    def delete_ref(self, ref: str) -> None:
        self.run("update-ref", "-d", ref)

    def fetch(self, other: BareRepository, source: str, target: str) -> None:
        """Copy a ref and its objects from another bare repository."""
        self.run("fetch", "-q", str(other.folder.resolve()), f"+{source}:{target}")

    def commit(
        self, branch: str, files: Files, message: str, author: Signature, parent: str | None
    ) -> str:
        """Commit `files` on top of `parent` and move the branch there; returns the SHA."""
        text = message.encode()
        stream = [
            f"commit refs/heads/{branch}\nmark :1\nauthor {author}\ncommitter {author}\n".encode(),
            b"data %d\n%s\n" % (len(text), text),
            f"from {parent}\n".encode() if parent else b"",
        ]
        stream.extend(_file_change(path, files) for path in files)
        stream.append(b"\nget-mark :1\n")
        out = self.run("fast-import", "--quiet", "--force", stdin=b"".join(stream))
        return out.decode().strip()

    def commit_tree(self, tree: str, parents: list[str], message: str, author: Signature) -> str:
        """Make a commit of an existing tree, without moving any branch."""
        when = {f"GIT_{who}_DATE": f"{author.when} +0000" for who in ("AUTHOR", "COMMITTER")}
        names = {f"GIT_{who}_NAME": author.name for who in ("AUTHOR", "COMMITTER")}
        mails = {f"GIT_{who}_EMAIL": author.email for who in ("AUTHOR", "COMMITTER")}
        flags = [flag for parent in parents for flag in ("-p", parent)]
        out = run_git(
            self.folder,
            "commit-tree",
            tree,
            *flags,
            stdin=message.encode(),
            extra_environment={**when, **names, **mails},
        )
        return out.decode().strip()

    def merged_tree(self, ours: str, theirs: str) -> str | None:
        """The tree of a clean merge of two commits, or None where they conflict."""
        try:
            return self.text("merge-tree", "--write-tree", ours, theirs).split("\n", 1)[0]
        except GitFailed:
            return None

    def merge_base(self, one: str, other: str) -> str | None:
        try:
            return self.text("merge-base", one, other).strip()
        except GitFailed:
            return None

    def log(self, *revisions: str) -> list[Commit]:
        """Commits, oldest first."""
        form = "%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%at%x1f%B%x1e"
        out = self.text("log", "--reverse", "--topo-order", f"--format={form}", *revisions, "--")
        return [_read_commit(record) for record in out.split("\x1e") if record.strip()]

    def read_commit(self, sha: str) -> Commit:
        return self.log("-1", sha)[0]

    def entries(self, commit: str, path: str = "") -> list[TreeEntry]:
        """The entry at `path`, or with a trailing slash (or "") the entries of that folder."""
        arguments = ["ls-tree", "-z", "--long", commit] + (["--", path] if path else [])
        return [_read_entry(line) for line in self.text(*arguments).split("\0") if line]

    def blob(self, sha: str) -> bytes:
        return self.run("cat-file", "blob", sha)

    def read_file(self, commit: str, path: str) -> bytes | None:
        """The bytes of a file (for a symlink, its target) at a commit, or None."""
        found = self.entries(commit, path)
        return self.blob(found[0].sha) if found and found[0].kind == "blob" else None


def _file_change(path: str, files: Files) -> bytes:
    content = files[path]
    quoted = '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if content is None:
        return f"D {quoted}\n".encode()
    entry = as_entry(content)
    if entry.mode == "160000":
        return f"M 160000 {entry.data.decode()} {quoted}\n".encode()
    head = f"M {entry.mode} inline {quoted}\ndata {len(entry.data)}\n"
    return head.encode() + entry.data + b"\n"


def _read_commit(record: str) -> Commit:
    sha, tree, parents, name, email, when, message = record.lstrip("\n").split("\x1f")
    author = Signature(name, email, int(when))
    return Commit(sha, tree, tuple(parents.split()), author, message.rstrip("\n"))


def _read_entry(line: str) -> TreeEntry:
    meta, path = line.split("\t", 1)
    mode, kind, sha, size = meta.split()
    return TreeEntry(mode, kind, sha, 0 if size == "-" else int(size), path)
