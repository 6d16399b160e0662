"""Check suites and check runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.state.apps import App
from sandbox.state.repositories import Repository

CheckStatus = Literal["queued", "in_progress", "completed"]
STATUSES = ("queued", "in_progress", "completed")
CONCLUSIONS = (
    "action_required",
    "cancelled",
    "failure",
    "neutral",
    "success",
    "skipped",
    "timed_out",
)


@dataclass(slots=True, eq=False)
class CheckSuite:
    """The check runs of one App on one commit."""

    id: int
    repository: Repository
    app: App
    head_sha: str
    head_branch: str | None
    created_at: float
    updated_at: float

    @property
    def node_id(self) -> str:
        return f"CS_{self.id}"


@dataclass(slots=True, eq=False)
class CheckRun:
    """A check run; `output` holds title, summary and text, annotations are kept apart."""

    id: int
    suite: CheckSuite
    name: str
    head_sha: str
    status: CheckStatus
    started_at: float
    conclusion: str | None = None
    completed_at: float | None = None
    external_id: str = ""
    details_url: str | None = None
    output: dict[str, str | None] = field(default_factory=dict)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, str]] = field(default_factory=list)

    @property
    def node_id(self) -> str:
        return f"CR_{self.id}"


class Checks:
    def __init__(self) -> None:
        self._runs: dict[int, CheckRun] = {}
        self._suites: dict[int, CheckSuite] = {}

    def add_suite(self, suite: CheckSuite) -> CheckSuite:
        self._suites[suite.id] = suite
        return suite

    def add_run(self, run: CheckRun) -> CheckRun:
        self._runs[run.id] = run
        return run

    def find_run(self, run_id: int) -> CheckRun | None:
        return self._runs.get(run_id)

    def find_suite(self, suite_id: int) -> CheckSuite | None:
        return self._suites.get(suite_id)

    def suites(self, repository: Repository, head_sha: str) -> list[CheckSuite]:
        return [
            suite
            for suite in self._suites.values()
            if suite.repository is repository and suite.head_sha == head_sha
        ]

    def runs(self, repository: Repository, head_sha: str) -> list[CheckRun]:
        return [
            run
            for run in self._runs.values()
            if run.suite.repository is repository and run.head_sha == head_sha
        ]

    def in_suite(self, suite: CheckSuite) -> list[CheckRun]:
        return [run for run in self._runs.values() if run.suite is suite]
