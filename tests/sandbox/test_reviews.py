"""Reviews: all or nothing, one pending for each person, lines that the diff shows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import github as pygithub
import pytest
import requests

from sandbox import Sandbox, ThreadView
from sandbox.state.pulls import PullRequest
from tests.sandbox.conftest import Client, edited, refusal

AT = "/repos/acme/shop/pulls/1"
HUNK = "Pull request review thread start line must be part of the same hunk as the line."
ORDER = "Pull request review thread start line must precede the end line."


def comment(**changed: object) -> dict[str, Any]:
    return {"path": "a.txt", "line": 10, "side": "RIGHT", "body": "ten?", **changed}


@pytest.mark.usefixtures("pull")
def test_pygithub_posts_a_review_with_a_comment(
    github: Sandbox, pull: PullRequest, app: pygithub.Github
) -> None:
    ours = app.get_repo("acme/shop").get_pull(1)
    review = ours.create_review(body="All said.", event="COMMENT", comments=[comment()])  # type: ignore[list-item]
    assert (review.state, review.user.login) == ("COMMENTED", "plumbline[bot]")
    assert github.thread_views(pull) == [
        ThreadView("a.txt", 10, None, "RIGHT", False, False, (("plumbline[bot]", "ten?"),))
    ]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (comment(line=25), "Line could not be resolved"),
        (comment(path="nope.txt"), "Path could not be resolved"),
        (comment(path="src/b.py", line=1), "Path could not be resolved"),
        (comment(line=10, side="LEFT", start_line=30), HUNK),
        (comment(start_line=30), HUNK),
        (comment(start_line=2), HUNK),
        (comment(start_line=10), ORDER),
        (comment(start_line=11), ORDER),
        (comment(body=""), "Body can't be blank"),
    ],
)
def test_one_bad_comment_voids_the_review(
    github: Sandbox, pull: PullRequest, http: Client, wanted: dict[str, Any], words: str
) -> None:
    body = {"event": "COMMENT", "body": "x", "comments": [comment(), wanted]}
    assert refusal(http("POST", AT + "/reviews", body)) == (422, "Unprocessable Entity", [words])
    assert github.reviews(pull) == []
    assert github.threads(pull) == []


def test_comments_may_span_lines_and_stand_on_removed_ones(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    wanted = [comment(start_line=8, start_side="RIGHT"), comment(side="LEFT")]
    http("POST", AT + "/reviews", {"event": "COMMENT", "comments": wanted})
    assert [(one.start_line, one.line, one.side) for one in github.thread_views(pull)] == [
        (8, 10, "RIGHT"),
        (None, 10, "LEFT"),
    ]


def test_a_review_without_event_is_seen_by_its_author_alone(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    made = http("POST", AT + "/reviews", {"body": "soon", "comments": [comment()]}).json()
    assert made["state"] == "PENDING"
    assert "submitted_at" not in made
    assert [one["state"] for one in http("GET", AT + "/reviews").json()] == ["PENDING"]
    assert http("GET", AT + "/reviews", by="bob").json() == []
    assert http("GET", f"{AT}/reviews/{made['id']}", by="bob").status_code == 404
    assert http("GET", AT + "/comments").json() == []
    assert (github.reviews(pull), github.threads(pull)) == ([], [])


def test_a_person_has_one_pending_review(github: Sandbox, pull: PullRequest, http: Client) -> None:
    first = http("POST", AT + "/reviews", {"body": "one"}).json()
    words = ["User can only have one pending review per pull request"]
    for event in (None, "COMMENT"):
        body = {"body": "two", **({"event": event} if event else {})}
        assert refusal(http("POST", AT + "/reviews", body)) == (422, "Unprocessable Entity", words)
    assert http("POST", AT + "/reviews", {"body": "mine"}, by="bob").status_code == 200
    assert http("DELETE", f"{AT}/reviews/{first['id']}").status_code == 200
    assert http("POST", AT + "/reviews", {"body": "two"}).status_code == 200
    assert [one.body for one in github.reviews(pull, pending=True)] == ["mine", "two"]


def test_many_at_once_begin_one_pending_review(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    def begin(number: int) -> int:
        return http("POST", AT + "/reviews", {"body": str(number)}).status_code

    with ThreadPoolExecutor(8) as many:
        assert sorted(many.map(begin, range(8))) == [200] + [422] * 7
    assert len(github.reviews(pull, pending=True)) == 1


def test_a_pending_review_is_submitted_once(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    number = http("POST", AT + "/reviews", {"body": "x", "comments": [comment()]}).json()["id"]
    at = f"{AT}/reviews/{number}"
    assert http("POST", at + "/events", {"event": "COMMENT"}).json()["state"] == "COMMENTED"
    assert [one.body for one in github.reviews(pull)] == ["x"]
    assert http("POST", at + "/events", {"event": "COMMENT"}).status_code == 422
    words = ["Can not delete a non-pending pull request review"]
    assert refusal(http("DELETE", at)) == (422, "Unprocessable Entity", words)


@pytest.mark.usefixtures("pull")
def test_what_an_event_asks_for(http: Client) -> None:
    def post(by: str, **body: object) -> requests.Response:
        return http("POST", AT + "/reviews", body, by=by)

    blank = (422, "Unprocessable Entity", ["Body can't be blank"])
    assert refusal(post("bob", event="COMMENT")) == blank
    assert refusal(post("bob", event="REQUEST_CHANGES")) == blank
    own = (422, "Unprocessable Entity", ["Can not approve your own pull request"])
    assert refusal(post("alice", event="APPROVE")) == own
    assert post("bob", event="NONSENSE", body="x").status_code == 422
    assert post("bob", event="APPROVE").json()["state"] == "APPROVED"


@pytest.mark.usefixtures("pull")
def test_only_the_author_edits_a_review(http: Client) -> None:
    number = http("POST", AT + "/reviews", {"event": "COMMENT", "body": "old"}).json()["id"]
    at = f"{AT}/reviews/{number}"
    assert http("PUT", at, {"body": "theirs"}, by="bob").status_code == 403
    assert http("PUT", at, {"body": "new"}).json()["body"] == "new"


@pytest.mark.usefixtures("pull")
def test_only_a_decision_is_dismissed(http: Client) -> None:
    said = http("POST", AT + "/reviews", {"event": "COMMENT", "body": "x"}).json()["id"]
    words = ["Can not dismiss a commented pull request review"]
    dismissal = {"message": "No longer"}
    answer = http("PUT", f"{AT}/reviews/{said}/dismissals", dismissal)
    assert refusal(answer) == (422, "Unprocessable Entity", words)
    approved = http("POST", AT + "/reviews", {"event": "APPROVE"}, by="bob").json()["id"]
    answer = http("PUT", f"{AT}/reviews/{approved}/dismissals", dismissal)
    assert answer.json()["state"] == "DISMISSED"


def test_a_review_stays_on_the_commit_it_was_written_for(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    read = pull.head_sha
    github.push(pull, {"a.txt": "top\n" + edited((10, "ten"), (30, "thirty"))})
    body = {"event": "COMMENT", "commit_id": read, "comments": [comment()]}
    assert http("POST", AT + "/reviews", body).json()["commit_id"] == read
    assert [one.line for one in github.thread_views(pull)] == [11]


def test_lines_are_followed_and_outdated(github: Sandbox, pull: PullRequest, http: Client) -> None:
    wanted = [comment(), comment(line=30, body="thirty?"), comment(path="new.py", line=1)]
    http("POST", AT + "/reviews", {"event": "COMMENT", "comments": wanted})
    rewritten = "top\n" + edited((10, "ten"), (30, "THIRTY"))
    github.push(pull, {"a.txt": rewritten, "new.py": None})
    assert [(one.path, one.line, one.outdated) for one in github.thread_views(pull)] == [
        ("a.txt", 11, False),
        ("a.txt", None, True),
        ("new.py", None, True),
    ]
    shown = http("GET", AT + "/comments").json()
    assert [(one["line"], one["original_line"], one["position"] is None) for one in shown] == [
        (11, 10, False),
        (None, 30, True),
        (None, 1, True),
    ]
