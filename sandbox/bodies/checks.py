"""Check suites, check runs and their annotations."""

from __future__ import annotations

from typing import Any

from sandbox.bodies.accounts import app_body
from sandbox.bodies.repositories import api_url, commit_body, html_url, repository_body
from sandbox.state.checks import CheckRun, CheckSuite
from sandbox.state.clock import timestamp
from sandbox.state.repositories import Repository
from sandbox.state.world import World


def check_run_body(world: World, run: CheckRun) -> dict[str, Any]:
    """https://docs.github.com/en/rest/checks/runs#get-a-check-run"""
    repository = run.suite.repository
    url = f"{api_url(world, repository)}/check-runs/{run.id}"
    html = f"{html_url(world, repository)}/runs/{run.id}"
    return {
        "id": run.id,
        "node_id": run.node_id,
        "name": run.name,
        "head_sha": run.head_sha,
        "external_id": run.external_id,
        "url": url,
        "html_url": html,
        "details_url": run.details_url or html,
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": timestamp(run.started_at),
        "completed_at": timestamp(run.completed_at) if run.completed_at is not None else None,
        "output": {
            "title": run.output.get("title"),
            "summary": run.output.get("summary"),
            "text": run.output.get("text"),
            "annotations_count": len(run.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": run.suite.id},
        "app": app_body(world),
        "pull_requests": pulls_at(world, repository, run.head_sha),
    }


def check_suite_body(world: World, suite: CheckSuite) -> dict[str, Any]:
    repository = suite.repository
    runs = world.checks.in_suite(suite)
    finished = bool(runs) and all(run.status == "completed" for run in runs)
    url = f"{api_url(world, repository)}/check-suites/{suite.id}"
    return {
        "id": suite.id,
        "node_id": suite.node_id,
        "head_branch": suite.head_branch,
        "head_sha": suite.head_sha,
        "status": "completed" if finished else "queued",
        "conclusion": _worst(runs) if finished else None,
        "url": url,
        "before": None,
        "after": suite.head_sha,
        "pull_requests": pulls_at(world, repository, suite.head_sha),
        "app": app_body(world),
        "created_at": timestamp(suite.created_at),
        "updated_at": timestamp(suite.updated_at),
        "latest_check_runs_count": len(runs),
        "check_runs_url": f"{url}/check-runs",
        "head_commit": _head_commit(world, repository, suite.head_sha),
        "repository": repository_body(world, repository),
    }


def _worst(runs: list[CheckRun]) -> str:
    found = {run.conclusion for run in runs}
    order = ("failure", "timed_out", "action_required", "cancelled", "neutral", "skipped")
    return next((conclusion for conclusion in order if conclusion in found), "success")


def _head_commit(world: World, repository: Repository, sha: str) -> dict[str, Any]:
    commit = commit_body(world, repository, repository.git.read_commit(sha))["commit"]
    return {
        "id": sha,
        "tree_id": commit["tree"]["sha"],
        "message": commit["message"],
        "timestamp": commit["author"]["date"],
        "author": {key: commit["author"][key] for key in ("name", "email")},
        "committer": {key: commit["committer"][key] for key in ("name", "email")},
    }


def pulls_at(world: World, repository: Repository, sha: str) -> list[dict[str, Any]]:
    """Open pull requests with this head; those from forks are left out, as GitHub does."""
    ends = []
    for pull in repository.pulls.values():
        if pull.head_sha != sha or pull.state != "open" or pull.from_fork:
            continue
        short = {
            "id": repository.id,
            "url": api_url(world, repository),
            "name": repository.name,
        }
        ends.append(
            {
                "id": pull.id,
                "number": pull.number,
                "url": f"{api_url(world, repository)}/pulls/{pull.number}",
                "head": {"ref": pull.head_ref, "sha": pull.head_sha, "repo": short},
                "base": {"ref": pull.base_ref, "sha": pull.base_sha, "repo": short},
            }
        )
    return ends


def annotation_body(world: World, run: CheckRun, annotation: dict[str, Any]) -> dict[str, Any]:
    repository = run.suite.repository
    return {
        "path": annotation["path"],
        "start_line": annotation["start_line"],
        "end_line": annotation["end_line"],
        "start_column": annotation.get("start_column"),
        "end_column": annotation.get("end_column"),
        "annotation_level": annotation["annotation_level"],
        "title": annotation.get("title"),
        "message": annotation["message"],
        "raw_details": annotation.get("raw_details"),
        "blob_href": f"{html_url(world, repository)}/blob/{run.head_sha}/{annotation['path']}",
    }
