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

from benchmarks.instant_model import instant_model
from benchmarks.processes import children, command_line, running
from bot.store.connection import Connection, connect
from bot.store.embedded import embedded_url
from sandbox.driving.sandbox import Sandbox
from sandbox.git.files import read_folder
from sandbox.state.pulls import PullRequest
from sandbox.state.requests import RequestRecord

_EXAMPLE = Path(__file__).parent.parent / "sandbox" / "example"
_START_SECONDS = 60.0
_REVIEW_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """One review as GitHub saw it. `seconds`: from the webhook to the submitted review."""

    seconds: float
    to_first_write: float
    calls: tuple[RequestRecord, ...]
    git_requests: int


class RunningApp:
    """The App and the GitHub before it. `started_in`: seconds until its workers took jobs."""

    def __init__(self, github: Sandbox, process: subprocess.Popen[bytes]) -> None:
        self._github, self._process = github, process
        self._opened = 0
        self._repository = github.create_repository("acme/parcel", from_folder=_EXAMPLE / "base")

    def review(self) -> Served:
        """Open one more pull request and wait until its check is complete."""
        self._opened += 1
        pull = self._github.open_pull_request(
            self._repository,
            f"sell-services-{self._opened}",
            read_folder(_EXAMPLE / "change"),
            "Sell economy and express as services",
            "The flag becomes a `Service`.",
        )
        self._github.wait_for(lambda: self._complete(pull), _REVIEW_SECONDS, "the review")
        return self._served(pull)

    def roles(self) -> dict[str, list[int]]:
        """The ids of the running processes: "receiver", "worker", "valkey"."""
        found: dict[str, list[int]] = {"receiver": [], "worker": [], "valkey": []}
        for pid in children(self._process.pid):
            words = command_line(pid)
            if "bot.webhook" in words:
                found["receiver"].append(pid)
            elif "workers.queue.worker" in words:
                found["worker"].append(pid)
            elif "valkey" in words or "redis" in words:
                found["valkey"].append(pid)
        return found

    def _complete(self, pull: PullRequest) -> bool:
        checks = self._github.checks(pull)
        return bool(checks) and checks[-1].status == "completed"

    def _served(self, pull: PullRequest) -> Served:
        delivered = next(
            delivery
            for delivery in reversed(self._github.deliveries)
            if delivery.event == "pull_request"
        ).delivered_at
        submitted = self._github.reviews(pull)[0].submitted_at
        if submitted is None:
            raise RuntimeError("the review is complete but was never submitted")
        requests = [record for record in self._github.requests if record.at >= delivered]
        calls = [record for record in requests if not _is_git(record)]
        writes = [record.at for record in self._github.writes if record.at >= delivered]
        return Served(
            seconds=submitted - delivered,
            to_first_write=min(writes) - delivered,
            calls=tuple(record for record in calls if record.at <= submitted + 0.001),
            git_requests=len(requests) - len(calls),
        )


def _is_git(record: RequestRecord) -> bool:
    return record.path.endswith(("/info/refs", "/git-upload-pack"))


@contextmanager
def running_app() -> Iterator[RunningApp]:
    """Start everything, and wait until the workers take jobs."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plumbline-")))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        hook = f"http://127.0.0.1:{port}/webhooks/github"
        github = stack.enter_context(Sandbox(webhook_url=hook))
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
        command = [str(Path(sys.executable).with_name("plumbline")), "serve", "--workers", "1"]
        process = stack.enter_context(running(command, environment, log=log))
        _await_workers(folder / "data", process, folder / "plumbline.log")
        yield RunningApp(github, process)


def _await_workers(data: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    """Both workers register when they are ready for jobs."""
    deadline = time.monotonic() + _START_SECONDS
    with closing(connect(embedded_url(data))) as store:
        while not _registered(store, 2):
            if process.poll() is not None or time.monotonic() > deadline:
                told = log.read_text("utf-8")[-3000:]
                raise RuntimeError(f"plumbline serve did not start:\n{told}")
            time.sleep(0.05)


def _registered(store: Connection, workers: int) -> bool:
    try:
        return Worker.count(connection=store) >= workers
    except RedisError:  # the server is not up yet
        return False
