"""A range of a local repository in the shape of a pull request."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from bot.domain.identifiers import RepositoryId, Sha
from bot.domain.pull_request import Commit, PullRef, PullRequest, RepositoryRef
from bot.errors import UserError
from bot.ports import Code
from workers.repository.clones.git import Caps, Git
from workers.repository.clones.local import find_repository, open_local, resolve_range

_MOST_COMMITS = 250
_SHORT = Caps(seconds=20.0, output_bytes=8 * 1024**2)


class NothingChanged(UserError):
    """The range holds no commit: there is nothing to review, and nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the person gave as title and body; None: take them from the commits."""

    title: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True)
class LocalRepositories:
    """`ports.Repositories` over the person's own repository; nothing is fetched or written there.

    `cache` is the folder for what the next run need not read again; None: nothing is kept.
    """

    folder: Path
    cache: Path | None = None

    def open(self, pull: PullRequest) -> AbstractContextManager[Code]:
        """The two commits and the base tip. Raises RangeError."""
        commits = (pull.merge_base, pull.head, pull.base_tip)
        return open_local(self.folder, *commits, cache=self.cache)


def local_pull_request(folder: Path, text: str, words: Words) -> PullRequest:
    """The range as a pull request.

    Without a title: the subject of the only commit, its other lines being the body; or, of
    several commits, the branch's name, and the list of their subjects.

    Raises:
        RangeError: the commits do not exist or share no ancestor.
        UserError: the folder does not exist.
        NothingChanged: the range holds no commit.
    """
    folder = folder.absolute()
    if not folder.is_dir():
        raise UserError(f"--repo: {str(folder)!r} is no folder. Name one that holds a repository.")
    base, head, tip = resolve_range(folder, text)
    if base == head:
        raise NothingChanged(
            f"nothing changed: the range {text or 'to HEAD'!r} holds no commit "
            f"(both ends are {head[:10]}). "
            "Commit the change first, or name another range, e.g. main..HEAD."
        )
    git = Git(find_repository(folder)[0], _SHORT)
    commits, branch = _commits(git, base, head), _branch(git)
    title, body = _words(commits, branch, words)
    return PullRequest(
        ref=PullRef(_repository(folder), 0),
        title=title,
        body=body,
        author="",
        state="open",
        base_branch="",
        head_branch=branch,
        base_tip=tip,
        merge_base=base,
        head=head,
        commits=commits,
    )


def _words(commits: tuple[Commit, ...], branch: str, words: Words) -> tuple[str, str]:
    if len(commits) == 1:
        subject, _, rest = commits[0].message.partition("\n")
        title, body = subject, rest.strip()
    else:
        subjects = [commit.message.partition("\n")[0] for commit in commits]
        title, body = branch, "\n".join(f"- {subject}" for subject in subjects)
    return (
        title if words.title is None else words.title,
        body if words.body is None else words.body,
    )


def _repository(folder: Path) -> RepositoryRef:
    """A number that stays the same for this folder, below 2^53 as GitHub's ids are."""
    digest = hashlib.sha256(str(folder.resolve()).encode(errors="surrogateescape")).digest()
    number = RepositoryId(int.from_bytes(digest[:6], "big"))
    return RepositoryRef(id=number, full_name=f"local/{folder.resolve().name or 'root'}")


def _branch(git: Git) -> str:
    output = git.output("symbolic-ref", "--quiet", "--short", "HEAD", statuses=(0, 1))
    return output.stdout.decode(errors="replace").strip()


def _commits(git: Git, base: Sha, head: Sha) -> tuple[Commit, ...]:
    """Oldest first. rev-list is plumbing: no setting of the repository makes it run a program."""
    listed = git.run(
        *("rev-list", "--topo-order", f"--max-count={_MOST_COMMITS}", "--no-commit-header"),
        *("--format=%H%n%B%x00", f"{base}..{head}", "--"),
    )
    records = [record.strip("\n") for record in listed.decode(errors="replace").split("\0")]
    pairs = [record.partition("\n") for record in reversed(records) if record]
    return tuple(Commit(Sha(sha), message.rstrip("\n")) for sha, _, message in pairs)
