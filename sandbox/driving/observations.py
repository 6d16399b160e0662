"""What one sees: reviews, threads, checks, requests, deliveries; and waiting for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.state.checks import CheckRun
from sandbox.state.comments import IssueComment, ReviewComment, Thread
from sandbox.state.deliveries import Delivery
from sandbox.state.pulls import PullRequest
from sandbox.state.requests import RequestRecord
from sandbox.state.reviews import Review
from sandbox.state.world import World


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread at one moment, comparable as a whole. Comments are (login, text) pairs."""

    path: str
    line: int | None
    start_line: int | None
    side: str
    resolved: bool
    outdated: bool
    comments: tuple[tuple[str, str], ...]


class Observations:
    """The state as a person sees it: what is pending is not shown unless asked for."""

    world: World

    def reviews(self, pull: PullRequest, *, pending: bool = False) -> list[Review]:
        """Submitted reviews in their order, or with `pending` those not submitted yet."""
        with self.world.lock:
            found = self.world.reviews.of(pull)
        return [review for review in found if (review.state == "PENDING") == pending]

    def threads(self, pull: PullRequest) -> list[Thread]:
        """Threads in which something was said in public."""
        with self.world.lock:
            return [
                thread
                for thread in self.world.review_comments.threads(pull)
                if self.view(thread).comments
            ]

    def view(self, thread: Thread) -> ThreadView:
        with self.world.lock:
            said = [
                (comment.author.login, comment.body)
                for comment in self.world.review_comments.of_thread(thread)
                if comment.review.state != "PENDING"
            ]
        anchor = thread.anchor
        return ThreadView(
            path=thread.original.path,
            line=anchor.line,
            start_line=anchor.start_line,
            side=thread.original.side,
            resolved=thread.resolved_by is not None,
            outdated=anchor.outdated,
            comments=tuple(said),
        )

    def thread_views(self, pull: PullRequest) -> list[ThreadView]:
        return [self.view(thread) for thread in self.threads(pull)]

    def comments(self, pull: PullRequest) -> list[IssueComment]:
        """Comments in the conversation."""
        with self.world.lock:
            return self.world.issue_comments.of(pull.repository, pull.number)

    def checks(self, pull: PullRequest, sha: str | None = None) -> list[CheckRun]:
        """Check runs at the head, or at another commit; oldest first."""
        with self.world.lock:
            return self.world.checks.runs(pull.repository, sha or pull.head_sha)

    def reactions(self, to: IssueComment | ReviewComment | PullRequest) -> list[tuple[str, str]]:
        """(login, content) pairs in their order."""
        with self.world.lock:
            found = self.world.reactions.on(to.node_id)
        return [(reaction.author.login, reaction.content) for reaction in found]

    @property
    def requests(self) -> list[RequestRecord]:
        """Every API and git request so far."""
        with self.world.lock:
            return list(self.world.requests)

    @property
    def writes(self) -> list[RequestRecord]:
        """Requests that could change something; token requests, queries and git are left out."""
        return [
            record
            for record in self.requests
            if record.is_write
            and not record.path.endswith(("/access_tokens", "/graphql", "/git-upload-pack"))
        ]

    @property
    def deliveries(self) -> list[Delivery]:
        """Every delivery so far, the latest last."""
        with self.world.lock:
            return list(self.world.deliveries)

    def wait_for(
        self, is_true: Callable[[], object], seconds: float = 10.0, what: str = "the condition"
    ) -> None:
        """Wait until `is_true()`; it is asked again after each request and delivery.

        Raises `TimeoutError` with the latest requests.
        """
        if self.world.wait(lambda: bool(is_true()), time.monotonic() + seconds):
            return
        latest = [f"{one.method} {one.path} {one.status}" for one in self.requests[-10:]]
        told = "\n  ".join(latest) or "none"
        raise TimeoutError(f"{what} did not hold within {seconds} s; latest requests:\n  {told}")

    def wait_for_deliveries(self, seconds: float = 15.0) -> None:
        """Wait until every delivery was answered or given up."""
        self.wait_for(
            lambda: all(delivery.done for delivery in self.deliveries), seconds, "all deliveries"
        )
