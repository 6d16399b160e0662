"""A pull request as the reviewer sees it, wherever it came from (GitHub or a local range)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.domain.identifiers import InstallationId, RepositoryId, Sha

PullState = Literal["open", "closed", "merged"]


@dataclass(frozen=True, slots=True)
class RepositoryRef:
    """One repository; `installation` is None in terminal use."""

    id: RepositoryId
    full_name: str
    installation: InstallationId | None = None
    private: bool = True

    @property
    def key(self) -> str:
        """Stable across renames: `installation/repository id`; installation 0 in terminal use."""
        return f"{self.installation or 0}/{self.id}"

    @property
    def owner(self) -> str:
        """`acme` of `acme/shop`."""
        return self.full_name.partition("/")[0]

    @property
    def name(self) -> str:
        """`shop` of `acme/shop`."""
        return self.full_name.partition("/")[2]


@dataclass(frozen=True, slots=True)
class PullRef:
    """One pull request; number 0 stands for a local range."""

    repository: RepositoryRef
    number: int

    @property
    def key(self) -> str:
        """Stable across renames: `installation/repository id/number`."""
        return f"{self.repository.key}/{self.number}"

    def __str__(self) -> str:
        return f"{self.repository.full_name}#{self.number}"


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the pull request; the message is whole, subject and body."""

    sha: Sha
    message: str


@dataclass(frozen=True, slots=True)
class LinkedIssue:
    """An issue that merging this pull request closes."""

    number: int
    title: str
    body: str
    url: str


@dataclass(frozen=True, slots=True)
class ThreadComment:
    """One comment in a review thread; `ours` when this App wrote it.

    `path` and `hunk`, the diff up to the line that it is on, are known of a comment read by itself.
    """

    id: int
    body: str
    author: str
    ours: bool
    url: str = ""
    path: str = ""
    hunk: str = ""


@dataclass(frozen=True, slots=True)
class ReviewThread:
    """A review thread; `node_id` is what GraphQL's resolveReviewThread takes."""

    node_id: str
    path: str
    line: int | None
    resolved: bool
    outdated: bool
    comments: tuple[ThreadComment, ...]


@dataclass(frozen=True, slots=True)
class EarlierReview:
    """A review that this App submitted, or holds pending, on the pull request."""

    id: int
    node_id: str
    body: str
    state: str
    commit: Sha


@dataclass(frozen=True, slots=True)
class PullRequest:
    """Everything that one review reads of a pull request, less the code.

    `base_tip` is the tip of the base branch (policy and guidelines are read there);
    `merge_base` is the commit that the head is compared with. `body` may be empty.
    """

    ref: PullRef
    title: str
    body: str
    author: str
    state: PullState
    base_branch: str
    head_branch: str
    base_tip: Sha
    merge_base: Sha
    head: Sha
    draft: bool = False
    author_is_bot: bool = False
    fork: bool = False
    url: str = ""
    labels: tuple[str, ...] = ()
    commits: tuple[Commit, ...] = ()
    issues: tuple[LinkedIssue, ...] = ()
    threads: tuple[ReviewThread, ...] = ()
    reviews: tuple[EarlierReview, ...] = ()
    organisation_policy: str | None = None
    notes: tuple[str, ...] = ()
