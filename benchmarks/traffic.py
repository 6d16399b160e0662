"""What people do on GitHub while the App is being killed: pull requests, pushes, mentions, talk."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass

from benchmarks.app import RunningApp
from sandbox.state.comments import IssueComment
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository

OWNERS = 20
"""Each an installation of its own: what one may write in an hour is bounded."""

PULLS_OF_EACH = 2
_SHARES = {"talk": 84, "push": 8, "help": 5, "review": 3}
"""Of a hundred acts. Talk is of no interest to the App, as most of what GitHub sends."""


@dataclass(frozen=True, slots=True)
class Push:
    """A head and when it became the head, in seconds since the epoch."""

    pull: PullRequest
    head: str
    at: float


class Traffic:
    """Acts at an even pace until stopped; `pushes` and `mentions` are what must be answered."""

    def __init__(self, app: RunningApp, acts: int, seconds: float, seed: int) -> None:
        self.pulls: list[PullRequest] = []
        self.pushes: list[Push] = []
        self.mentions: list[IssueComment] = []
        self._repositories: list[Repository] = []
        self._app, self._acts, self._seconds = app, acts, seconds
        self._chance = random.Random(seed)  # noqa: S311 - the same run again, not a secret
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="traffic")

    def start(self) -> None:
        """Begin, on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """No more acts."""
        self._stopped.set()
        self._thread.join()

    def finish(self) -> None:
        """Wait until all acts are done."""
        self._thread.join()

    def _run(self) -> None:
        began = time.monotonic()
        for number in range(self._acts):
            due = began + self._seconds * number / self._acts
            if self._stopped.wait(max(0.0, due - time.monotonic())):
                return
            self._act(number)

    def _act(self, number: int) -> None:
        every = max(1, self._acts // (2 * OWNERS * PULLS_OF_EACH))
        if number % every == 0 and len(self.pulls) < OWNERS * PULLS_OF_EACH:
            self._open()
            return
        pull = self._chance.choice(self.pulls)
        act = self._chance.choices(list(_SHARES), list(_SHARES.values()))[0]
        if act == "push":
            self._push(pull, number)
        elif act == "talk":
            self._app.github.comment(pull, f"I had a look, part {number}.")
        else:
            self.mentions.append(self._app.github.comment(pull, f"@plumbline {act}"))

    def _open(self) -> None:
        """The pull requests are opened in the first half."""
        opened = len(self.pulls)
        if opened < OWNERS:
            self._repositories.append(self._app.create_repository(f"owner-{opened}/parcel"))
        repository = self._repositories[opened % OWNERS]
        pull = self._app.open_pull_request(repository, f"services-{opened}")
        self.pulls.append(pull)
        self.pushes.append(Push(pull, pull.head_sha, time.time()))

    def _push(self, pull: PullRequest, number: int) -> None:
        files = {f"parcel/note_{number}.py": f"NOTE = {number}\n"}
        head = self._app.github.push(pull, files, f"Note {number}")
        self.pushes.append(Push(pull, head, time.time()))
