"""Comments on lines. https://docs.github.com/en/rest/pulls/comments"""

from __future__ import annotations

from datetime import datetime

from sandbox.actions.comments import (
    comment_on_line,
    delete_review_comment,
    edit_review_comment,
    reply,
)
from sandbox.bodies.comments import review_comment_body
from sandbox.errors import Forbidden, NotFound
from sandbox.http.call import Answer, Call
from sandbox.http.routes import Routes
from sandbox.state.accounts import Account, at_least
from sandbox.state.comments import ReviewComment
from sandbox.state.repositories import Repository

_PULLS = "/repos/{owner}/{repo}/pulls"
_OF_PULL = _PULLS + "/{number:int}/comments"
_COMMENT = _PULLS + "/comments/{id:int}"


def register(route: Routes) -> None:
    route("GET", _PULLS + "/comments", "pull_requests:read")(list_of_repository)
    route("GET", _OF_PULL, "pull_requests:read")(list_of_pull)
    route("POST", _OF_PULL, "pull_requests:write")(create)
    route("POST", _OF_PULL + "/{id:int}/replies", "pull_requests:write")(create_reply)
    route("GET", _COMMENT, "pull_requests:read")(get_comment)
    route("PATCH", _COMMENT, "pull_requests:write")(update)
    route("DELETE", _COMMENT, "pull_requests:write")(delete)


def since(call: Call) -> float:
    """The `since` of the query in Unix seconds, or the beginning of time."""
    text = call.request.query.get("since")
    return datetime.fromisoformat(text).timestamp() if text else 0.0


def _listed(call: Call, comments: list[ReviewComment]) -> Answer:
    """Comments of pending reviews are in no list, not even their author's."""
    as_of, after = call.world.as_of(), since(call)
    shown = [
        comment
        for comment in comments
        if comment.review.submitted_at is not None
        and max(comment.created_at, comment.review.submitted_at) <= as_of
        and comment.updated_at >= after
    ]
    if call.request.query.get("direction") == "desc":
        shown.reverse()
    return call.page([review_comment_body(call.world, comment) for comment in shown])


def list_of_repository(call: Call) -> Answer:
    return _listed(call, call.world.review_comments.in_repository(call.repository))


def list_of_pull(call: Call) -> Answer:
    return _listed(call, call.world.review_comments.of(call.pull))


def create(call: Call) -> Answer:
    comment = comment_on_line(call.world, call.pull, call.me, call.json())
    return Answer(201, review_comment_body(call.world, comment))


def create_reply(call: Call) -> Answer:
    text = call.json().get("body")
    comment = reply(call.world, call.pull, call.number("id"), call.me, text)
    return Answer(201, review_comment_body(call.world, comment))


def _find(call: Call) -> ReviewComment:
    comment = call.world.review_comments.find(call.number("id"))
    if comment is None or comment.pull.repository is not call.repository:
        raise NotFound
    if not comment.review.seen_by(call.caller.login, call.world.clock.now()):
        raise NotFound
    return comment


def require_author(call: Call, author: Account, repository: Repository) -> None:
    """Only the author or a person with write access may change a comment."""
    if call.me is author:
        return
    if call.caller.is_installation or not at_least(repository.role_of(call.me.login), "write"):
        raise Forbidden


def get_comment(call: Call) -> Answer:
    return Answer(200, review_comment_body(call.world, _find(call)))


def update(call: Call) -> Answer:
    comment = _find(call)
    require_author(call, comment.author, call.repository)
    edit_review_comment(call.world, comment, call.me, call.json().get("body"))
    return Answer(200, review_comment_body(call.world, comment))


def delete(call: Call) -> Answer:
    comment = _find(call)
    require_author(call, comment.author, call.repository)
    delete_review_comment(call.world, comment, call.me)
    return Answer(204)
