"""Single comments, replies, the conversation, reactions, and a replica that lags behind."""

from __future__ import annotations

import github as pygithub
import pytest

from sandbox import Sandbox
from sandbox.state.pulls import PullRequest
from tests.sandbox.conftest import Client, refusal

AT = "/repos/acme/shop/pulls/1"


def test_a_single_comment_is_a_review_of_its_own(
    github: Sandbox, pull: PullRequest, app: pygithub.Github
) -> None:
    ours = app.get_repo("acme/shop").get_pull(1)
    made = ours.create_review_comment("ten?", pull.head_sha, "a.txt", line=10)
    assert (made.line, made.side, made.diff_hunk.split("\n")[-1]) == (10, "RIGHT", "+ten")
    assert [review.state for review in github.reviews(pull)] == ["COMMENTED"]


def test_a_single_comment_is_refused_in_its_own_shape(pull: PullRequest, http: Client) -> None:
    body = {"path": "a.txt", "line": 25, "body": "x", "commit_id": pull.head_sha}
    field = "pull_request_review_thread.line"
    assert refusal(http("POST", AT + "/comments", body)) == (
        422,
        "Validation Failed",
        [
            {
                "resource": "PullRequestReviewComment",
                "code": "custom",
                "field": field,
                "message": f"{field} must be part of the diff",
            }
        ],
    )
    del body["commit_id"]
    message = 'Invalid request.\n\n"commit_id" wasn\'t supplied.'
    assert refusal(http("POST", AT + "/comments", body)) == (422, message, None)


def test_replies_join_the_thread_of_the_first_comment(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    first = github.comment_on_line(pull, "a.txt", 10, "why ten?")
    answer = http("POST", f"{AT}/comments/{first.id}/replies", {"body": "because"})
    assert (answer.status_code, answer.json()["in_reply_to_id"]) == (201, first.id)
    again = http("POST", f"{AT}/comments/{answer.json()['id']}/replies", {"body": "and"})
    assert again.status_code == 422
    assert http("POST", f"{AT}/comments/1/replies", {"body": "x"}).status_code == 404
    said = github.thread_views(pull)[0].comments
    assert said == (("bob", "why ten?"), ("plumbline[bot]", "because"))


def test_a_pending_review_stands_in_the_way_of_replies(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    first = github.comment_on_line(pull, "a.txt", 10, "why ten?")
    pending = http("POST", AT + "/reviews", {"body": "soon"}).json()["id"]
    answer = http("POST", f"{AT}/comments/{first.id}/replies", {"body": "because"})
    words = "user_id can only have one pending review per pull request"
    wrong = {"resource": "PullRequestReview", "code": "custom", "field": "user_id"}
    assert refusal(answer) == (422, "Validation Failed", [{**wrong, "message": words}])
    http("DELETE", f"{AT}/reviews/{pending}")
    answer = http("POST", f"{AT}/comments/{first.id}/replies", {"body": "because"})
    assert answer.status_code == 201


def test_comments_are_edited_and_deleted_by_those_who_may(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    theirs = github.comment_on_line(pull, "a.txt", 10, "why ten?", by="mallory")
    at = f"/repos/acme/shop/pulls/comments/{theirs.id}"
    assert http("PATCH", at, {"body": "mine"}).status_code == 403
    assert http("PATCH", at, {"body": "better"}, by="mallory").json()["body"] == "better"
    assert http("DELETE", at, by="bob").status_code == 204
    assert http("GET", at).status_code == 404


@pytest.mark.usefixtures("pull")
def test_the_conversation_is_written_and_read(github: Sandbox, app: pygithub.Github) -> None:
    issue = app.get_repo("acme/shop").get_issue(1)
    assert issue.pull_request is not None
    made = issue.create_comment("Hello")
    made.edit("Hello, all")
    assert [one.body for one in issue.get_comments()] == ["Hello, all"]
    made.delete()
    assert list(issue.get_comments()) == []


@pytest.mark.usefixtures("pull")
def test_texts_that_are_blank_or_too_long_are_refused(http: Client) -> None:
    at = "/repos/acme/shop/issues/1/comments"
    assert http("POST", at, {"body": " "}).status_code == 422
    long = refusal(http("POST", at, {"body": "x" * 65_537}))
    assert long[2][0]["message"] == "body is too long (maximum is 65536 characters)"


def test_the_same_reaction_is_made_once(github: Sandbox, pull: PullRequest, http: Client) -> None:
    comment = github.comment(pull, "@plumbline hello")
    at = f"/repos/acme/shop/issues/comments/{comment.id}/reactions"
    first = http("POST", at, {"content": "eyes"})
    second = http("POST", at, {"content": "eyes"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert github.reactions(comment) == [("plumbline[bot]", "eyes")]
    assert http("POST", at, {"content": "wink"}).status_code == 422
    assert http("DELETE", f"{at}/{first.json()['id']}", by="bob").status_code == 403
    assert http("DELETE", f"{at}/{first.json()['id']}").status_code == 204
    on_pull = "/repos/acme/shop/issues/1/reactions"
    assert http("POST", on_pull, {"content": "rocket"}).status_code == 201
    assert github.reactions(pull) == [("plumbline[bot]", "rocket")]


def test_a_lagging_replica_hides_what_is_young(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    github.lag(30)
    made = http("POST", AT + "/reviews", {"event": "COMMENT", "body": "now"}).json()
    github.comment(pull, "hello")
    lists = (AT + "/reviews", "/repos/acme/shop/issues/1/comments")
    assert [http("GET", at).json() for at in lists] == [[], []]
    assert http("GET", f"{AT}/reviews/{made['id']}").json()["body"] == "now"
    github.world.clock.advance(31)
    assert [len(http("GET", at).json()) for at in lists] == [1, 1]
