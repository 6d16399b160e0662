"""A refusal inside a GraphQL answer, which itself comes with status 200."""

from __future__ import annotations


class GraphQLRefusal(Exception):
    """`kind` is GitHub's type of error: NOT_FOUND, FORBIDDEN, UNPROCESSABLE ..."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
