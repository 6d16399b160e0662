"""How GitHub says no.

Refusal
├── NotFound          404, also for what the caller may not see
├── BadCredentials    401
├── Forbidden         403
└── Unprocessable     422, `errors` are texts
    └── Invalid       422 "Validation Failed", `errors` are objects
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

DOCUMENTATION = "https://docs.github.com/rest"


class Refusal(Exception):
    """A refusal with GitHub's status and words; the body is what GitHub sends."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: Sequence[Any] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {message} {list(errors) or ''}".strip())
        self.status = status
        self.message = message
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"message": self.message}
        if self.errors:
            body["errors"] = self.errors
        return {**body, "documentation_url": DOCUMENTATION, "status": str(self.status)}


class NotFound(Refusal):
    def __init__(self, message: str = "Not Found") -> None:
        super().__init__(404, message)


class BadCredentials(Refusal):
    def __init__(self, message: str = "Bad credentials") -> None:
        super().__init__(401, message)


class Forbidden(Refusal):
    def __init__(self, message: str = "Resource not accessible by integration") -> None:
        super().__init__(403, message)


class Unprocessable(Refusal):
    def __init__(self, *errors: str, message: str = "Unprocessable Entity") -> None:
        super().__init__(422, message, errors)


class Invalid(Unprocessable):
    """One field of one resource is wrong."""

    def __init__(self, resource: str, field: str, text: str, code: str = "custom") -> None:
        super().__init__(message="Validation Failed")
        self.errors = [{"resource": resource, "code": code, "field": field, "message": text}]
