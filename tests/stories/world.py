"""The whole App on one machine, for stories: a GitHub, the receiver, the stores, and a worker.

Webhooks arrive over HTTP, jobs cross a real Valkey, commits come over git, records are in SQLite.
Only the waiting is taken out: `drain` does at once what is due later, in the test's own process.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from redis import Redis
from rq.timeouts import TimerDeathPenalty

from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.jobs import Job, QueueName
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.domain.review import Review
from bot.errors import PlumblineError
from bot.github.connect import Pauses
from bot.github.transport import TransportOptions
from bot.ports import Model
from bot.settings import GitHubSettings, ModelSettings, Settings
from bot.store.connection import connect
from bot.store.rq_jobs import QUEUE_NAMES, SCHEDULED_PREFIX
from bot.webhook.app import WEBHOOK_PATH, create_app
from sandbox import Sandbox
from sandbox.state.deliveries import Delivery
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from tests.stories.page import Page
from tests.stories.projects import SHOP, TITLE
from workers.bootstrap import open_world
from workers.jobs.perform import perform
from workers.queue.entry import perform_with
from workers.queue.worker import PlumblineWorker

SECRET = "a-webhook-secret"
APP_ID = 12345
_MOST_ROUNDS = 60
"""More often than any job is tried: a story that goes on for longer never ends."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """`url` is where webhooks go."""

    url: str


class World:
    """One GitHub and one App. `github` is what people do and see; `model` answers, if there is one,
    as far as `budgets` allow.

    `slept` holds the seconds that the App would have waited for GitHub's replicas.
    """

    def __init__(self, redis_url: str, webhook_url: str, data_dir: Path) -> None:
        self.github = Sandbox(webhook_url=webhook_url, webhook_secret=SECRET)
        self.receiver_url = webhook_url.removesuffix(WEBHOOK_PATH)
        self.model: Model | None = None
        self.slept: list[float] = []
        self.redis: Redis = connect(redis_url)
        self.settings = _settings(self.github, redis_url, data_dir)
        options = TransportOptions(
            api_url=self.github.url,
            timeout_seconds=5,
            backoff_seconds=0,
            seconds_between_requests=0,
            seconds_between_writes=0,
        )
        pauses = Pauses(sleep=self.slept.append)
        self.app = open_world(self.settings, self.redis, options, pauses)
        self.budgets = self.app.jobs.budgets
        self.failures: list[str] = []
        self._bug: Exception | None = None

    def __enter__(self) -> Self:
        self.redis.flushall()
        self.github.start()
        perform_with(self._perform)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.github.stop()
        self.app.close()

    def drain(self, *queues: QueueName) -> None:
        """Let every delivery arrive and do all work, also what is due later; all queues, or these.

        A job that fails for good is kept in `failures`: a story says so or fails.
        """
        for _ in range(_MOST_ROUNDS):
            self.drain_now(*queues)
            if not self.make_due(*queues):
                return
        raise AssertionError("the work never ends")

    def drain_now(self, *queues: QueueName) -> None:
        """The same, but what is due later stays."""
        self.github.wait_for_deliveries()
        _InProcessWorker(self.redis, queues or QUEUE_NAMES).work(burst=True, logging_level="FATAL")
        if self._bug is not None:
            raise self._bug  # the App says so on the page and goes on; a story does not

    def open(
        self,
        files: Mapping[str, str | None],
        title: str = TITLE,
        body: str = "",
        **how: Any,  # noqa: ANN401 - as the sandbox declares it
    ) -> PullRequest:
        """Open a pull request of acme/shop, and let its deliveries arrive."""
        shop = self.shop()
        branch = how.pop("branch", f"topic-{len(shop.pulls) + 1}")
        pull = self.github.open_pull_request(shop, branch, dict(files), title, body, **how)
        self.github.wait_for_deliveries()
        return pull

    def shop(self, more: Mapping[str, str] | None = None) -> Repository:
        """The repository acme/shop, made when it is first asked for, with `more` in it."""
        made = self.github.world.repositories.find("acme/shop")
        return made or self.github.create_repository("acme/shop", {**SHOP, **(more or {})})

    def page(self, pull: PullRequest) -> Page:
        """What people see."""
        return Page(self.github, pull)

    def calls(self, since: int = 0) -> list[str]:
        """`METHOD path` of each API request; git's are left out, ids are called ID."""
        return [
            re.sub(r"[0-9a-f]{40}", "SHA", re.sub(r"\b1000\d{3}\b", "ID", f"{r.method} {r.path}"))
            for r in self.github.requests[since:]
            if not r.path.endswith(("/info/refs", "/git-upload-pack"))
        ]

    def ref(self, pull: PullRequest) -> PullRef:
        """How jobs and records name it."""
        repository = pull.repository
        installation = InstallationId(self.github.installation(repository.owner.login).id)
        known = RepositoryRef(RepositoryId(repository.id), repository.full_name, installation)
        return PullRef(known, pull.number)

    def record(self, pull: PullRequest, trigger: str = "auto") -> Review:
        """The stored review of the head."""
        found = self.app.jobs.records.review(f"{self.ref(pull).key}/{pull.head_sha}/{trigger}")
        assert found is not None, "no review of the head is on record"
        return found

    def _perform(self, job: Job, attempt: int, last: bool) -> None:
        try:
            world = replace(self.app.jobs, model=self.model, budgets=self.budgets)
            perform(job, world, attempt, last)
        except Exception as error:
            self.failures.append(f"{job.kind} attempt {attempt}: {type(error).__name__}: {error}")
            if not isinstance(error, PlumblineError):
                self._bug = error
            raise

    def last_delivery(self, event: str) -> Delivery:
        """The latest webhook of this event."""
        return [sent for sent in self.github.deliveries if sent.event == event][-1]

    def make_due(self, *queues: QueueName) -> bool:
        """Whether there is work for later; it is due from now on, as if an hour had passed."""
        found = False
        for paced in self.redis.scan_iter(match="plumbline:writes:*"):
            self.redis.delete(paced)
        for name in queues or QUEUE_NAMES:
            key = f"{SCHEDULED_PREFIX}{name}"
            waiting: Any = self.redis.zrange(key, 0, -1)
            if waiting:
                found = True
                self.redis.zadd(key, dict.fromkeys(waiting, 0), xx=True)
        return found


class _InProcessWorker(PlumblineWorker):
    """A worker within the test's process, where the story's model and faults are."""

    death_penalty_class = TimerDeathPenalty

    def _install_signal_handlers(self) -> None:
        """Signals are pytest's."""


def _settings(github: Sandbox, redis_url: str, data_dir: Path) -> Settings:
    return Settings(
        model=ModelSettings(),
        github=GitHubSettings(
            app_id=github.app.id,
            private_key=github.app.private_key,
            webhook_secrets=(SECRET,),
            api_url=github.url,
            git_url=github.url,
        ),
        redis_url=redis_url,
        database_url="",
        data_dir=data_dir,
        host="127.0.0.1",
        port=8080,
        handle="",
    )


@contextmanager
def running_receiver(redis_url: str) -> Iterator[Receiver]:
    """The receiver in a thread, as uvicorn serves it."""
    github = GitHubSettings(app_id=APP_ID, webhook_secrets=(SECRET,))
    settings = Settings(ModelSettings(), github, redis_url, "", Path(), "127.0.0.1", 8080, "")
    config = uvicorn.Config(create_app(settings), log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = int(listening.getsockname()[1])
        thread = threading.Thread(target=server.run, args=([listening],), name="receiver")
        thread.start()
        yield Receiver(f"http://127.0.0.1:{port}{WEBHOOK_PATH}")
        server.should_exit = True
        thread.join()
