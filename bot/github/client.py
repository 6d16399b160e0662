"""Requests about one repository, with the right token and the program's errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.pull_request import RepositoryRef
from bot.errors import GitHubUnavailable
from bot.github.credentials import Credentials, Token
from bot.github.failures import SECONDARY_LIMIT_SECONDS, failure
from bot.github.transport import Answer, Method, Transport

PAGE = 100
FRESH_SECONDS = 5.0
"""GitHub's replicas may not know a token for some seconds after it was minted."""

FRESH_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class GraphQLError:
    """One entry of `errors`; `path` is dotted, e.g. `repository.pullRequest.reviews`."""

    message: str
    type: str
    path: str


@dataclass(frozen=True, slots=True)
class GraphQLAnswer:
    """`data` may be partial where there are errors."""

    data: Mapping[str, Any]
    errors: tuple[GraphQLError, ...]


class GitHubClient:
    """Speaks for one set of credentials. `path` is relative to the repository: `/pulls/5`."""

    def __init__(
        self,
        transport: Transport,
        credentials: Credentials,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._transport = transport
        self._credentials = credentials
        self._sleep = sleep

    def login(self) -> str:
        """The login under which we write."""
        return self._credentials.login()

    def get(self, repository: RepositoryRef, path: str, **parameters: str | int) -> Any:  # noqa: ANN401
        """The parsed body. Raises GitHubRefused, GitHubUnavailable, InstallationGone."""
        return self._send(repository, "GET", path, parameters).body

    def pages(
        self, repository: RepositoryRef, path: str, most: int, **parameters: str | int
    ) -> Iterator[list[Any]]:
        """At most `most` pages of a hundred, one after the other."""
        for page in range(1, most + 1):
            items = self.get(repository, path, per_page=PAGE, page=page, **parameters)
            yield items
            if len(items) < PAGE:
                return

    def post(self, repository: RepositoryRef, path: str, body: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """See `get`; after GitHubUnavailable it is unknown whether the work was done."""
        return self._send(repository, "POST", path, body=body).body

    def put(self, repository: RepositoryRef, path: str, body: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """See `post`."""
        return self._send(repository, "PUT", path, body=body).body

    def patch(self, repository: RepositoryRef, path: str, body: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """See `post`."""
        return self._send(repository, "PATCH", path, body=body).body

    def delete(self, repository: RepositoryRef, path: str) -> None:
        """See `post`."""
        self._send(repository, "DELETE", path)

    def graphql(
        self, repository: RepositoryRef, query: str, variables: Mapping[str, Any]
    ) -> GraphQLAnswer:
        """Ask GraphQL: queries, and mutations that change nothing when they are repeated.

        Raises:
            GitHubUnavailable: no answer, or a rate limit, which GraphQL reports with status 200.
            GitHubRefused: refused as a whole.
        """
        body = {"query": query, "variables": dict(variables)}
        sent = self._transport.graphql_path
        answer = self._authorised(repository, "POST", sent, None, body, read=True)
        return _graphql_answer(_checked(answer, "a GraphQL query"))

    def _send(
        self,
        repository: RepositoryRef,
        method: Method,
        path: str,
        parameters: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        sent = f"/repos/{repository.full_name}{path}"
        read = method == "GET"
        answer = self._authorised(repository, method, sent, parameters, body, read=read)
        return _checked(answer, f"{method} {sent}")

    def _authorised(
        self,
        repository: RepositoryRef,
        method: Method,
        path: str,
        parameters: Mapping[str, str | int] | None,
        body: Mapping[str, Any] | None,
        read: bool,
    ) -> Answer:
        """Send; where the token is refused, wait for the replicas or try once with another."""
        token = self._credentials.token(repository)
        answer = self._transport.send(method, path, token.value, parameters, body)
        for attempt in range(1, FRESH_ATTEMPTS):
            if not (read and _may_be_lag(answer, token)):
                break
            self._sleep(attempt)
            answer = self._transport.send(method, path, token.value, parameters, body)
        if answer.status == 401 and self._credentials.forget(repository):
            token = self._credentials.token(repository)
            answer = self._transport.send(method, path, token.value, parameters, body)
        return answer


def _may_be_lag(answer: Answer, token: Token) -> bool:
    fresh = time.time() - token.minted_at < FRESH_SECONDS
    return fresh and answer.status in (401, 403) and "retry-after" not in answer.headers


def _checked(answer: Answer, what: str) -> Answer:
    if answer.status >= 400:
        raise failure(what, answer.status, answer.headers, answer.body)
    return answer


def _graphql_answer(answer: Answer) -> GraphQLAnswer:
    body = answer.body if isinstance(answer.body, dict) else {}
    errors = tuple(
        GraphQLError(
            message=str(entry.get("message", "")),
            type=str(entry.get("type") or ""),
            path=".".join(str(step) for step in entry.get("path") or ()),
        )
        for entry in body.get("errors") or ()
    )
    for error in errors:
        if error.type == "RATE_LIMITED":
            raise GitHubUnavailable(
                f"GitHub's GraphQL limit is spent: {error.message}",
                retry_after=_reset(answer) or SECONDARY_LIMIT_SECONDS,
            )
    return GraphQLAnswer(data=body.get("data") or {}, errors=errors)


def _reset(answer: Answer) -> float | None:
    reset = answer.headers.get("x-ratelimit-reset", "")
    return max(float(reset) - time.time(), 1.0) if reset.isdigit() else None
