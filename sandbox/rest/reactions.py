"""Reactions on comments and pull requests. https://docs.github.com/en/rest/reactions/reactions

On a pull request's conversation this GitHub wants both rights: the page of permissions lists
"Issues", and Apps in the field were refused without "Pull requests".
"""

from __future__ import annotations

from collections.abc import Callable

from sandbox.actions.comments import react
from sandbox.bodies.comments import reaction_body
from sandbox.errors import Forbidden, NotFound
from sandbox.http.call import Answer, Call
from sandbox.http.routes import Handler, Routes
from sandbox.state.apps import Level

Subject = Callable[[Call], str]
_REPOSITORY = "/repos/{owner}/{repo}"


def register(route: Routes) -> None:
    subjects: dict[str, tuple[Subject, str]] = {
        "/issues/comments/{id:int}": (_issue_comment, "issues"),
        "/pulls/comments/{id:int}": (_review_comment, "pull_requests"),
        "/issues/{number:int}": (_issue, "issues"),
    }
    for template, (subject, permission) in subjects.items():
        at = f"{_REPOSITORY}{template}/reactions"
        route("GET", at, f"{permission}:read")(_list(subject))
        route("POST", at, f"{permission}:write")(_create(subject))
        route("DELETE", at + "/{reaction:int}", f"{permission}:write")(_delete(subject))


def _issue_comment(call: Call) -> str:
    comment = call.world.issue_comments.find(call.number("id"))
    if comment is None or comment.repository is not call.repository:
        raise NotFound
    _require_pulls_too(call, comment.number)
    return comment.node_id


def _review_comment(call: Call) -> str:
    comment = call.world.review_comments.find(call.number("id"))
    if comment is None or comment.pull.repository is not call.repository:
        raise NotFound
    return comment.node_id


def _issue(call: Call) -> str:
    repository, number = call.repository, call.number("number")
    _require_pulls_too(call, number)
    if number in repository.pulls:
        return repository.pulls[number].node_id
    if number in repository.issues:
        return f"I_{repository.issues[number].id}"
    raise NotFound


def _require_pulls_too(call: Call, number: int) -> None:
    if number in call.repository.pulls:
        level: Level = "read" if call.request.method == "GET" else "write"
        call.caller.require(call.repository, ("pull_requests",), level)


def _list(subject: Subject) -> Handler:
    def handle(call: Call) -> Answer:
        wanted = call.request.query.get("content")
        found = call.world.reactions.on(subject(call))
        return call.page(
            [
                reaction_body(call.world, reaction)
                for reaction in found
                if wanted in (None, reaction.content)
            ]
        )

    return handle


def _create(subject: Subject) -> Handler:
    """201 for a new reaction, 200 for one that was there."""

    def handle(call: Call) -> Answer:
        content = call.json().get("content")
        reaction, is_new = react(call.world, subject(call), call.me, content)
        return Answer(201 if is_new else 200, reaction_body(call.world, reaction))

    return handle


def _delete(subject: Subject) -> Handler:
    def handle(call: Call) -> Answer:
        on = subject(call)
        for reaction in call.world.reactions.on(on):
            if reaction.id == call.number("reaction"):
                if reaction.author is not call.me:
                    raise Forbidden
                call.world.reactions.remove(on, reaction.id)
                return Answer(204)
        raise NotFound

    return handle
