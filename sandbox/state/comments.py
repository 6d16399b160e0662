"""What people say: comments in the conversation, and comments on lines in threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sandbox.git.patch import Side
from sandbox.state.accounts import Account
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from sandbox.state.reviews import Review


@dataclass(slots=True, eq=False)
class IssueComment:
    """A comment in the conversation of an issue or a pull request."""

    id: int
    repository: Repository
    number: int
    author: Account
    body: str
    created_at: float
    updated_at: float
    minimized: str | None = None

    @property
    def node_id(self) -> str:
        return f"IC_{self.id}"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a review comment stands. A file comment has no line; `None` position is outdated."""

    path: str
    side: Side = "RIGHT"
    line: int | None = None
    start_line: int | None = None
    start_side: Side | None = None
    position: int | None = None
    diff_hunk: str = ""
    subject: Literal["line", "file"] = "line"

    @property
    def outdated(self) -> bool:
        return self.subject == "line" and self.line is None


@dataclass(slots=True, eq=False)
class ReviewComment:
    """A comment on lines. `original` is where it was written, at `original_commit`."""

    id: int
    review: Review
    thread: Thread
    author: Account
    body: str
    created_at: float
    updated_at: float
    in_reply_to: ReviewComment | None = None
    minimized: str | None = None

    @property
    def node_id(self) -> str:
        return f"PRRC_{self.id}"

    @property
    def pull(self) -> PullRequest:
        return self.review.pull


@dataclass(slots=True, eq=False)
class Thread:
    """The comments on one place. `original_base` is the merge base when it was begun."""

    id: int
    pull: PullRequest
    original: Anchor
    original_commit: str
    original_base: str
    anchor: Anchor
    commit_id: str
    resolved_by: Account | None = None

    @property
    def node_id(self) -> str:
        return f"PRRT_{self.id}"


class IssueComments:
    def __init__(self) -> None:
        self._known: dict[int, IssueComment] = {}

    def add(self, comment: IssueComment) -> IssueComment:
        self._known[comment.id] = comment
        return comment

    def remove(self, comment: IssueComment) -> None:
        del self._known[comment.id]

    def find(self, comment_id: int) -> IssueComment | None:
        return self._known.get(comment_id)

    def by_node(self, node_id: str) -> IssueComment | None:
        return next((item for item in self._known.values() if item.node_id == node_id), None)

    def of(self, repository: Repository, number: int) -> list[IssueComment]:
        return [
            comment
            for comment in self._known.values()
            if comment.repository is repository and comment.number == number
        ]

    def in_repository(self, repository: Repository) -> list[IssueComment]:
        return [item for item in self._known.values() if item.repository is repository]


class ReviewComments:
    def __init__(self) -> None:
        self._known: dict[int, ReviewComment] = {}

    def add(self, comment: ReviewComment) -> ReviewComment:
        self._known[comment.id] = comment
        return comment

    def remove(self, comment: ReviewComment) -> None:
        del self._known[comment.id]

    def find(self, comment_id: int) -> ReviewComment | None:
        return self._known.get(comment_id)

    def by_node(self, node_id: str) -> ReviewComment | None:
        return next((item for item in self._known.values() if item.node_id == node_id), None)

    def of(self, pull: PullRequest) -> list[ReviewComment]:
        return [comment for comment in self._known.values() if comment.pull is pull]

    def of_review(self, review: Review) -> list[ReviewComment]:
        return [comment for comment in self._known.values() if comment.review is review]

    def of_thread(self, thread: Thread) -> list[ReviewComment]:
        return [comment for comment in self._known.values() if comment.thread is thread]

    def in_repository(self, repository: Repository) -> list[ReviewComment]:
        return [item for item in self._known.values() if item.pull.repository is repository]

    def threads(self, pull: PullRequest) -> list[Thread]:
        """Threads in the order in which they were begun."""
        return list(dict.fromkeys(comment.thread for comment in self.of(pull)))

    def thread_by_node(self, node_id: str) -> Thread | None:
        found = (item.thread for item in self._known.values() if item.thread.node_id == node_id)
        return next(found, None)
