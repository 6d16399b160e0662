"""A GitHub on this machine, and Plumbline connected to it without pauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
import requests

from bot.domain.finding import Category, Fate, Finding, Origin, Severity
from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.jobs import Trigger, review_key
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.domain.review import Review
from bot.github.connect import GitHub, Pauses, SharedState, connect_app, connect_person
from bot.github.transport import TransportOptions
from bot.settings import GitHubSettings
from sandbox import Sandbox
from sandbox.state.pulls import PullRequest as SandboxPull
from sandbox.state.requests import RequestRecord
from tests.fakes.plain_words import plain_words

BEFORE = {"shop/cart.py": "".join(f"line {n}\n" for n in range(1, 41))}
AFTER = {"shop/cart.py": BEFORE["shop/cart.py"].replace("line 20\n", "line twenty\n")}


@dataclass(slots=True)
class World:
    """One repository with one pull request that changes line 20, and the App that reviews it."""

    sandbox: Sandbox
    pull: SandboxPull
    slept: list[float] = field(default_factory=list)
    shared: SharedState = field(default_factory=SharedState)

    @property
    def ref(self) -> PullRef:
        repository = self.pull.repository
        installation = InstallationId(self.sandbox.installation("acme").id)
        known = RepositoryRef(RepositoryId(repository.id), repository.full_name, installation)
        return PullRef(known, self.pull.number)

    @property
    def head(self) -> Sha:
        return Sha(self.pull.head_sha)

    @property
    def key(self) -> str:
        return review_key(self.ref, self.head, Trigger("event"))

    @property
    def options(self) -> TransportOptions:
        return TransportOptions(
            api_url=self.sandbox.url,
            timeout_seconds=5,
            backoff_seconds=0,
            seconds_between_requests=0,
            seconds_between_writes=0,
        )

    def connect(self, shared: SharedState | None = None) -> GitHub:
        """The App in one more process; with the same shared state unless another is given."""
        app = self.sandbox.app
        settings = GitHubSettings(
            app_id=app.id, private_key=app.private_key, api_url=self.sandbox.url
        )
        pauses = Pauses(sleep=self.slept.append)
        return connect_app(settings, shared or self.shared, self.options, pauses, plain_words)

    def connect_person(self, login: str) -> GitHub:
        token = self.sandbox.personal_token(login)
        settings = GitHubSettings(token=token, api_url=self.sandbox.url)
        pauses = Pauses(sleep=self.slept.append)
        return connect_person(settings, self.options, pauses, plain_words)

    def review(self, *findings: Finding) -> Review:
        base = Sha(self.pull.base_sha)
        return Review("complete", base, self.head, "standard", findings=findings)

    def calls(self, since: int = 0) -> list[str]:
        """`METHOD path status` of each request, the repository's part left out."""
        return [_told(record) for record in self.sandbox.requests[since:]]

    def post_as(self, login: str, path: str, body: dict[str, object]) -> None:
        """What a person's own program would send about the pull request."""
        answer = requests.post(
            f"{self.sandbox.url}/repos/acme/shop/pulls/{self.pull.number}{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.sandbox.personal_token(login)}"},
            timeout=30,
        )
        assert answer.status_code < 300, answer.text

    def reviews(self) -> list[tuple[str, str]]:
        """(state, body less its marker) of each submitted review."""
        return [
            (review.state, review.body.partition("<!--")[0].strip())
            for review in self.sandbox.reviews(self.pull)
        ]

    def comments(self) -> list[tuple[str, int | None, str]]:
        """(path, line, text) of the first comment of each thread."""
        views = self.sandbox.thread_views(self.pull)
        return [(view.path, view.line, view.comments[0][1]) for view in views]


def _told(record: RequestRecord) -> str:
    path = record.path.replace("/repos/acme/shop", "")
    return f"{record.method} {path} {record.status}"


def finding(title: str = "Line 20 is a word", line: int | None = 20, **changes: object) -> Finding:
    made = Finding(
        title=title,
        body="",
        severity=Severity.P1,
        category=Category.CORRECTNESS,
        origin=Origin.HUNT,
        path="shop/cart.py",
        line=line,
        fate=Fate.POSTED if line else Fate.LISTED,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def world() -> Iterator[World]:
    with Sandbox() as sandbox:
        repository = sandbox.create_repository("acme/shop", BEFORE)
        pull = sandbox.open_pull_request(repository, "fix", AFTER, "Spell twenty", "Fixes #1")
        yield World(sandbox, pull)
