"""The whole App as anybody runs it: `plumbline serve` between a GitHub and a model on localhost."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis.exceptions import RedisError
from rq import Worker
from rq.worker import WorkerStatus

from benchmarks.instant_model import instant_model
from benchmarks.processes import children, command_line, running
from bot.store.connection import Connection, connect
from bot.store.embedded import embedded_url
from sandbox.driving.sandbox import Sandbox
from sandbox.git.files import read_folder
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from sandbox.state.requests import RequestRecord

_EXAMPLE = Path(__file__).parent.parent / "sandbox" / "example"
_START_SECONDS = 60.0
_REVIEW_SECONDS = 60.0
_KEPT_WORKERS = 2
"""One for commands, one for answers: beside those for reviews."""


@dataclass(frozen=True, slots=True)
class Served:
    """One review as GitHub saw it. `seconds`: from the webhook to the submitted review."""

    seconds: float
    to_first_write: float
    calls: tuple[RequestRecord, ...]
    git_requests: int


class RunningApp:
    """The App and the GitHub before it. `url`: the receiver's; `log`: what `serve` said."""

    def __init__(
        self, github: Sandbox, process: subprocess.Popen[bytes], url: str, folder: Path
    ) -> None:
        self.github, self.url = github, url
        self.redis_url, self.log = embedded_url(folder / "data"), folder / "plumbline.log"
        self._process = process
        self._opened = 0
        self._repository = self.create_repository("acme/parcel")

    def create_repository(self, full_name: str) -> Repository:
        """One more repository with the example's files."""
        return self.github.create_repository(full_name, from_folder=_EXAMPLE / "base")

    def change_owner(self, login: str) -> None:
        """Review in a repository of this one from now on."""
        self._repository = self.create_repository(f"{login}/parcel")

    def open_pull_request(self, repository: Repository, branch: str) -> PullRequest:
        """The example's change, in which the model finds one defect and one kept promise."""
        return self.github.open_pull_request(
            repository,
            branch,
            read_folder(_EXAMPLE / "change"),
            "Sell economy and express as services",
            "The flag becomes a `Service`.",
        )

    def review(self) -> Served:
        """Open one more pull request and wait until its check is complete."""
        self._opened += 1
        pull = self.open_pull_request(self._repository, f"sell-services-{self._opened}")
        self.github.wait_for(lambda: self._complete(pull), _REVIEW_SECONDS, "the review")
        return self._served(pull)

    def roles(self) -> dict[str, list[int]]:
        """The ids of the running processes: "receiver", "worker" (those that may ask a model),
        "worker for commands", "valkey"."""
        names = ("receiver", "worker", "worker for commands", "valkey")
        found: dict[str, list[int]] = {name: [] for name in names}
        for pid in children(self._process.pid):
            words = command_line(pid)
            if "bot.webhook" in words:
                found["receiver"].append(pid)
            elif "workers.queue.worker commands" in words:
                found["worker for commands"].append(pid)
            elif "workers.queue.worker" in words:
                found["worker"].append(pid)
            elif "valkey" in words or "redis" in words:
                found["valkey"].append(pid)
        return found

    def _complete(self, pull: PullRequest) -> bool:
        checks = self.github.checks(pull)
        return bool(checks) and checks[-1].status == "completed"

    def _served(self, pull: PullRequest) -> Served:
        delivered = next(
            delivery
            for delivery in reversed(self.github.deliveries)
            if delivery.event == "pull_request"
        ).delivered_at
        submitted = self.github.reviews(pull)[0].submitted_at
        if submitted is None:
            raise RuntimeError("the review is complete but was never submitted")
        requests = [record for record in self.github.requests if record.at >= delivered]
        calls = [record for record in requests if not _is_git(record)]
        writes = [record.at for record in self.github.writes if record.at >= delivered]
        return Served(
            seconds=submitted - delivered,
            to_first_write=min(writes) - delivered,
            calls=tuple(record for record in calls if record.at <= submitted + 0.001),
            git_requests=len(requests) - len(calls),
        )


def _is_git(record: RequestRecord) -> bool:
    return record.path.endswith(("/info/refs", "/git-upload-pack"))


@contextmanager
def running_app(reviews_at_once: int = 1) -> Iterator[RunningApp]:
    """Start everything, and wait until the workers take jobs."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plumbline-")))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        url = f"http://127.0.0.1:{port}"
        github = stack.enter_context(Sandbox(webhook_url=f"{url}/webhooks/github"))
        log = stack.enter_context((folder / "plumbline.log").open("w+b"))
        environment = {
            "PLUMBLINE_GITHUB_APP_ID": str(github.app.id),
            "PLUMBLINE_GITHUB_PRIVATE_KEY": github.app.private_key,
            "PLUMBLINE_WEBHOOK_SECRET": github.app.webhook_secret,
            "PLUMBLINE_GITHUB_API_URL": github.url,
            "PLUMBLINE_GITHUB_GIT_URL": github.url,
            "PLUMBLINE_DATA_DIR": str(folder / "data"),
            "PLUMBLINE_PORT": str(port),
            "PLUMBLINE_MODEL": "instant",
            "OPENAI_BASE_URL": stack.enter_context(instant_model()),
            "OPENAI_API_KEY": "none",
        }
        program = str(Path(sys.executable).with_name("plumbline"))
        command = [program, "serve", "--workers", str(reviews_at_once)]
        process = stack.enter_context(running(command, environment, log=log))
        app = RunningApp(github, process, url, folder)
        _await_workers(app, process, reviews_at_once + _KEPT_WORKERS)
        yield app


def _await_workers(app: RunningApp, process: subprocess.Popen[bytes], workers: int) -> None:
    """They register at once, and idle when all that a job needs is loaded."""
    deadline = time.monotonic() + _START_SECONDS
    with closing(connect(app.redis_url)) as store:
        while _idle(store) < workers:
            if process.poll() is not None or time.monotonic() > deadline:
                told = app.log.read_text("utf-8")[-3000:]
                raise RuntimeError(f"plumbline serve did not start:\n{told}")
            time.sleep(0.05)


def _idle(store: Connection) -> int:
    try:
        found = Worker.all(connection=store)
    except RedisError:  # the server is not up yet
        return 0
    return sum(worker.get_state() == WorkerStatus.IDLE for worker in found)
