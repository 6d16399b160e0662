"""Check runs and suites. https://docs.github.com/en/rest/checks/runs"""

from __future__ import annotations

from sandbox.actions.checks import (
    create_check_run,
    rerequest_run,
    rerequest_suite,
    update_check_run,
)
from sandbox.bodies.checks import annotation_body, check_run_body, check_suite_body
from sandbox.errors import NotFound, Unprocessable
from sandbox.http.call import Answer, Call
from sandbox.http.routes import Routes
from sandbox.state.checks import CheckRun, CheckSuite

_REPOSITORY = "/repos/{owner}/{repo}"
_RUNS = _REPOSITORY + "/check-runs"
_RUN = _RUNS + "/{id:int}"
_SUITE = _REPOSITORY + "/check-suites/{id:int}"
_OF_COMMIT = _REPOSITORY + "/commits/{ref:path}"


def register(route: Routes) -> None:
    route("POST", _RUNS, "checks:write")(create)
    route("GET", _RUN, "checks:read")(get_run)
    route("PATCH", _RUN, "checks:write")(update)
    route("GET", _RUN + "/annotations", "checks:read")(list_annotations)
    route("POST", _RUN + "/rerequest", "checks:write")(rerequest)
    route("GET", _OF_COMMIT + "/check-runs", "checks:read")(list_runs)
    route("GET", _OF_COMMIT + "/check-suites", "checks:read")(list_suites)
    route("GET", _SUITE, "checks:read")(get_suite)
    route("GET", _SUITE + "/check-runs", "checks:read")(list_runs_of_suite)
    route("POST", _SUITE + "/rerequest", "checks:write")(rerequest_all)


def create(call: Call) -> Answer:
    run = create_check_run(call.world, call.repository, call.json())
    return Answer(201, check_run_body(call.world, run))


def _find(call: Call) -> CheckRun:
    run = call.world.checks.find_run(call.number("id"))
    if run is None or run.suite.repository is not call.repository:
        raise NotFound
    return run


def get_run(call: Call) -> Answer:
    return Answer(200, check_run_body(call.world, _find(call)))


def update(call: Call) -> Answer:
    run = _find(call)
    update_check_run(call.world, run, call.json())
    return Answer(200, check_run_body(call.world, run))


def list_annotations(call: Call) -> Answer:
    run = _find(call)
    return call.page([annotation_body(call.world, run, item) for item in run.annotations])


def rerequest(call: Call) -> Answer:
    rerequest_run(call.world, _find(call), call.me)
    return Answer(201, {})


def _sha(call: Call) -> str:
    sha = call.repository.git.resolve(call.names["ref"])
    if sha is None:
        raise Unprocessable(message=f"No commit found for SHA: {call.names['ref']}")
    return sha


def _shown(call: Call, runs: list[CheckRun]) -> Answer:
    """Newest first; by default only the latest run of each name."""
    query = call.request.query
    newest_first = sorted(runs, key=lambda run: run.id, reverse=True)
    shown: list[CheckRun] = []
    for run in newest_first:
        repeated = any(other.name == run.name for other in shown)
        if query.get("filter", "latest") == "latest" and repeated:
            continue
        wanted = query.get("check_name") in (None, run.name)
        if wanted and query.get("status") in (None, run.status):
            shown.append(run)
    return call.page([check_run_body(call.world, run) for run in shown], "check_runs")


def list_runs(call: Call) -> Answer:
    return _shown(call, call.world.checks.runs(call.repository, _sha(call)))


def list_suites(call: Call) -> Answer:
    suites = call.world.checks.suites(call.repository, _sha(call))
    return call.page([check_suite_body(call.world, suite) for suite in suites], "check_suites")


def _find_suite(call: Call) -> CheckSuite:
    suite = call.world.checks.find_suite(call.number("id"))
    if suite is None or suite.repository is not call.repository:
        raise NotFound
    return suite


def get_suite(call: Call) -> Answer:
    return Answer(200, check_suite_body(call.world, _find_suite(call)))


def list_runs_of_suite(call: Call) -> Answer:
    return _shown(call, call.world.checks.in_suite(_find_suite(call)))


def rerequest_all(call: Call) -> Answer:
    rerequest_suite(call.world, _find_suite(call), call.me)
    return Answer(201, {})
