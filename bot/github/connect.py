"""Puts the parts together: the reader, the publisher and the tokens of one process."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.pull_request import PullRef, RepositoryRef
from bot.domain.review import Review
from bot.errors import SettingError
from bot.github import composition
from bot.github.checks import CheckRuns
from bot.github.client import GitHubClient
from bot.github.composed import Compose
from bot.github.credentials import (
    READ_RIGHTS,
    WRITE_RIGHTS,
    App,
    AppCredentials,
    Credentials,
    MemoryTokenCache,
    PersonalCredentials,
    TokenCache,
)
from bot.github.onlooker import GitHubOnlooker
from bot.github.open_checks import MemoryOpenChecks, OpenChecks
from bot.github.publisher import GitHubPublisher
from bot.github.pull_requests import GitHubPullRequests
from bot.github.replies import Replies
from bot.github.reviews import SETTLE_SECONDS, Reviews
from bot.github.sealed_tokens import SealedTokenCache
from bot.github.threads import Threads
from bot.github.transport import Transport, TransportOptions
from bot.github.words.summary import DEFAULT_HANDLE
from bot.github.write_ledger import MemoryWriteLedger, WriteLedger
from bot.github.write_pace import MemoryWritePace, WritePace
from bot.settings import GitHubSettings


@dataclass(frozen=True, slots=True)
class SharedState:
    """What outlives one request: in memory here, in Redis where workers share it."""

    tokens: TokenCache = field(default_factory=MemoryTokenCache)
    ledger: WriteLedger = field(default_factory=MemoryWriteLedger)
    pace: WritePace = field(default_factory=MemoryWritePace)
    open_checks: OpenChecks = field(default_factory=MemoryOpenChecks)


@dataclass(frozen=True, slots=True)
class Pauses:
    """How the program waits; tests wait less."""

    sleep: Callable[[float], None] = time.sleep
    settle_seconds: float = SETTLE_SECONDS


@dataclass(frozen=True, slots=True)
class GitHub:
    """`app` is None when a person's token is used."""

    pulls: GitHubPullRequests
    onlooker: GitHubOnlooker
    publisher: GitHubPublisher
    reader: Credentials
    app: App | None

    def fetch_token(self, repository: RepositoryRef) -> str:
        """A token that may fetch this repository's commits over HTTP and write nothing."""
        return self.reader.token(repository).value


def connect_app(
    settings: GitHubSettings,
    shared: SharedState | None = None,
    options: TransportOptions | None = None,
    pauses: Pauses | None = None,
    compose: Compose | None = None,
) -> GitHub:
    """GitHub as the App sees it: one token to read with and another to write with.

    Raises:
        SettingError: the App's id or key is missing.
    """
    if settings.app_id is None:
        raise SettingError("PLUMBLINE_GITHUB_APP_ID", "it is not set", "Give the App's ID.")
    if not settings.private_key:
        raise SettingError(
            "PLUMBLINE_GITHUB_PRIVATE_KEY", "it is not set", "Give the .pem that GitHub generated."
        )
    shared, pauses = shared or SharedState(), pauses or Pauses()
    transport = Transport(options or TransportOptions(api_url=settings.api_url))
    app = App(settings.app_id, settings.private_key, transport)
    tokens = SealedTokenCache(shared.tokens, settings.private_key)
    reader = AppCredentials(app, tokens, READ_RIGHTS)
    writer = AppCredentials(app, tokens, WRITE_RIGHTS)
    writing = GitHubClient(transport, writer, pauses.sleep)
    reading = GitHubClient(transport, reader, pauses.sleep)
    checks = CheckRuns(writing, shared.ledger, shared.open_checks)
    return GitHub(
        pulls=GitHubPullRequests(reading),
        onlooker=GitHubOnlooker(reading),
        publisher=_publisher(writing, compose or words_of(settings), checks, shared, pauses),
        reader=reader,
        app=app,
    )


def connect_person(
    settings: GitHubSettings,
    options: TransportOptions | None = None,
    pauses: Pauses | None = None,
    compose: Compose | None = None,
) -> GitHub:
    """GitHub as a person with `GITHUB_TOKEN` sees it; no check runs, which only Apps may write.

    Raises:
        SettingError: the token is missing.
    """
    if not settings.token:
        raise SettingError(
            "GITHUB_TOKEN", "it is not set", "Give a token that may read the pull request."
        )
    shared, pauses = SharedState(), pauses or Pauses()
    transport = Transport(options or TransportOptions(api_url=settings.api_url))
    person = PersonalCredentials(settings.token, transport)
    client = GitHubClient(transport, person, pauses.sleep)
    return GitHub(
        pulls=GitHubPullRequests(client),
        onlooker=GitHubOnlooker(client),
        publisher=_publisher(client, compose or words_of(settings), None, shared, pauses),
        reader=person,
        app=None,
    )


def words_of(
    settings: GitHubSettings, handle: Callable[[], str] = lambda: DEFAULT_HANDLE
) -> Compose:
    """The words that Plumbline posts, with links to this GitHub's pages.

    `handle` gives what people mention; it is asked only where the words name it.
    """

    def compose(
        review: Review, ref: PullRef, first: bool, marker: str, record: str
    ) -> composition.Composition:
        named = handle() if review.proposal is not None else DEFAULT_HANDLE
        return composition.compose(review, ref, first, marker, record, settings.git_url, named)

    return compose


def _publisher(
    client: GitHubClient,
    compose: Compose,
    checks: CheckRuns | None,
    shared: SharedState,
    pauses: Pauses,
) -> GitHubPublisher:
    return GitHubPublisher(
        reviews=Reviews(client, compose, pauses.settle_seconds, pauses.sleep),
        replies=Replies(client, shared.ledger),
        threads=Threads(client),
        checks=checks,
        compose=compose,
        pace=shared.pace,
    )
