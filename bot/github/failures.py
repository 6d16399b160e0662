"""What GitHub's refusals mean to the program: one place maps every status and every exception.

Statuses: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
Limits: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
from github import GithubException

from bot.errors import GitHubRefused, GitHubUnavailable, InstallationGone, PlumblineError

SECONDARY_LIMIT_SECONDS = 60.0
"""GitHub asks for at least a minute after a secondary limit that names no time."""

LONGEST_WAIT_SECONDS = 3600.0


def failure(what: str, status: int, headers: Mapping[str, str], body: object) -> PlumblineError:
    """The error for a 4xx or 5xx answer to `what`. Header names are lower-case."""
    said = _words(body)
    text = f"GitHub answered {status} to {what}" + (f": {said}" if said else "")
    if "has been suspended" in said:
        return InstallationGone(f"{text}. The App was suspended on this account.")
    if _is_rate_limit(status, headers, said):
        return GitHubUnavailable(text, retry_after=_asked_wait(headers) or SECONDARY_LIMIT_SECONDS)
    if status >= 500 or status in (408, 409, 425):
        return GitHubUnavailable(text, retry_after=_asked_wait(headers))
    return GitHubRefused(f"{text}{_HINTS.get(status, '')}", status)


_HINTS = {
    403: ". The token lacks a right: grant it on GitHub, then try again",
    404: ". It is not there, or the token may not read it",
}


@contextmanager
def network_failures(what: str) -> Iterator[None]:
    """Turn what requests and PyGithub raise by themselves into the program's errors.

    Raises:
        GitHubUnavailable: nothing, or nothing readable, came back: whether the request did its
            work is unknown.
        GitHubRefused: redirected to another host, which never gets our token.
    """
    try:
        yield
    except requests.RequestException as error:
        raise GitHubUnavailable(f"GitHub did not answer {what}: {error!r}") from error
    except GithubException as error:
        raise failure(what, error.status, error.headers or {}, error.data) from error
    except RuntimeError as error:
        raise GitHubRefused(f"{what} was redirected elsewhere: {error}", 301) from error


def _is_rate_limit(status: int, headers: Mapping[str, str], said: str) -> bool:
    if status == 429:
        return True
    spent = headers.get("x-ratelimit-remaining") == "0"
    return status == 403 and (spent or "retry-after" in headers or "rate limit" in said.lower())


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that GitHub asks us to wait, if it does; never more than an hour at a time."""
    after = headers.get("retry-after", "")
    if after.isdigit():
        return min(float(after), LONGEST_WAIT_SECONDS)
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return min(max(float(reset) - time.time(), 0.0) + 1.0, LONGEST_WAIT_SECONDS)
    return None


def _words(body: object) -> str:
    """`message` and `errors` of an error body, in one line."""
    if not isinstance(body, dict):
        return "" if body is None else str(body)[:300]
    errors = body.get("errors")
    parts = [str(body.get("message", ""))]
    parts += [_error_words(entry) for entry in errors] if isinstance(errors, list) else []
    return "; ".join(part for part in parts if part)[:500]


def _error_words(entry: Any) -> str:  # noqa: ANN401  (GitHub sends words or objects)
    if isinstance(entry, dict):
        return str(entry.get("message") or f"{entry.get('field', '')} {entry.get('code', '')}")
    return str(entry)
