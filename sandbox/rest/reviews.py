"""Reviews. https://docs.github.com/en/rest/pulls/reviews"""

from __future__ import annotations

from sandbox.actions.reviews import (
    create_review,
    discard_review,
    dismiss_review,
    edit_review,
    find_review,
    submit_review,
)
from sandbox.bodies.comments import review_body, review_comment_body
from sandbox.errors import Forbidden
from sandbox.http.call import Answer, Call
from sandbox.http.routes import Routes
from sandbox.state.accounts import at_least
from sandbox.state.reviews import Review

_REVIEWS = "/repos/{owner}/{repo}/pulls/{number:int}/reviews"
_REVIEW = _REVIEWS + "/{id:int}"


def register(route: Routes) -> None:
    route("GET", _REVIEWS, "pull_requests:read")(list_reviews)
    route("POST", _REVIEWS, "pull_requests:write")(create)
    route("GET", _REVIEW, "pull_requests:read")(get_review)
    route("PUT", _REVIEW, "pull_requests:write")(update)
    route("DELETE", _REVIEW, "pull_requests:write")(delete)
    route("POST", _REVIEW + "/events", "pull_requests:write")(submit)
    route("GET", _REVIEW + "/comments", "pull_requests:read")(list_comments)
    route("PUT", _REVIEW + "/dismissals", "pull_requests:write")(dismiss)


def list_reviews(call: Call) -> Answer:
    """In the order in which they were begun; from the replica, which may lag behind."""
    as_of = call.world.as_of()
    seen = [
        review_as_of(call, review, as_of)
        for review in call.world.reviews.of(call.pull)
        if review.seen_by(call.caller.login, as_of)
    ]
    return call.page(seen)


def review_as_of(call: Call, review: Review, as_of: float) -> dict[str, object]:
    """The review on a replica: submitted since, it still looks pending to its author."""
    body = review_body(call.world, review)
    if review.submitted_at is not None and review.submitted_at > as_of:
        body.pop("submitted_at")
        body["state"] = "PENDING"
    return body


def create(call: Call) -> Answer:
    review = create_review(call.world, call.pull, call.me, call.json())
    return Answer(200, review_body(call.world, review))


def _mine(call: Call) -> Review:
    review = find_review(call.world, call.pull, call.number("id"), call.caller.login)
    if review.author is not call.me:
        raise Forbidden("Must be the author of the review.")
    return review


def get_review(call: Call) -> Answer:
    review = find_review(call.world, call.pull, call.number("id"), call.caller.login)
    return Answer(200, review_body(call.world, review))


def update(call: Call) -> Answer:
    review = _mine(call)
    edit_review(call.world, review, call.json().get("body"))
    return Answer(200, review_body(call.world, review))


def delete(call: Call) -> Answer:
    review = _mine(call)
    body = review_body(call.world, review)
    discard_review(call.world, review)
    return Answer(200, body)


def submit(call: Call) -> Answer:
    review = _mine(call)
    submit_review(call.world, review, call.json())
    return Answer(200, review_body(call.world, review))


def list_comments(call: Call) -> Answer:
    review = find_review(call.world, call.pull, call.number("id"), call.caller.login)
    comments = call.world.review_comments.of_review(review)
    return call.page([review_comment_body(call.world, comment) for comment in comments])


def dismiss(call: Call) -> Answer:
    review = find_review(call.world, call.pull, call.number("id"), call.caller.login)
    role = review.pull.repository.role_of(call.caller.login)
    if not (call.caller.is_installation or at_least(role, "write")):
        raise Forbidden("Must have write access to the repository.")
    dismiss_review(call.world, review, call.json().get("message"))
    return Answer(200, review_body(call.world, review))
