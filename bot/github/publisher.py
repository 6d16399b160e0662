"""The only object that writes to GitHub."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.finding import Finding
from bot.domain.identifiers import Sha
from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.domain.review import Review
from bot.github import words
from bot.github.checks import CheckRuns
from bot.github.composed import Compose
from bot.github.replies import Replies
from bot.github.reviews import Reviews
from bot.github.threads import MOST_RESOLVED, Threads
from bot.github.write_pace import WritePace, take_or_defer

WRITES_OF_A_REVIEW = 4
"""Pending review, submit, summary, check; with its threads: room is taken before the first."""


class GitHubPublisher:
    """Implements `ports.Publisher`. `checks` is None in terminal use: only an App may write them.

    Each method may be repeated after any failure and then does what is left to do. Each raises
    GitHubUnavailable, GitHubRefused or InstallationGone.
    """

    def __init__(
        self,
        reviews: Reviews,
        replies: Replies,
        threads: Threads,
        checks: CheckRuns | None,
        compose: Compose,
        pace: WritePace,
    ) -> None:
        self._reviews = reviews
        self._replies = replies
        self._threads = threads
        self._checks = checks
        self._compose = compose
        self._pace = pace

    def acknowledge(self, ref: PullRef, head: Sha, key: str) -> None:
        """Create the check run, queued, with `external_id` = key, if it does not exist.

        Check runs of heads that this one replaces are completed as cancelled: pushes are gathered,
        so that a head may be passed over which was acknowledged before.
        """
        if self._checks is not None:
            self._take(ref, 1)
            self._checks.ensure(ref, head, key)
            self._cancel_elsewhere(self._checks, ref, head)

    def progress(self, ref: PullRef, head: Sha, key: str, text: str) -> None:
        """Set the check run in progress and say what is being done."""
        if self._checks is not None:
            self._take(ref, 1)
            self._checks.progress(ref, head, key, words.doing(text))

    def publish(self, ref: PullRef, review: Review, key: str, attempt: int) -> int | None:
        """Post the review once, complete the check. Returns the review's id on GitHub, if any.

        Raises:
            Superseded: the head moved or the pull request closed; nothing was posted, and the
                check is left to `give_up`.
            UserError: a person's own pending review stands in the way (terminal use).
        """
        self._take(ref, WRITES_OF_A_REVIEW + min(len(review.fixed), MOST_RESOLVED))
        posted = None
        if not review.skipped:
            posted = self._reviews.post(ref, review, key, attempt)
        if review.fixed:
            self._threads.set_resolved(ref, review.fixed, resolved=True)
        if self._checks is not None:
            said = self._compose(review, ref, first=posted is not None, marker="", record=key)
            self._checks.complete(ref, review.head, key, said.conclusion, said.check)
            self._cancel_elsewhere(self._checks, ref, review.head)
        return posted

    def give_up(
        self, ref: PullRef, head: Sha, key: str, why: str, superseded: bool, again: bool = True
    ) -> None:
        """Complete the check without a review: cancelled when superseded, else neutral with why.

        A superseded one that is complete already keeps the conclusion of its review.
        """
        if self._checks is None or (superseded and not self._checks.is_open(ref, key)):
            return
        self._take(ref, 1)
        if superseded:
            self._checks.complete(ref, head, key, "cancelled", words.superseded(why))
        else:
            self._checks.complete(ref, head, key, "neutral", words.given_up(why, again))

    def pass_merge_group(self, ref: PullRef, head: Sha) -> None:
        """Complete a successful check on a merge group's commit."""
        if self._checks is not None:
            self._take(ref, 2)
            key, output = f"{ref.key}/{head}/merge-group", words.merge_group_passed()
            self._checks.complete(ref, head, key, "success", output)

    def react(self, ref: PullRef, mention: Mention, content: str) -> bool:
        """Put a reaction (`eyes`, `+1`, `confused`) on the comment. False: the comment is gone."""
        self._take(ref, 1)
        return self._replies.react(ref, mention, content)

    def settle(self, ref: PullRef, mention: Mention) -> None:
        """Take `eyes` back, unless more that the comment asked for is under way."""
        self._take(ref, 1)
        self._replies.settle(ref, mention)

    def reply(self, ref: PullRef, mention: Mention, key: str, text: str) -> None:
        """Answer in place: in the thread, or as a comment of the pull request; once a key."""
        self._take(ref, 1)
        self._replies.reply(ref, mention, key, text)

    def progress_reply(self, ref: PullRef, mention: Mention, key: str, text: str) -> None:
        """Say in the answer's own place what is being done; `reply` puts the answer there."""
        self._take(ref, 1)
        self._replies.progress(ref, mention, key, text)

    def rewrite(self, ref: PullRef, comment_id: int, body: str) -> None:
        """Replace the text of a review comment of ours."""
        self._take(ref, 1)
        self._replies.rewrite(ref, comment_id, body)

    def resolve(self, ref: PullRef, findings: Sequence[Finding], resolved: bool) -> int:
        """Resolve the threads of these findings, or open them again; how many GitHub took."""
        self._take(ref, min(len(findings), MOST_RESOLVED))
        return self._threads.set_resolved(ref, findings, resolved)

    def _cancel_elsewhere(self, checks: CheckRuns, ref: PullRef, head: Sha) -> None:
        for passed in checks.elsewhere(ref, head):
            self._take(ref, 1)
            moved = words.superseded(f"the head moved to {head[:12]}")
            checks.complete(ref, passed.head, passed.key, "cancelled", moved)

    def _take(self, ref: PullRef, writes: int) -> None:
        take_or_defer(self._pace, ref.repository.installation, writes)
