"""The pending review: ours alone to see, and the lock by which a review is posted once.

GitHub allows one pending review for each user and pull request, and enforces it where it writes,
so holding it keeps every other executor of ours out:
https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.identifiers import Sha
from bot.domain.pull_request import PullRef
from bot.errors import GitHubRefused, GitHubUnavailable, Superseded, UserError
from bot.github.client import GitHubClient
from bot.github.composed import InlineWords
from bot.github.markers import markers_in
from bot.github.standing import OwnReview, Standing, read_standing

LAG_SECONDS = 5.0
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """What we want to hold pending. `body` ends in the marker."""

    head: Sha
    marker: str
    body: str
    comments: Sequence[InlineWords]


@dataclass(frozen=True, slots=True)
class Held:
    """A pending review that is ours. `clean`: nothing of an earlier attempt was met on the way.

    `inline` is False where GitHub refused the comments: it then holds none of them.
    """

    id: int
    inline: bool
    clean: bool


class Drafts:
    """Creates, adopts, submits and deletes pending reviews."""

    def __init__(self, client: GitHubClient) -> None:
        self._client = client

    def hold(self, ref: PullRef, draft: Draft) -> Held:
        """Create the pending review, or take over what an earlier attempt left.

        A leftover with the same marker is adopted; one with another marker of ours blocks every
        later review and is deleted. Where GitHub refuses the comments (one bad line refuses all,
        unnamed) the review is held without them.

        Raises:
            UserError: a pending review that is not ours stands in the way (terminal use).
            Superseded: the refusal is explained by a head that moved.
            GitHubUnavailable: somebody holds one that the replica does not show yet.
        """
        inline, clean = True, True
        for _ in range(MOST_ATTEMPTS):
            try:
                return Held(self._create(ref, draft, inline), inline, clean)
            except GitHubRefused as error:
                if error.status != 422:
                    raise
                standing = read_standing(self._client, ref)
                pending = standing.pending
                if pending is None:
                    refuse_moved(standing, draft.head)
                    inline = self._without_comments(error, draft, inline)
                    continue
                if pending.carries(draft.marker):
                    return Held(pending.review.id, _holds_comments(pending, draft), clean=False)
                self._clear_away(ref, pending)
                clean = False
        raise GitHubUnavailable(
            f"another pending review keeps appearing on {ref}", retry_after=LAG_SECONDS
        )

    def submit(self, ref: PullRef, held: Held, marker: str, body: str) -> int:
        """Make it public, as a comment: we never approve and never request changes.

        Returns the review's id, also where another executor submitted it a moment ago.
        """
        path = f"/pulls/{ref.number}/reviews/{held.id}/events"
        try:
            self._client.post(ref.repository, path, {"event": "COMMENT", "body": body})
        except GitHubRefused as error:
            if error.status not in (404, 422):
                raise
            done = read_standing(self._client, ref).submitted(marker)
            if done is None:
                raise GitHubUnavailable(
                    f"the pending review {held.id} of {ref} could not be submitted: {error}",
                    retry_after=LAG_SECONDS,
                ) from error
            return done.review.id
        return held.id

    def delete(self, ref: PullRef, id: int) -> None:
        """Drop a pending review of ours; gone already is as good."""
        try:
            self._client.delete(ref.repository, f"/pulls/{ref.number}/reviews/{id}")
        except GitHubRefused as error:
            if error.status not in (404, 422):
                raise

    def _create(self, ref: PullRef, draft: Draft, inline: bool) -> int:
        comments = [_comment(comment) for comment in draft.comments] if inline else []
        body: dict[str, Any] = {"commit_id": draft.head, "body": draft.body, "comments": comments}
        made = self._client.post(ref.repository, f"/pulls/{ref.number}/reviews", body)
        return int(made["id"])

    def _without_comments(self, error: GitHubRefused, draft: Draft, inline: bool) -> bool:
        if "pending review" in str(error):
            raise GitHubUnavailable(
                f"a pending review exists that GitHub does not list yet: {error}",
                retry_after=LAG_SECONDS,
            ) from error
        if not (inline and draft.comments):
            raise error
        return False

    def _clear_away(self, ref: PullRef, pending: OwnReview) -> None:
        if not markers_in(pending.review.body):
            raise UserError(
                f"{ref} holds a pending review that Plumbline did not begin"
                f" (id {pending.review.id}); submit or discard it on GitHub, then try again"
            )
        self.delete(ref, pending.review.id)


def refuse_moved(standing: Standing, head: Sha) -> None:
    """Raises Superseded when the pull request is no longer at this head, or no longer open."""
    if standing.state != "open":
        raise Superseded(f"the pull request was {standing.state} before the review was posted")
    if standing.head != head:
        raise Superseded(f"the head moved to {standing.head[:12]} before the review was posted")


def _holds_comments(pending: OwnReview, draft: Draft) -> bool:
    return pending.comments is None or pending.comments >= len(draft.comments)


def _comment(words: InlineWords) -> dict[str, Any]:
    comment: dict[str, Any] = {
        "path": words.path,
        "line": words.line,
        "side": words.side,
        "body": words.body,
    }
    if words.start_line is not None and words.start_line < words.line:
        comment |= {"start_line": words.start_line, "start_side": words.side}
    return comment
