"""Pull requests: two branches, and what is between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from sandbox.git.changes import FileChange
from sandbox.git.repository import Commit
from sandbox.state.accounts import Account
from sandbox.state.repositories import Issue, Repository

_CLOSING = re.compile(
    r"(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:[\w.-]+/[\w.-]+)?#(\d+)\b"
)


@dataclass(slots=True, eq=False)
class PullRequest:
    """A pull request. `frozen_base_sha` keeps the base of one that was merged or closed."""

    id: int
    number: int
    repository: Repository
    title: str
    body: str
    author: Account
    base_ref: str
    head_ref: str
    head_repository: Repository
    head_sha: str
    created_at: float
    updated_at: float
    draft: bool = False
    labels: list[str] = field(default_factory=list)
    state: Literal["open", "closed"] = "open"
    closed_at: float | None = None
    merged_at: float | None = None
    merged_by: Account | None = None
    merge_commit_sha: str | None = None
    frozen_base_sha: str | None = None

    @property
    def node_id(self) -> str:
        return f"PR_{self.id}"

    @property
    def merged(self) -> bool:
        return self.merged_at is not None

    @property
    def from_fork(self) -> bool:
        return self.head_repository is not self.repository

    @property
    def base_sha(self) -> str:
        """The tip of the base branch (as it was, once the pull request is closed)."""
        sha = self.frozen_base_sha or self.repository.git.tip(self.base_ref)
        if sha is None:
            raise LookupError(f"base branch {self.base_ref!r} of #{self.number} does not exist")
        return sha

    def merge_base(self, head: str | None = None) -> str:
        base = self.base_sha
        return self.repository.git.merge_base(base, head or self.head_sha) or base

    def files(self, head: str | None = None) -> tuple[FileChange, ...]:
        """What the pull request changes, at its head or at an earlier commit of it."""
        return self.repository.changes.files(self.merge_base(head), head or self.head_sha)

    def file(self, path: str, head: str | None = None) -> FileChange | None:
        return next((item for item in self.files(head) if item.path == path), None)

    def commits(self) -> list[Commit]:
        return self.repository.git.log(f"{self.merge_base()}..{self.head_sha}")

    def mergeable(self) -> bool | None:
        if self.state == "closed":
            return None
        return self.repository.git.merged_tree(self.base_sha, self.head_sha) is not None

    def closing_issues(self) -> list[Issue]:
        """Issues that merging would close, by GitHub's keywords in the description.

        https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
        """
        numbers = dict.fromkeys(int(found) for found in _CLOSING.findall(self.body))
        issues = self.repository.issues
        return [issues[number] for number in numbers if number in issues]
