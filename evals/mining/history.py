"""The commits of a repository, newest first, and the one that a blame means."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.identifiers import Sha
from evals.mining.blame import Blame
from workers.repository.clones.git import Caps, Git
from workers.repository.clones.local import find_repository

_READING = Caps(seconds=120.0, output_bytes=512 * 1024**2)
_MERGED = re.compile(r"^Merge pull request #(\d{1,7}) from ")
_SQUASHED = re.compile(r"\(#(\d{1,7})\)\s*$")


@dataclass(frozen=True, slots=True)
class PastCommit:
    """One commit; `message` is whole."""

    sha: Sha
    parents: tuple[Sha, ...]
    message: str

    @property
    def subject(self) -> str:
        """The first line."""
        return self.message.partition("\n")[0].strip()

    @property
    def pull(self) -> int | None:
        """The pull request that it merged, where GitHub wrote its number down."""
        found = _MERGED.match(self.subject) or _SQUASHED.search(self.subject)
        return int(found[1]) if found else None

    @property
    def words(self) -> tuple[str, str]:
        """Title and body as the pull request had them."""
        title, _, body = self.message.partition("\n")
        if _MERGED.match(title):
            title, _, body = body.strip().partition("\n")
        return title.strip() or self.subject, body.strip()


def read_history(folder: Path, revision: str, most: int) -> list[PastCommit]:
    """At most so many commits, newest first; plumbing only, so no setting runs a program.

    Raises:
        RangeError: no repository is there.
        GitFailed: it has no such revision.
    """
    listed = Git(find_repository(folder)[0], _READING).run(
        *("rev-list", "--topo-order", f"--max-count={most}", "--no-commit-header"),
        *("--format=%H%n%P%n%B%x00", "--end-of-options", revision, "--"),
    )
    return [
        PastCommit(Sha(sha), tuple(map(Sha, parents.split())), message.rstrip("\n"))
        for record in listed.decode("utf-8", "replace").split("\0")
        if record.strip("\n")
        for sha, parents, message in (record.lstrip("\n").split("\n", 2),)
    ]


class History:
    """Finds what a blame means, among commits that are older than the one that blames."""

    def __init__(self, commits: Sequence[PastCommit]) -> None:
        """`commits`: newest first."""
        self.commits = commits
        self._position = {commit.sha: at for at, commit in enumerate(commits)}
        self._shas = sorted(self._position)
        self._by_pull: dict[int, int] = {}
        self._by_subject: dict[str, list[int]] = {}
        for at, commit in enumerate(commits):
            if commit.pull is not None:
                self._by_pull[commit.pull] = at  # of several the oldest: the others are backports
            self._by_subject.setdefault(commit.subject, []).append(at)

    def blamed(self, blame: Blame, by: PastCommit) -> PastCommit | None:
        """The commit that is meant; None where it is unknown, ambiguous or not older."""
        before = self._position[by.sha]
        if blame.sha:
            at = self._of_prefix(blame.sha)
        elif blame.pull is not None:
            at = self._by_pull.get(blame.pull)
        else:
            places = self._by_subject.get(blame.subject, ())
            at = next((place for place in places if place > before), None)
        return self.commits[at] if at is not None and at > before else None

    def _of_prefix(self, prefix: str) -> int | None:
        start = bisect_left(self._shas, prefix)
        found = [sha for sha in self._shas[start : start + 2] if sha.startswith(prefix)]
        return self._position[Sha(found[0])] if len(found) == 1 else None
