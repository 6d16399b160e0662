"""Reviews: begun, submitted, edited, dismissed and discarded.

https://docs.github.com/en/rest/pulls/reviews
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.actions.anchors import find_anchor, follow_threads
from sandbox.actions.announce import announce
from sandbox.actions.texts import require_text
from sandbox.bodies.comments import review_body, review_comment_body
from sandbox.bodies.pulls import pull_body
from sandbox.errors import NotFound, Unprocessable
from sandbox.state.accounts import Account
from sandbox.state.comments import Anchor, ReviewComment, Thread
from sandbox.state.pulls import PullRequest
from sandbox.state.reviews import STATE_OF_EVENT, Review
from sandbox.state.world import World

ONE_PENDING = "User can only have one pending review per pull request"


@dataclass(frozen=True, slots=True)
class Placed:
    """A comment whose place was found."""

    body: str
    anchor: Anchor


def create_review(
    world: World, pull: PullRequest, author: Account, wanted: dict[str, Any]
) -> Review:
    """A review with all its comments, or none of it. Without `event` it stays pending."""
    event = wanted.get("event")
    comments = wanted.get("comments") or []
    body = require_text(wanted.get("body") or "", "PullRequestReview", blank=True)
    _check_event(pull, author, event, body, bool(comments))
    if world.reviews.pending(pull, author.login) is not None:
        raise Unprocessable(ONE_PENDING)
    commit = _commit_of(pull, wanted.get("commit_id"))
    placed = [_place(pull, comment, commit) for comment in comments]
    review = world.reviews.add(
        Review(
            id=world.clock.next_id(),
            pull=pull,
            author=author,
            body=body,
            state="PENDING",
            commit_id=commit,
            created_at=world.clock.now(),
        )
    )
    for item in placed:
        add_comment(world, review, author, item, commit)
    follow_threads(world, pull)
    if event:
        _publish(world, review, event)
    return review


def _place(pull: PullRequest, comment: dict[str, Any], commit: str) -> Placed:
    body = comment.get("body")
    if not body:
        raise Unprocessable("Body can't be blank")
    require_text(body, "PullRequestReviewComment")
    return Placed(body, find_anchor(pull, comment, commit, "review"))


def _check_event(
    pull: PullRequest, author: Account, event: Any, body: str, has_comments: bool
) -> None:
    if event is not None and event not in STATE_OF_EVENT:
        raise Unprocessable(
            "Variable $event of type PullRequestReviewEvent was provided invalid value",
            message="Unprocessable Entity",
        )
    if not body and (event == "REQUEST_CHANGES" or (event == "COMMENT" and not has_comments)):
        raise Unprocessable("Body can't be blank")
    if author.login == pull.author.login and event in ("APPROVE", "REQUEST_CHANGES"):
        what = "approve" if event == "APPROVE" else "request changes on"
        raise Unprocessable(f"Can not {what} your own pull request")


def _commit_of(pull: PullRequest, wanted: Any) -> str:
    if not wanted:
        return pull.head_sha
    sha = pull.repository.git.resolve(str(wanted))
    if sha is None:
        raise Unprocessable("The commit_id is not part of the pull request")
    return sha


def add_comment(
    world: World, review: Review, author: Account, placed: Placed, commit: str
) -> ReviewComment:
    """A comment that begins a thread of its own."""
    pull, now = review.pull, world.clock.now()
    thread = Thread(
        id=world.clock.next_id(),
        pull=pull,
        original=placed.anchor,
        original_commit=commit,
        original_base=pull.merge_base(commit),
        anchor=placed.anchor,
        commit_id=commit,
    )
    return world.review_comments.add(
        ReviewComment(
            id=world.clock.next_id(),
            review=review,
            thread=thread,
            author=author,
            body=placed.body,
            created_at=now,
            updated_at=now,
        )
    )


def _publish(world: World, review: Review, event: str) -> None:
    review.state = STATE_OF_EVENT[event]
    review.submitted_at = world.clock.now()
    announce_review(world, review)


def announce_review(world: World, review: Review) -> None:
    """One event for the review, one for each of its comments."""
    pull = review.pull
    pull.updated_at = world.clock.now()
    shown = review_body(world, review)
    shown["state"] = shown["state"].lower()
    listed = pull_body(world, pull, listed=True)
    announce(
        world,
        "pull_request_review",
        "submitted",
        pull.repository,
        review.author,
        review=shown,
        pull_request=listed,
    )
    for comment in world.review_comments.of_review(review):
        announce(
            world,
            "pull_request_review_comment",
            "created",
            pull.repository,
            review.author,
            comment=review_comment_body(world, comment),
            pull_request=listed,
        )


def find_review(world: World, pull: PullRequest, review_id: int, login: str) -> Review:
    """The review as this reader may see it: someone else's pending one does not exist."""
    review = world.reviews.find(review_id)
    if review is None or review.pull is not pull:
        raise NotFound
    if not review.seen_by(login, world.clock.now()):
        raise NotFound
    return review


def submit_review(world: World, review: Review, wanted: dict[str, Any]) -> None:
    if review.state != "PENDING":
        raise Unprocessable("Can not submit a review that is not pending")
    event = wanted.get("event")
    if event is None:
        raise Unprocessable("Event can't be blank")
    body = require_text(wanted.get("body") or review.body, "PullRequestReview", blank=True)
    has_comments = bool(world.review_comments.of_review(review))
    _check_event(review.pull, review.author, event, body, has_comments)
    review.body = body
    _publish(world, review, event)


def edit_review(world: World, review: Review, body: Any) -> None:
    """Replace the body. The App hears of an edited review, but only once it is submitted."""
    text = require_text(body, "PullRequestReview")
    before, review.body = review.body, text
    if review.state == "PENDING" or before == text:
        return
    shown = review_body(world, review)
    shown["state"] = shown["state"].lower()
    announce(
        world,
        "pull_request_review",
        "edited",
        review.pull.repository,
        review.author,
        changes={"body": {"from": before}},
        review=shown,
        pull_request=pull_body(world, review.pull, listed=True),
    )


def discard_review(world: World, review: Review) -> None:
    if review.state != "PENDING":
        raise Unprocessable("Can not delete a non-pending pull request review")
    for comment in world.review_comments.of_review(review):
        world.review_comments.remove(comment)
    world.reviews.remove(review)


def dismiss_review(world: World, review: Review, message: Any) -> None:
    if not message:
        raise Unprocessable("Message can't be blank")
    if review.state not in ("APPROVED", "CHANGES_REQUESTED"):
        raise Unprocessable(
            f"Can not dismiss a {review.state.lower().replace('_', ' ')} pull request review"
        )
    review.state = "DISMISSED"
    shown = review_body(world, review)
    shown["state"] = "dismissed"
    announce(
        world,
        "pull_request_review",
        "dismissed",
        review.pull.repository,
        review.author,
        review=shown,
        pull_request=pull_body(world, review.pull, listed=True),
    )
