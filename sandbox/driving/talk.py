"""What people say and mark: comments, replies, reviews, reactions."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.actions import comments, reviews
from sandbox.driving.people import People
from sandbox.state.comments import IssueComment, ReviewComment, Thread
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from sandbox.state.reviews import Review


class Talk(People):
    """Each returns what was written. `by` is the login of whoever says it."""

    def comment(
        self, on: PullRequest | tuple[Repository, int], text: str, *, by: str = "bob"
    ) -> IssueComment:
        """Comment in the conversation of a pull request, or of an issue: `(repository, 3)`."""
        at, number = (on.repository, on.number) if isinstance(on, PullRequest) else on
        with self.world.lock:
            return comments.comment_on_conversation(self.world, at, number, self._account(by), text)

    def edit_comment(self, comment: IssueComment | ReviewComment, text: str) -> None:
        with self.world.lock:
            if isinstance(comment, IssueComment):
                comments.edit_issue_comment(self.world, comment, comment.author, text)
            else:
                comments.edit_review_comment(self.world, comment, comment.author, text)

    def delete_comment(self, comment: IssueComment) -> None:
        with self.world.lock:
            comments.delete_issue_comment(self.world, comment, comment.author)

    def comment_on_line(
        self,
        pull: PullRequest,
        path: str,
        line: int,
        text: str,
        *,
        side: str = "RIGHT",
        by: str = "bob",
    ) -> ReviewComment:
        wanted = {"path": path, "line": line, "side": side, "body": text}
        wanted["commit_id"] = pull.head_sha
        with self.world.lock:
            return comments.comment_on_line(self.world, pull, self._account(by), wanted)

    def reply(self, thread: Thread | ReviewComment, text: str, *, by: str = "bob") -> ReviewComment:
        """Answer in a thread, given as itself or by any of its comments."""
        with self.world.lock:
            thread = thread.thread if isinstance(thread, ReviewComment) else thread
            first = self.world.review_comments.of_thread(thread)[0]
            return comments.reply(self.world, thread.pull, first.id, self._account(by), text)

    def review(
        self,
        pull: PullRequest,
        event: str = "COMMENT",
        text: str = "",
        *,
        by: str = "bob",
        lines: Sequence[tuple[str, int, str]] = (),
    ) -> Review:
        """A person's review: COMMENT, APPROVE or REQUEST_CHANGES; `lines`: (path, line, text)."""
        said = [{"path": path, "line": line, "body": body} for path, line, body in lines]
        with self.world.lock:
            wanted = {"event": event, "body": text, "comments": said}
            return reviews.create_review(self.world, pull, self._account(by), wanted)

    def resolve(self, thread: Thread, *, by: str = "alice") -> None:
        with self.world.lock:
            comments.set_resolved(self.world, thread, self._account(by), True)

    def unresolve(self, thread: Thread, *, by: str = "alice") -> None:
        with self.world.lock:
            comments.set_resolved(self.world, thread, self._account(by), False)

    def react(
        self, to: IssueComment | ReviewComment | PullRequest, content: str, *, by: str = "alice"
    ) -> None:
        with self.world.lock:
            comments.react(self.world, to.node_id, self._account(by), content)
        self.world.touch()
