"""A request of somebody who is signed in. Nobody else gets past `admitted`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from bot.domain.pull_request import RepositoryRef
from bot.store.web_sessions import form_token
from bot.web.drawing import draw
from bot.web.guard import wire_of
from bot.web.links import GitHubLinks
from bot.web.stores import Stores

_LONGEST_SECRET = 100
_MOST_FIELDS = 20
_LAST_NUMBER = 2**63 - 1


class SignInNeeded(Exception):
    """Nobody is signed in. `there`: the page that was asked for."""

    def __init__(self, there: str) -> None:
        super().__init__(there)
        self.there = there


class ForeignForm(Exception):
    """A change was asked for by something else than a form of ours."""


class NoSuchPage(Exception):
    """What the address names is not there."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: what it may read and change, and what its form and query say."""

    stores: Stores
    github: GitHubLinks
    token: str
    form: Mapping[str, str]
    query: Mapping[str, str]

    def draw(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401
        """A page for whoever is signed in."""
        return draw(template, status, github=self.github, token=self.token, **values)

    def repository(self, installation: int, number: int) -> RepositoryRef:
        """The repository of these numbers. Raises NoSuchPage, StoreUnavailable."""
        if max(installation, number) > _LAST_NUMBER:
            raise NoSuchPage
        found = self.stores.records.repository(installation, number)
        if found is None:
            raise NoSuchPage
        return found


async def admitted(request: Request) -> Visit:
    """The visit, once a request.

    Raises:
        SignInNeeded: there is no open session.
        ForeignForm: a change came from another page, or without the session's token.
        StoreUnavailable: Redis cannot say.
    """
    stores: Stores = request.app.state.stores
    secret = session_secret(request)
    if not secret or not await run_in_threadpool(stores.sessions.knows, secret):
        raise SignInNeeded(_path(request) if request.method == "GET" else "")
    token, form = form_token(secret), {}
    if request.method != "GET":
        form = await read_form(request)
        if not compare_digest(form.get("token", "").encode(), token.encode()):
            raise ForeignForm
    github: GitHubLinks = request.app.state.github
    return Visit(stores, github, token, form, dict(request.query_params))


Admitted = Annotated[Visit, Depends(admitted)]


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form that a page of ours sent; the body's size is bounded by the receiver.

    Raises:
        ForeignForm: it came from elsewhere, or is none.
    """
    if not wire_of(request).from_our_page:
        raise ForeignForm
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise ForeignForm
    body = (await request.body()).decode("ascii", "replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise ForeignForm from error


def cookie_name(request: Request) -> str:
    """With HTTPS one that a browser takes from this host alone, and never sends in the clear.

    https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix
    """
    return "__Host-plumbline" if wire_of(request).https else "plumbline"


def session_secret(request: Request) -> str:
    """What the browser's cookie holds; "" if that cannot be a session's secret."""
    secret = request.cookies.get(cookie_name(request), "")
    return secret if len(secret) <= _LONGEST_SECRET and secret.isascii() else ""


def _path(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
