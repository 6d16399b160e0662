"""Who we are on GitHub: an App that mints short tokens, or a person's token in terminal use."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Protocol

import jwt

from bot.domain.pull_request import RepositoryRef
from bot.errors import GitHubRefused, InstallationGone, SettingError, UserError
from bot.github.failures import failure
from bot.github.transport import Answer, Transport

CLOCK_DRIFT_SECONDS = 60
JWT_SECONDS = 480
"""With the drift nine minutes in all; GitHub refuses more than ten."""

REFRESH_BEFORE_SECONDS = 300.0
"""A token that expires sooner is minted anew, so that it lives through the job."""

NOT_GRANTED = 422
"""A token was asked for with a right that the installation does not have.
https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
"""

Rights = dict[str, str]

# What each endpoint asks of an App:
# https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
READ_RIGHTS: Rights = {
    "checks": "read",
    "contents": "read",
    "issues": "read",
    "metadata": "read",
    "pull_requests": "read",
}
WRITE_RIGHTS: Rights = {
    "checks": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}
"""The right to issues is for reactions on comments of a pull request's conversation (decision 30).

- Reactions on such a comment: the page lists "Issues" only. On a pull request, "Pull requests"
  alone is reported to work (https://github.com/github/docs/issues/43843), "Issues" alone to be
  refused with 403 (https://github.com/wanaku-ai/wanaku/pull/1734). With both it works either way.
- `POST /issues/{n}/comments`: "Issues" or "Pull requests", either to write.
  https://docs.github.com/en/rest/issues/comments#create-an-issue-comment
- Replies, and reactions on review comments: "Pull requests".
  https://docs.github.com/en/rest/pulls/comments#create-a-reply-for-a-review-comment
"""
DISPENSABLE: Rights = {"issues": "write"}
"""Without it only the reactions may be missing: an installation that has not accepted it yet
gets its reviews and answers all the same."""


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token; times are seconds since the epoch."""

    value: str = field(repr=False)
    minted_at: float
    expires_at: float


class Credentials(Protocol):
    """Gives the token for one repository."""

    def token(self, repository: RepositoryRef) -> Token:
        """A token that works now. Raises InstallationGone, GitHubRefused, TransientError."""

    def forget(self, repository: RepositoryRef) -> bool:
        """GitHub refused the token: drop it. True if another can be had."""

    def login(self) -> str:
        """The login under which we write, as REST spells it (`plumbline[bot]`)."""


class TokenCache(Protocol):
    """Short texts that expire; the values are secrets and are never logged."""

    def get(self, key: str) -> str | None:
        """The text, unless it expired."""

    def put(self, key: str, text: str, seconds: float) -> None:
        """Keep it for so long."""

    def drop(self, key: str) -> None:
        """Forget it."""


class MemoryTokenCache:
    """For one process."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[str, float]] = {}

    def get(self, key: str) -> str | None:
        """See `TokenCache.get`."""
        text, until = self._texts.get(key, ("", 0.0))
        return text if until > time.time() else None

    def put(self, key: str, text: str, seconds: float) -> None:
        """See `TokenCache.put`."""
        self._texts[key] = (text, time.time() + seconds)

    def drop(self, key: str) -> None:
        """See `TokenCache.drop`."""
        self._texts.pop(key, None)


class App:
    """The App itself, by its private key.

    https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
    """

    def __init__(self, app_id: int, private_key: str, transport: Transport) -> None:
        self.id = app_id
        self._private_key = private_key
        self._transport = transport
        self._registered: dict[str, Any] = {}

    def slug(self) -> str:
        """The App's name in URLs and mentions."""
        return str(self._registration()["slug"])

    def lacking(self) -> Rights:
        """The rights that the program uses and that the App was not registered with."""
        held: Rights = self._registration()["permissions"]
        needed = READ_RIGHTS | WRITE_RIGHTS
        return {
            name: level for name, level in needed.items() if held.get(name) not in (level, "write")
        }

    def events(self) -> frozenset[str]:
        """The events that GitHub sends us because the App subscribes to them."""
        return frozenset(self._registration()["events"])

    def mint(self, repository: RepositoryRef, rights: Rights) -> Token:
        """A token for this one repository with these rights and no others.

        Raises:
            InstallationGone: suspended, or removed.
            GitHubRefused: the repository or a right was not granted to the App.
        """
        installation = repository.installation
        if installation is None:
            raise UserError(
                f"no installation of the App is known for {repository.full_name}. "
                "Install the App on it, then try again."
            )
        path = f"/app/installations/{installation}/access_tokens"
        wanted = {"repository_ids": [repository.id], "permissions": rights}
        answer = self._transport.send("POST", path, self._jwt(), body=wanted)
        self._check_identity(answer)
        if answer.status == 404:
            raise InstallationGone(f"installation {installation} of the App was removed")
        if answer.status >= 400:
            raise failure(f"POST {path}", answer.status, answer.headers, answer.body)
        return Token(
            value=str(answer.body["token"]),
            minted_at=time.time(),
            expires_at=_epoch(str(answer.body["expires_at"])),
        )

    def _registration(self) -> dict[str, Any]:
        """What GitHub holds of the App; asked once.

        https://docs.github.com/en/rest/apps/apps#get-the-authenticated-app
        """
        if not self._registered:
            answer = self._transport.send("GET", "/app", self._jwt())
            self._check_identity(answer)
            if answer.status >= 400:
                raise failure("GET /app", answer.status, answer.headers, answer.body)
            self._registered = dict(answer.body)
        return self._registered

    def _check_identity(self, answer: Answer) -> None:
        if answer.status == 404 and "Integration not found" in str(answer.body):
            raise SettingError(
                "PLUMBLINE_GITHUB_APP_ID",
                f"GitHub knows no App {self.id}",
                "Copy the App ID from the App's settings page.",
            )
        if answer.status == 401:
            raise SettingError(
                "PLUMBLINE_GITHUB_PRIVATE_KEY",
                f"GitHub did not accept App {self.id} with it ({answer.body})",
                "Check the App ID, the key and this machine's clock.",
            )

    def _jwt(self) -> str:
        return app_jwt(self.id, self._private_key, int(time.time()))


def app_jwt(app_id: int, private_key: str, now: int) -> str:
    """The App's own proof of identity, for the endpoints under `/app`.

    https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app

    Raises:
        SettingError: the private key cannot be read.
    """
    claims = {"iat": now - CLOCK_DRIFT_SECONDS, "exp": now + JWT_SECONDS, "iss": str(app_id)}
    try:
        return jwt.encode(claims, private_key, algorithm="RS256")
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise SettingError(
            "PLUMBLINE_GITHUB_PRIVATE_KEY",
            f"it cannot be read as an RSA private key ({type(error).__name__})",
            "Give the .pem that GitHub generated, whole and without a passphrase.",
        ) from error


class AppCredentials:
    """Tokens of the App with one set of rights, cached until shortly before they expire."""

    def __init__(self, app: App, cache: TokenCache, rights: Rights) -> None:
        self._app = app
        self._cache = cache
        self._rights = rights

    def token(self, repository: RepositoryRef) -> Token:
        """See `Credentials.token`."""
        kept = self._cache.get(self._key(repository))
        if kept is not None:
            return Token(**json.loads(kept))
        token = self._mint(repository)
        seconds = token.expires_at - time.time() - REFRESH_BEFORE_SECONDS
        if seconds > 0:
            self._cache.put(self._key(repository), json.dumps(asdict(token)), seconds)
        return token

    def _mint(self, repository: RepositoryRef) -> Token:
        """With all rights, else with those that the work cannot do without."""
        try:
            return self._app.mint(repository, self._rights)
        except GitHubRefused as error:
            needed = dict(self._rights.items() - DISPENSABLE.items())
            if error.status != NOT_GRANTED or needed == self._rights:
                raise
            return self._app.mint(repository, needed)

    def forget(self, repository: RepositoryRef) -> bool:
        """See `Credentials.forget`."""
        self._cache.drop(self._key(repository))
        return True

    def login(self) -> str:
        """See `Credentials.login`."""
        return f"{self._app.slug()}[bot]"

    def _key(self, repository: RepositoryRef) -> str:
        rights = ",".join(f"{name}:{level}" for name, level in sorted(self._rights.items()))
        return f"{self._app.id}/{repository.installation or 0}/{repository.id}/{rights}"


class PersonalCredentials:
    """A person's own token (`GITHUB_TOKEN`), for terminal use."""

    def __init__(self, value: str, transport: Transport) -> None:
        self._token = Token(value, minted_at=0.0, expires_at=float("inf"))
        self._transport = transport
        self._login = ""

    def token(self, repository: RepositoryRef) -> Token:  # noqa: ARG002  (one for all)
        """See `Credentials.token`."""
        return self._token

    def forget(self, repository: RepositoryRef) -> bool:  # noqa: ARG002
        """GitHub refused it, and there is no other. Raises SettingError."""
        raise SettingError(
            "GITHUB_TOKEN",
            "GitHub does not accept it (401)",
            "Give one that is valid and may read the pull request.",
        )

    def login(self) -> str:
        """See `Credentials.login`."""
        if not self._login:
            answer = self._transport.send("GET", "/user", self._token.value)
            if answer.status >= 400:
                raise failure("GET /user", answer.status, answer.headers, answer.body)
            self._login = str(answer.body["login"])
        return self._login


def _epoch(text: str) -> float:
    """Seconds since the epoch of GitHub's `2026-01-31T12:00:00Z`."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        raise GitHubRefused(f"a token's expiry {text!r} cannot be read", 200) from error
