"""The log of requests, in the order of their answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sandbox.state.apps import Permissions


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One answered request. `who` is a login, the App's slug, or "" for nobody."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes = field(repr=False)
    who: str
    permissions: Permissions
    status: int
    at: float

    @property
    def is_write(self) -> bool:
        return self.method in ("POST", "PUT", "PATCH", "DELETE")

    def json(self) -> Any:
        """The request's JSON body, or None."""
        return json.loads(self.body) if self.body else None
