"""One HTTP request to GitHub, through PyGithub's requester, as a value: status, headers, body.

Paths are those of https://docs.github.com/en/rest, so that each request the program makes can be
read in the code that makes it; PyGithub carries them: connections, pacing, repeated reads.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from github import Auth, Github
from github.Requester import Requester

from bot.errors import GitHubRefused, GitHubUnavailable
from bot.github.failures import network_failures
from bot.github.patience import Patience
from bot.settings import DEFAULT_GITHUB_API

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

API_VERSION = "2022-11-28"
MOST_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class TransportOptions:
    """Where GitHub is and how patient to be. All times in seconds.

    PyGithub's own pauses, one process's guess at everybody's pace, are off: `write_pace` counts the
    writes of each installation over all processes, and a review need not wait between its own.
    """

    api_url: str = DEFAULT_GITHUB_API
    timeout_seconds: int = 30
    read_attempts: int = 3
    backoff_seconds: float = 1.0
    seconds_between_requests: float = 0.0
    seconds_between_writes: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are lower-case; `body` is parsed JSON, None when empty."""

    status: int
    headers: Mapping[str, str]
    body: Any


class _Bearer(Auth.Auth):
    """Whichever token the request at hand uses. PyGithub then masks it in its debug log."""

    def __init__(self) -> None:
        self.value = ""

    @property
    def token_type(self) -> str:
        return "Bearer"

    @property
    def token(self) -> str:
        return self.value

    @property
    def _masked_token(self) -> str:
        return "Bearer (removed)"


class Transport:
    """One connection pool for the process. One request at a time: PyGithub mixes up threads."""

    def __init__(self, options: TransportOptions) -> None:
        self._options = options
        self._bearer = _Bearer()
        self._lock = threading.Lock()
        self._requester: Requester = Github(
            base_url=options.api_url,
            auth=self._bearer,
            lazy=True,
            per_page=100,
            timeout=options.timeout_seconds,
            user_agent="plumbline",
            retry=Patience.for_reads(options.read_attempts, options.backoff_seconds),
            seconds_between_requests=options.seconds_between_requests,
            seconds_between_writes=options.seconds_between_writes,
            api_version=API_VERSION,
        ).requester

    @property
    def graphql_path(self) -> str:
        """Where GraphQL is served: beside the REST root, on github.com and on Enterprise Server."""
        return self._requester.graphql_url

    def send(
        self,
        method: Method,
        path: str,
        bearer: str,
        parameters: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send one request; any status is an answer.

        A renamed repository answers 301 (followed by PyGithub) or, to writes, 307: followed here,
        and only on the API's own host.

        Raises:
            GitHubUnavailable: no answer, or one that is not JSON; what it did is unknown.
            GitHubRefused: redirected to another host, or in circles.
        """
        for _ in range(MOST_REDIRECTS):
            answer = self._send_once(method, path, bearer, parameters, body)
            if answer.status not in (301, 302, 307, 308):
                return answer
            path = self._same_host(answer, f"{method} {path}")
        raise GitHubRefused(f"{method} {path} was redirected in circles", 310)

    def _send_once(
        self,
        method: Method,
        path: str,
        bearer: str,
        parameters: Mapping[str, str | int] | None,
        body: Mapping[str, Any] | None,
    ) -> Answer:
        what = f"{method} {path}"
        with self._lock, network_failures(what):
            self._bearer.value = bearer
            try:
                status, headers, text = self._requester.requestJson(
                    method, path, dict(parameters or {}), None, body
                )
            finally:
                self._bearer.value = ""  # the next request may be for another installation
        return Answer(status, headers, _json(text, what, status))

    def _same_host(self, answer: Answer, what: str) -> str:
        location = str(answer.headers.get("location", ""))
        to, ours = urlsplit(location), urlsplit(self._options.api_url)
        if (to.scheme, to.hostname, to.port) != (ours.scheme, ours.hostname, ours.port):
            raise GitHubRefused(f"{what} was redirected to {location!r}", answer.status)
        return location


def _json(text: str, what: str, status: int) -> Any:  # noqa: ANN401  (parsed where it is used)
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        if status >= 400:
            return text[:300]  # a proxy's error page: the status says enough
        raise GitHubUnavailable(f"GitHub answered {what} with something not JSON") from error
