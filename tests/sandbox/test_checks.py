"""Check runs: written by the App, limited as on GitHub, re-run by people."""

from __future__ import annotations

from typing import Any

import github as pygithub
import pytest

from sandbox import Sandbox
from sandbox.state.pulls import PullRequest
from tests.sandbox.conftest import Client, refusal

AT = "/repos/acme/shop/check-runs"


def test_a_check_run_from_queued_to_completed(
    github: Sandbox, pull: PullRequest, app: pygithub.Github
) -> None:
    repository = app.get_repo("acme/shop")
    run = repository.create_check_run("plumbline", pull.head_sha, external_id="key-1")
    assert (run.status, run.external_id) == ("queued", "key-1")
    run.edit(status="in_progress")
    run.edit(conclusion="success", output={"title": "Clean", "summary": "Nothing."})
    shown = repository.get_commit(pull.head_sha).get_check_runs()
    assert [(one.status, one.conclusion, one.output.title) for one in shown] == [
        ("completed", "success", "Clean")
    ]
    assert github.checks(pull)[0].completed_at is not None


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"name": ""}, 'Invalid request.\n\n"name" wasn\'t supplied.'),
        ({"head_sha": "0" * 40}, f"No commit found for SHA: {'0' * 40}"),
        ({"status": "completed"}, 'Invalid request.\n\n"conclusion" wasn\'t supplied.'),
        ({"output": {"title": "x"}}, 'Invalid request.\n\n"summary" wasn\'t supplied.'),
        (
            {"output": {"title": "x", "summary": "y" * 65_536}},
            "Invalid request.\n\nOnly 65535 characters are allowed; 65536 were supplied.",
        ),
        (
            {"output": {"title": "x", "summary": "y", "annotations": [{}] * 51}},
            "Invalid request.\n\nNo more than 50 items are allowed; 51 were supplied.",
        ),
    ],
)
def test_a_check_run_that_github_refuses(
    pull: PullRequest, http: Client, wanted: dict[str, Any], message: str
) -> None:
    body = {"name": "plumbline", "head_sha": pull.head_sha, **wanted}
    assert refusal(http("POST", AT, body)) == (422, message, None)


def test_annotations_add_up(pull: PullRequest, http: Client) -> None:
    note = {
        "path": "a.txt",
        "start_line": 1,
        "end_line": 1,
        "annotation_level": "warning",
        "message": "look",
    }
    output = {"title": "x", "summary": "y", "annotations": [note]}
    body = {"name": "plumbline", "head_sha": pull.head_sha, "output": output}
    number = http("POST", AT, body).json()["id"]
    shown = http("PATCH", f"{AT}/{number}", {"output": output}).json()
    assert shown["output"]["annotations_count"] == 2
    assert len(http("GET", f"{AT}/{number}/annotations").json()) == 2


def test_a_new_run_of_the_same_name_hides_the_old_one(pull: PullRequest, http: Client) -> None:
    body = {"name": "plumbline", "head_sha": pull.head_sha}
    made = [http("POST", AT, body).json()["id"] for _ in range(2)]
    at = f"/repos/acme/shop/commits/{pull.head_sha}/check-runs"
    assert [one["id"] for one in http("GET", at).json()["check_runs"]] == [made[1]]
    assert http("GET", at + "?filter=all").json()["total_count"] == 2


def test_a_person_asks_for_a_rerun(github: Sandbox, pull: PullRequest, http: Client) -> None:
    http("POST", AT, {"name": "plumbline", "head_sha": pull.head_sha, "external_id": "k"})
    github.rerequest(github.checks(pull)[0])
    latest = github.deliveries[-1]
    assert (latest.event, latest.action) == ("check_run", "rerequested")
    assert latest.payload["check_run"]["external_id"] == "k"
    github.rerequest_all(pull)
    assert (github.deliveries[-1].event, github.deliveries[-1].action) == (
        "check_suite",
        "rerequested",
    )
