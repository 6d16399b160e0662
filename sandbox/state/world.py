"""Everything this GitHub remembers, in one place, behind one lock."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sandbox.state.accounts import Account, Accounts
from sandbox.state.apps import App, Installation, Token, Tokens
from sandbox.state.checks import Checks
from sandbox.state.clock import Clock
from sandbox.state.comments import IssueComments, ReviewComments
from sandbox.state.deliveries import Delivery
from sandbox.state.reactions import Reactions
from sandbox.state.repositories import Repositories, Repository
from sandbox.state.requests import RequestRecord
from sandbox.state.reviews import Reviews

SEEDED_PEOPLE = ("alice", "bob", "mallory")


class World:
    """The state. Hold `lock` to read or change it.

    `lag_seconds`: lists of reviews and comments come from a replica that far behind.
    `resolving_needs`: the permission that resolving a thread asks of an App. People report
    that GitHub wants `contents: write`; the default is what its documentation suggests.
    `installs_itself`: the App is installed on an account with its first repository.
    """

    def __init__(self, root: Path, app: App) -> None:
        self.lock = threading.RLock()
        self.root = root
        self.url = ""
        self.app = app
        self.clock = Clock()
        self.accounts = Accounts()
        self.tokens = Tokens()
        self.installations: dict[int, Installation] = {}
        self.repositories = Repositories()
        self.reviews = Reviews()
        self.issue_comments = IssueComments()
        self.review_comments = ReviewComments()
        self.reactions = Reactions()
        self.checks = Checks()
        self.deliveries: list[Delivery] = []
        self.outbox: queue.SimpleQueue[Delivery | None] = queue.SimpleQueue()
        self.requests: list[RequestRecord] = []
        self.lag_seconds = 0.0
        self.resolving_needs = "pull_requests"
        self.installs_itself = True
        self._changed = threading.Condition()
        self.revision = 0
        self.bot = self.accounts.get(app.bot_login)
        for login in SEEDED_PEOPLE:
            self.accounts.get(login)
            self.tokens.issue(Token(f"{login}-token", login))

    def as_of(self) -> float:
        """The moment up to which a list is up to date."""
        return self.clock.now() - self.lag_seconds

    def installation_on(self, repository: Repository) -> Installation | None:
        for installation in self.installations.values():
            if installation.includes(repository.id, repository.owner):
                return installation
        return None

    def installation_of(self, account: Account) -> Installation | None:
        for installation in self.installations.values():
            if installation.account.login.lower() == account.login.lower():
                return installation
        return None

    def repositories_of(self, installation: Installation) -> list[Repository]:
        owned = self.repositories.of_owner(installation.account.login)
        return [item for item in owned if installation.includes(item.id, item.owner)]

    def touch(self) -> None:
        """Say that something changed: pages refresh, waiting tests look again."""
        with self._changed:
            self.revision += 1
            self._changed.notify_all()

    def wait(self, is_true: Callable[[], bool], deadline: float) -> bool:
        """Wait until `is_true`, looking again after each change; `deadline` is monotonic."""
        while not is_true():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            with self._changed:
                self._changed.wait(min(left, 0.05))
        return True
