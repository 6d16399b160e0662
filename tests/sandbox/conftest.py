"""A sandbox with one repository and one open pull request, and clients to reach it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import github as pygithub
import pytest
import requests

from sandbox import Sandbox
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository

LINES = [f"line {number}" for number in range(1, 41)]
FILES = {"a.txt": "\n".join(LINES) + "\n", "src/b.py": "b = 1\n"}
Client = Callable[..., requests.Response]


def edited(*changes: tuple[int, str]) -> str:
    """The text of a.txt with some lines replaced, counted from 1."""
    lines = list(LINES)
    for number, text in changes:
        lines[number - 1] = text
    return "\n".join(lines) + "\n"


@pytest.fixture
def github() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def shop(github: Sandbox) -> Repository:
    return github.create_repository("acme/shop", FILES)


@pytest.fixture
def pull(github: Sandbox, shop: Repository) -> PullRequest:
    files = {"a.txt": edited((10, "ten"), (30, "thirty")), "new.py": "new = 1\n"}
    return github.open_pull_request(shop, "fix", files, "Fix ten", "Because of ten.")


@pytest.fixture
def app(github: Sandbox, shop: Repository) -> Iterator[pygithub.Github]:
    """PyGithub as the installed App, without its pauses and retries."""
    auth = pygithub.Auth.AppAuth(github.app.id, github.app.private_key)
    there = auth.get_installation_auth(github.installation("acme").id)
    client = pygithub.Github(
        auth=there,
        base_url=github.url,
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
    )
    yield client
    client.close()


@pytest.fixture
def http(github: Sandbox, app: pygithub.Github) -> Iterator[Client]:
    """Plain HTTP: `http("GET", "/repos/acme/shop", by="bob")`; without `by` it is the App."""
    session = requests.Session()

    def send(
        method: str, path: str, body: object = None, *, by: str | None = None, **headers: str
    ) -> requests.Response:
        token = github.personal_token(by) if by else app.requester.auth.token  # type: ignore[union-attr]
        given = {"Authorization": f"Bearer {token}", **headers}
        return session.request(method, github.url + path, json=body, headers=given)

    yield send
    session.close()


def refusal(answer: requests.Response) -> tuple[int, str, Any]:
    """Status, message and errors of a refusal."""
    body = answer.json()
    return answer.status_code, body["message"], body.get("errors")
