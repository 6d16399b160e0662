"""Check runs. https://docs.github.com/en/rest/checks/runs"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.actions.announce import announce
from sandbox.actions.pushes import begin_suite
from sandbox.bodies.checks import check_run_body, check_suite_body
from sandbox.errors import Unprocessable
from sandbox.state.accounts import Account
from sandbox.state.checks import CONCLUSIONS, STATUSES, CheckRun, CheckSuite
from sandbox.state.repositories import Repository
from sandbox.state.world import World

_MOST_ANNOTATIONS = 50
_LONGEST_OUTPUT = 65_535
_ANNOTATION_FIELDS = ("path", "start_line", "end_line", "annotation_level", "message")


def create_check_run(world: World, repository: Repository, wanted: dict[str, Any]) -> CheckRun:
    for field in ("name", "head_sha"):
        if not wanted.get(field):
            raise _invalid(f'"{field}" wasn\'t supplied.')
    sha = repository.git.resolve(str(wanted["head_sha"]))
    if sha is None or sha != wanted["head_sha"]:
        raise Unprocessable(message=f"No commit found for SHA: {wanted['head_sha']}")
    _check_fields(wanted)
    existing = world.checks.suites(repository, sha)
    suite = existing[0] if existing else begin_suite(world, repository, sha, None)
    now = world.clock.now()
    run = CheckRun(world.clock.next_id(), suite, wanted["name"], sha, "queued", now)
    world.checks.add_run(run)
    _apply(world, run, wanted)
    _tell(world, run, "created", world.bot)
    if run.status == "completed":
        _tell(world, run, "completed", world.bot)
    return run


def update_check_run(world: World, run: CheckRun, wanted: dict[str, Any]) -> None:
    _check_fields(wanted)
    was_completed = run.status == "completed"
    run.name = wanted.get("name") or run.name
    _apply(world, run, wanted)
    if run.status == "completed" and not was_completed:
        _tell(world, run, "completed", world.bot)


def _apply(world: World, run: CheckRun, wanted: dict[str, Any]) -> None:
    if wanted.get("conclusion"):
        run.status, run.conclusion = "completed", wanted["conclusion"]
        run.completed_at = _moment(wanted.get("completed_at")) or world.clock.now()
    elif wanted.get("status"):
        run.status = wanted["status"]
        run.conclusion = run.completed_at = None
    run.started_at = _moment(wanted.get("started_at")) or run.started_at
    run.external_id = wanted.get("external_id", run.external_id) or ""
    run.details_url = wanted.get("details_url", run.details_url)
    run.actions = wanted.get("actions", run.actions)
    if output := wanted.get("output"):
        run.output = {key: output.get(key, run.output.get(key)) for key in _OUTPUT_TEXTS}
        run.annotations = [*run.annotations, *output.get("annotations", [])]


_OUTPUT_TEXTS = ("title", "summary", "text")


def _moment(text: Any) -> float | None:
    return datetime.fromisoformat(text).timestamp() if text else None


def _check_fields(wanted: dict[str, Any]) -> None:
    status, conclusion = wanted.get("status"), wanted.get("conclusion")
    if status is not None and status not in STATUSES:
        raise _invalid(f"{status} is not a member of {list(STATUSES)}.")
    if conclusion is not None and conclusion not in CONCLUSIONS:
        raise _invalid(f"{conclusion} is not a member of {list(CONCLUSIONS)}.")
    if status == "completed" and conclusion is None:
        raise _invalid('"conclusion" wasn\'t supplied.')
    if (output := wanted.get("output")) is not None:
        _check_output(output)


def _check_output(output: dict[str, Any]) -> None:
    missing = [field for field in ("title", "summary") if not output.get(field)]
    if missing:
        names = ", ".join(f'"{field}"' for field in missing)
        raise _invalid(f"{names} {'was' if len(missing) == 1 else 'were'}n't supplied.")
    for field in ("summary", "text"):
        length = len(output.get(field) or "")
        if length > _LONGEST_OUTPUT:
            allowed = f"Only {_LONGEST_OUTPUT} characters are allowed"
            raise _invalid(f"{allowed}; {length} were supplied.")
    annotations = output.get("annotations") or []
    if len(annotations) > _MOST_ANNOTATIONS:
        allowed = f"No more than {_MOST_ANNOTATIONS} items are allowed"
        raise _invalid(f"{allowed}; {len(annotations)} were supplied.")
    for annotation in annotations:
        for field in _ANNOTATION_FIELDS:
            if annotation.get(field) is None:
                raise _invalid(f'"{field}" wasn\'t supplied.')


def _invalid(text: str) -> Unprocessable:
    return Unprocessable(message=f"Invalid request.\n\n{text}")


def _tell(world: World, run: CheckRun, action: str, sender: Account) -> None:
    announce(
        world,
        "check_run",
        action,
        run.suite.repository,
        sender,
        check_run={**check_run_body(world, run), "check_suite": check_suite_body(world, run.suite)},
    )


def rerequest_run(world: World, run: CheckRun, sender: Account) -> None:
    """Someone pressed "Re-run": the App hears of it and shall begin anew."""
    _tell(world, run, "rerequested", sender)


def rerequest_suite(world: World, suite: CheckSuite, sender: Account) -> None:
    body = check_suite_body(world, suite)
    announce(world, "check_suite", "rerequested", suite.repository, sender, check_suite=body)
