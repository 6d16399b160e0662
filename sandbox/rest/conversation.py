"""Comments in the conversation. https://docs.github.com/en/rest/issues/comments"""

from __future__ import annotations

from sandbox.actions.comments import (
    comment_on_conversation,
    delete_issue_comment,
    edit_issue_comment,
)
from sandbox.bodies.comments import issue_comment_body
from sandbox.errors import NotFound
from sandbox.http.call import Answer, Call
from sandbox.http.routes import Routes
from sandbox.rest.comments import require_author, since
from sandbox.state.comments import IssueComment

_ISSUES = "/repos/{owner}/{repo}/issues"
_OF_ISSUE = _ISSUES + "/{number:int}/comments"
_COMMENT = _ISSUES + "/comments/{id:int}"
_READ, _WRITE = "issues|pull_requests:read", "issues|pull_requests:write"


def register(route: Routes) -> None:
    route("GET", _ISSUES + "/comments", _READ)(list_of_repository)
    route("GET", _OF_ISSUE, _READ)(list_of_issue)
    route("POST", _OF_ISSUE, _WRITE)(create)
    route("GET", _COMMENT, _READ)(get_comment)
    route("PATCH", _COMMENT, _WRITE)(update)
    route("DELETE", _COMMENT, _WRITE)(delete)


def _listed(call: Call, comments: list[IssueComment]) -> Answer:
    as_of, after = call.world.as_of(), since(call)
    return call.page(
        [
            issue_comment_body(call.world, comment)
            for comment in comments
            if comment.created_at <= as_of and comment.updated_at >= after
        ]
    )


def list_of_repository(call: Call) -> Answer:
    return _listed(call, call.world.issue_comments.in_repository(call.repository))


def list_of_issue(call: Call) -> Answer:
    repository, number = call.repository, call.number("number")
    if number not in repository.pulls and number not in repository.issues:
        raise NotFound
    return _listed(call, call.world.issue_comments.of(repository, number))


def create(call: Call) -> Answer:
    text, number = call.json().get("body"), call.number("number")
    if number in call.repository.issues:
        call.caller.require(call.repository, ("issues",), "write")
    comment = comment_on_conversation(call.world, call.repository, number, call.me, text)
    return Answer(201, issue_comment_body(call.world, comment))


def _find(call: Call) -> IssueComment:
    comment = call.world.issue_comments.find(call.number("id"))
    if comment is None or comment.repository is not call.repository:
        raise NotFound
    return comment


def get_comment(call: Call) -> Answer:
    return Answer(200, issue_comment_body(call.world, _find(call)))


def update(call: Call) -> Answer:
    comment = _find(call)
    require_author(call, comment.author, call.repository)
    edit_issue_comment(call.world, comment, call.me, call.json().get("body"))
    return Answer(200, issue_comment_body(call.world, comment))


def delete(call: Call) -> Answer:
    comment = _find(call)
    require_author(call, comment.author, call.repository)
    delete_issue_comment(call.world, comment, call.me)
    return Answer(204)
