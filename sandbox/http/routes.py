"""A table of routes. Each names the permission it needs; handlers stay free of access rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

from sandbox.errors import BadCredentials
from sandbox.http.call import Answer, Call
from sandbox.state.apps import Level

Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Need:
    """`pull_requests|issues:write`: any of these permissions, at this level."""

    names: tuple[str, ...]
    level: Level

    @classmethod
    def parse(cls, text: str) -> Need:
        names, _, level = text.partition(":")
        found: Level = next(known for known in get_args(Level) if known == level)
        return cls(tuple(names.split("|")), found)


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    handler: Handler
    need: Need | None
    app_only: bool

    def run(self, call: Call) -> Answer:
        if self.app_only and not call.caller.is_app:
            raise BadCredentials("A JSON web token could not be decoded")
        if call.caller.is_app and not self.app_only:
            raise BadCredentials
        if self.need is not None:
            call.caller.require(call.repository, self.need.names, self.need.level)
        return self.handler(call)


class Routes:
    """Routes in the order in which they are tried.

    In a template `{name}` is one segment, `{name:int}` a number, `{name:path}` the rest.
    """

    def __init__(self) -> None:
        self._routes: list[Route] = []

    def __call__(
        self, method: str, template: str, needs: str | None = None, *, app_only: bool = False
    ) -> Callable[[Handler], Handler]:
        need = Need.parse(needs) if needs else None

        def register(handler: Handler) -> Handler:
            pattern = re.compile(_expression(template))
            self._routes.append(Route(method, pattern, handler, need, app_only))
            return handler

        return register

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        for route in self._routes:
            if route.method == method and (match := route.pattern.fullmatch(path)):
                return route, match.groupdict()
        return None


_KINDS = {"": r"[^/]+", "int": r"\d+", "path": r".*"}


def _expression(template: str) -> str:
    def group(match: re.Match[str]) -> str:
        return f"(?P<{match[1]}>{_KINDS[match[2] or '']})"

    return re.sub(r"\{(\w+)(?::(\w+))?\}", group, template.replace(".", r"\."))
