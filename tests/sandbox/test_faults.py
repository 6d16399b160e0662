"""GitHub's bad days, switched on."""

from __future__ import annotations

import time

import pytest
import requests

from sandbox import Sandbox
from sandbox.state.pulls import PullRequest
from tests.sandbox.conftest import Client

AT = "/repos/acme/shop/pulls/1"
REVIEW = {"event": "COMMENT", "body": "x"}


def test_a_failure_before_the_work_leaves_nothing(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    fault = github.fail("/reviews$", method="POST", status=502, times=2)
    assert http("GET", AT + "/reviews").status_code == 200
    statuses = [http("POST", AT + "/reviews", REVIEW).status_code for _ in range(3)]
    assert (statuses, fault.hits) == ([502, 502, 200], 2)
    assert len(github.reviews(pull)) == 1


def test_a_failure_after_the_work_hides_that_it_was_done(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    github.fail("/reviews$", method="POST", status=504, after=True)
    assert http("POST", AT + "/reviews", REVIEW).status_code == 504
    assert len(github.reviews(pull)) == 1


@pytest.mark.usefixtures("pull")
def test_limits_come_with_their_headers(github: Sandbox, http: Client) -> None:
    body = {"message": "You have exceeded a secondary rate limit."}
    github.fail("/pulls/1$", status=403, headers={"Retry-After": "7"}, body=body)
    answer = http("GET", AT)
    assert (answer.status_code, answer.headers["Retry-After"]) == (403, "7")
    assert answer.json() == body


@pytest.mark.usefixtures("pull")
def test_writing_too_fast_is_refused_for_a_minute(github: Sandbox, http: Client) -> None:
    github.limit(writes_per_minute=2)
    statuses = [http("POST", AT + "/reviews", REVIEW).status_code for _ in range(3)]
    assert statuses == [200, 200, 403]
    refused = http("POST", AT + "/reviews", REVIEW)
    assert "secondary rate limit" in refused.json()["message"]
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert http("GET", AT).status_code == 200
    github.world.clock.advance(61)
    assert http("POST", AT + "/reviews", REVIEW).status_code == 200


@pytest.mark.usefixtures("pull")
def test_an_hours_requests_can_be_used_up(github: Sandbox, http: Client) -> None:
    github.limit(per_hour=2)
    answers = [http("GET", AT) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 403]
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == ["1", "0", "0"]
    github.world.clock.advance(3600)
    assert http("GET", AT, by="bob").status_code == 200


@pytest.mark.parametrize("after", [False, True])
def test_a_connection_is_reset(
    github: Sandbox, pull: PullRequest, http: Client, after: bool
) -> None:
    http("GET", AT)
    github.fail("/reviews$", method="POST", reset=True, after=after)
    with pytest.raises(requests.ConnectionError):
        http("POST", AT + "/reviews", REVIEW)
    assert len(github.reviews(pull)) == int(after)


@pytest.mark.usefixtures("pull")
def test_an_answer_is_late(github: Sandbox, http: Client) -> None:
    github.fail("/pulls/1$", delay=0.2)
    began = time.monotonic()
    assert http("GET", AT).status_code == 200
    assert time.monotonic() - began >= 0.2


@pytest.mark.usefixtures("pull")
def test_requests_are_logged_with_who_made_them(github: Sandbox, http: Client) -> None:
    http("POST", AT + "/reviews", REVIEW)
    http("GET", AT, by="mallory")
    written = github.writes[-1]
    assert (written.method, written.path, written.who) == (
        "POST",
        AT + "/reviews",
        github.app.bot_login,
    )
    assert written.json() == REVIEW
    assert written.permissions["pull_requests"] == "write"
    assert (github.requests[-1].who, github.requests[-1].status) == ("mallory", 200)


def test_waiting_tells_what_did_not_come(github: Sandbox, pull: PullRequest) -> None:
    with pytest.raises(TimeoutError, match=r"a review did not hold within 0\.1 s"):
        github.wait_for(lambda: github.reviews(pull), 0.1, "a review")
