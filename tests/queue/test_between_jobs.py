"""Fifty jobs of two installations in one process: it holds as much after the last as after the
first ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.jobs import AcknowledgePull, ReviewPull, TidyClone, Trigger
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.store.queue import RedisQueue
from sandbox import Sandbox
from sandbox.state.pulls import PullRequest
from tests.fakes.valkey import Valkey

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")

FILES = {
    "shop/__init__.py": "",
    "shop/total.py": "def total(items):\n    return sum(items)\n",
    "shop/cart.py": "from shop.total import total\n\n\ndef price(cart):\n    return total(cart)\n",
}
CHANGE = {"shop/total.py": "def total(items, tax):\n    return sum(items) * tax\n"}


class Bursts:
    """A process that works when it is told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def work(self) -> dict[str, Any]:
        """Let it do all that waits; what it holds then."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("work\n")
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))


@contextmanager
def bursting(github: Sandbox, redis_url: str, folder: Path) -> Iterator[Bursts]:
    environment = {
        **os.environ,
        "PLUMBLINE_GITHUB_APP_ID": str(github.app.id),
        "PLUMBLINE_GITHUB_PRIVATE_KEY": github.app.private_key,
        "PLUMBLINE_GITHUB_API_URL": github.url,
        "PLUMBLINE_GITHUB_GIT_URL": github.url,
        "PLUMBLINE_REDIS_URL": redis_url,
        "PLUMBLINE_DATA_DIR": str(folder),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.queue.bursting_worker"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Bursts(process)
        process.stdin.close()  # type: ignore[union-attr]


def test_nothing_piles_up_and_nothing_is_left_to_the_next_job(
    shared_valkey: Valkey, valkey: redis.Redis, tmp_path: Path
) -> None:
    with Sandbox() as github, bursting(github, shared_valkey.url, tmp_path) as worker:
        pulls = [_opened(github, f"{owner}/shop") for owner in ("acme", "globex")]
        queue = RedisQueue(valkey)
        for pull in pulls:
            _enqueue_all(queue, github, pull, 1)
        first = worker.work()
        for number in range(2, 8):
            for pull in pulls:
                _enqueue_all(queue, github, pull, number)
            last = worker.work()
        checks = [len(github.checks(pull)) for pull in pulls]
        reviews = [len(github.reviews(pull)) for pull in pulls]

    assert last == first
    assert first["children"] == 0
    assert (checks, reviews) == ([7, 7], [1, 1]), "asked seven times, said once"


def _opened(github: Sandbox, name: str) -> PullRequest:
    repository = github.create_repository(name, FILES)
    return github.open_pull_request(repository, "tax", CHANGE, "Add tax", "")


def _enqueue_all(queue: RedisQueue, github: Sandbox, pull: PullRequest, number: int) -> None:
    """Four jobs: these three, and the one that posts what the review found."""
    installation = InstallationId(github.installation(pull.repository.owner.login).id)
    id_ = RepositoryId(pull.repository.id)
    repository = RepositoryRef(id_, pull.repository.full_name, installation)
    ref = PullRef(repository, pull.number)
    queue.enqueue(AcknowledgePull(ref, Sha(pull.head_sha), Trigger("event", f"auto-{number}")))
    queue.enqueue(ReviewPull(ref, Trigger("rerequest", f"auto-{number}")))
    queue.enqueue(TidyClone(repository))
