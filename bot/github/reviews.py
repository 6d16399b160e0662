"""Posts a review exactly once.

GitHub has no idempotency key, a time-out may follow a commit, and reads lag writes. So: hold the
pending review, which keeps others out; after anything unclean let the replicas settle; look once
whether the review is there already or no longer wanted; only then make it public.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.finding import Fate, Finding
from bot.domain.pull_request import PullRef
from bot.domain.review import Review
from bot.errors import Superseded
from bot.github.client import GitHubClient
from bot.github.composed import Compose, Composed
from bot.github.drafts import Draft, Drafts, Held, refuse_moved
from bot.github.markers import marked, marker_of, markers_in, unmarked
from bot.github.standing import OwnReview, Standing, read_standing

SETTLE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Job:
    """One review on its way, and how to put it into words."""

    ref: PullRef
    review: Review
    key: str
    compose: Compose

    @property
    def marker(self) -> str:
        return marker_of(self.key)

    def words(self, first: bool, inline: bool = True) -> Composed:
        review = self.review if inline else without_lines(self.review)
        return self.compose(review, self.ref, first, self.marker, self.key)


class Reviews:
    """Posts reviews of pull requests; `settle_seconds` must exceed the replicas' lag."""

    def __init__(
        self,
        client: GitHubClient,
        compose: Compose,
        settle_seconds: float = SETTLE_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._drafts = Drafts(client)
        self._compose = compose
        self._settle_seconds = settle_seconds
        self._sleep = sleep

    def post(self, ref: PullRef, review: Review, key: str, attempt: int) -> int | None:
        """Post it, unless it stands already or nothing is to be said. Returns the review's id.

        The body of the first review is the summary; it is edited in place afterwards.

        Raises:
            Superseded: the head moved or the pull request closed; nothing was posted.
            UserError: a person's own pending review stands in the way.
            GitHubRefused, GitHubUnavailable, InstallationGone.
        """
        job = _Job(ref, review, key, self._compose)
        if _silent(job.words(first=True)):
            return self._without_a_review(job, read_standing(self._client, ref))
        held = self._drafts.hold(ref, _draft(job))
        if attempt > 1 or not held.clean:
            self._sleep(self._settle_seconds)
        standing = read_standing(self._client, ref)
        done = standing.submitted(job.marker)
        if done is not None:
            self._drafts.delete(ref, held.id)
            return self._finish(job, standing, done)
        try:
            refuse_moved(standing, review.head)
        except Superseded:
            self._drafts.delete(ref, held.id)
            raise
        return self._submit(job, held, standing)

    def _submit(self, job: _Job, held: Held, standing: Standing) -> int | None:
        first = not _ours(standing)
        expected = len(job.words(first).comments)
        counted = _counted(standing, held)
        inline = held.inline and (counted is None or counted >= expected)
        composed = job.words(first, inline)
        body = _body(composed, refused=not inline and expected > 0)
        if not composed.comments and not body:
            self._drafts.delete(job.ref, held.id)
            return self._without_a_review(job, standing)
        body = marked(body, job.marker)
        posted = self._drafts.submit(job.ref, held, job.marker, body)
        if inline and expected and counted is None:
            self._mend_vanished(job, posted, first, expected)
        self._edit_summary(job, standing, composed)
        return posted

    def _without_a_review(self, job: _Job, standing: Standing) -> int | None:
        """Nothing to say: at most the summary of the first review is brought up to date."""
        refuse_moved(standing, job.review.head)
        done = standing.submitted(job.marker)
        if done is not None:
            return self._finish(job, standing, done)
        self._edit_summary(job, standing, job.words(first=False))
        return None

    def _finish(self, job: _Job, standing: Standing, done: OwnReview) -> int:
        """Posted by an earlier attempt, which may have ended before it edited the summary."""
        if _ours(standing)[0] != done:
            self._edit_summary(job, standing, job.words(first=False))
        return done.review.id

    def _edit_summary(self, job: _Job, standing: Standing, composed: Composed) -> None:
        """Our earliest review keeps its own marker, so that its retry still finds it."""
        ours = _ours(standing)
        if not ours or not composed.summary:
            return
        earliest = ours[0].review
        body = marked(unmarked(composed.summary), markers_in(earliest.body)[-1])
        if body.split() != earliest.body.split():
            path = f"/pulls/{job.ref.number}/reviews/{earliest.id}"
            self._client.put(job.ref.repository, path, {"body": body})

    def _mend_vanished(self, job: _Job, posted: int, first: bool, expected: int) -> None:
        """Comments outside the diff may vanish without a word: then the body carries them."""
        path = f"/pulls/{job.ref.number}/reviews/{posted}"
        kept = self._client.get(job.ref.repository, f"{path}/comments", per_page=100)
        if len(kept) < expected:
            body = marked(_body(job.words(first, inline=False), refused=True), job.marker)
            self._client.put(job.ref.repository, path, {"body": body})


def without_lines(review: Review) -> Review:
    """The same review with every posted finding listed in the body instead of on a line."""
    return replace(review, findings=tuple(_listed(finding) for finding in review.findings))


def _listed(finding: Finding) -> Finding:
    if finding.fate is not Fate.POSTED:
        return finding
    return replace(finding, fate=Fate.LISTED, line=None, end_line=None)


def _draft(job: _Job) -> Draft:
    words = job.words(first=True)
    body = marked(words.body, job.marker)
    return Draft(job.review.head, job.marker, body, words.comments)


def _body(composed: Composed, refused: bool) -> str:
    """What the review says; where its comments were refused, at least the summary says it."""
    return unmarked(composed.body) or (unmarked(composed.summary) if refused else "")


def _silent(composed: Composed) -> bool:
    return not composed.comments and not unmarked(composed.body)


def _ours(standing: Standing) -> list[OwnReview]:
    """Reviews that Plumbline submitted; in terminal use the same person writes others too."""
    return [own for own in standing.own if not own.pending and markers_in(own.review.body)]


def _counted(standing: Standing, held: Held) -> int | None:
    """How many comments the pending review holds; None where the replica does not show it."""
    pending = standing.pending
    return pending.comments if pending is not None and pending.review.id == held.id else None
