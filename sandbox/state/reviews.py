"""Reviews: pending until submitted, and seen until then by their author alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sandbox.state.accounts import Account
from sandbox.state.pulls import PullRequest

ReviewState = Literal["PENDING", "COMMENTED", "APPROVED", "CHANGES_REQUESTED", "DISMISSED"]
STATE_OF_EVENT: dict[str, ReviewState] = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
}


@dataclass(slots=True, eq=False)
class Review:
    """A review. `submitted_at` is None while it is pending."""

    id: int
    pull: PullRequest
    author: Account
    body: str
    state: ReviewState
    commit_id: str
    created_at: float
    submitted_at: float | None = None
    minimized: str | None = None

    @property
    def node_id(self) -> str:
        return f"PRR_{self.id}"

    def seen_by(self, login: str, as_of: float) -> bool:
        """Whether a reader sees it on a replica that is up to date with `as_of`."""
        if self.submitted_at is not None and self.submitted_at <= as_of:
            return True
        return self.created_at <= as_of and self.author.login == login


class Reviews:
    """All reviews by id, in the order in which they were begun."""

    def __init__(self) -> None:
        self._known: dict[int, Review] = {}

    def add(self, review: Review) -> Review:
        self._known[review.id] = review
        return review

    def remove(self, review: Review) -> None:
        del self._known[review.id]

    def find(self, review_id: int) -> Review | None:
        return self._known.get(review_id)

    def by_node(self, node_id: str) -> Review | None:
        return next((item for item in self._known.values() if item.node_id == node_id), None)

    def of(self, pull: PullRequest) -> list[Review]:
        return [review for review in self._known.values() if review.pull is pull]

    def pending(self, pull: PullRequest, login: str) -> Review | None:
        """The one review that this user has begun and not submitted."""
        for review in self.of(pull):
            if review.state == "PENDING" and review.author.login == login:
                return review
        return None
