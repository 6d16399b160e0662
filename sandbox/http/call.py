"""A request on its way to a handler, and the handler's answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from sandbox.caller import Caller
from sandbox.errors import NotFound, Refusal
from sandbox.state.accounts import Account
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from sandbox.state.world import World


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body and its headers. `body` is JSON unless it is bytes."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()


def html(text: str, status: int = 200) -> Answer:
    return Answer(status, text.encode(), {"Content-Type": "text/html; charset=utf-8"})


@dataclass(frozen=True, slots=True)
class Request:
    """What came over the wire. Header names are in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")

    def json(self) -> dict[str, Any]:
        """The JSON object in the body ({} if there is none). Raises 400."""
        if not self.body:
            return {}
        try:
            value = json.loads(self.body)
        except ValueError as error:
            raise Refusal(400, "Problems parsing JSON") from error
        if not isinstance(value, dict):
            raise Refusal(400, "Body should be a JSON object")
        return value

    def accepts(self, media_type: str) -> bool:
        """Whether GitHub's media type, such as `diff` or `raw`, is asked for."""
        accept = self.header("Accept")
        return any(
            part.startswith("application/vnd.github") and f".{media_type}" in part
            for part in accept.replace(" ", "").split(",")
        )


@dataclass(frozen=True, slots=True)
class Call:
    """A request with the names in its path, and who makes it."""

    world: World
    request: Request
    caller: Caller
    names: dict[str, str]

    @property
    def me(self) -> Account:
        if self.caller.account is None:
            raise Refusal(401, "Requires authentication")
        return self.caller.account

    @property
    def repository(self) -> Repository:
        found = self.world.repositories.find(f"{self.names['owner']}/{self.names['repo']}")
        if found is None or not self.caller.sees(found):
            raise NotFound
        return found

    @property
    def pull(self) -> PullRequest:
        found = self.repository.pulls.get(self.number("number"))
        if found is None:
            raise NotFound
        return found

    def number(self, name: str) -> int:
        return int(self.names[name])

    def json(self) -> dict[str, Any]:
        return self.request.json()

    def page(self, items: Sequence[Any], wrap: str | None = None) -> Answer:
        """One page of a list, with the `Link` header. `wrap` names the list in an object.

        https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
        """
        query = self.request.query
        size = max(1, min(_number(query.get("per_page"), 30), 100))
        page = max(1, _number(query.get("page"), 1))
        last = max(1, -(-len(items) // size))
        shown = list(items[(page - 1) * size : page * size])
        relations: dict[str, int] = {}
        if page < last:
            relations |= {"next": page + 1, "last": last}
        if page > 1:
            relations |= {"prev": min(page - 1, last), "first": 1}
        headers = {"Link": self._links(relations, size)} if relations else {}
        body = {"total_count": len(items), wrap: shown} if wrap else shown
        return Answer(200, body, headers)

    def _links(self, relations: dict[str, int], size: int) -> str:
        at = self.world.url + self.request.path
        links = []
        for relation, page in relations.items():
            query = {**self.request.query, "per_page": str(size), "page": str(page)}
            links.append(f'<{at}?{urlencode(query)}>; rel="{relation}"')
        return ", ".join(links)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() else otherwise
