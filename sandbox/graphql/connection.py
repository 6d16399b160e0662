"""Lists in pages. https://docs.github.com/en/graphql/guides/using-pagination-in-the-graphql-api"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.graphql.refusal import GraphQLRefusal

_MOST = 100


def connection(
    kind: str, items: Sequence[Any], node: Callable[[Any], dict[str, Any]]
) -> Callable[..., dict[str, Any]]:
    """A resolver of a connection field; nodes are made of the items of the page asked for."""

    def resolve(
        info: GraphQLResolveInfo[Any],
        first: int | None = None,
        last: int | None = None,
        after: str | None = None,
        before: str | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        _check(kind, first, last)
        start = _position(after) + 1 if after else 0
        end = _position(before) if before else len(items)
        if first is not None:
            end = min(end, start + first)
        if last is not None:
            start = max(start, end - last)
        edges = [
            {"cursor": _cursor(at), "node": node(items[at])}
            for at in range(start, min(end, len(items)))
        ]
        return {
            "edges": edges,
            "nodes": [edge["node"] for edge in edges],
            "totalCount": len(items),
            "pageInfo": {
                "hasNextPage": end < len(items),
                "hasPreviousPage": start > 0,
                "startCursor": edges[0]["cursor"] if edges else None,
                "endCursor": edges[-1]["cursor"] if edges else None,
            },
        }

    return resolve


def _check(kind: str, first: int | None, last: int | None) -> None:
    if first is None and last is None:
        raise GraphQLRefusal(
            "MISSING_PAGINATION_BOUNDARIES",
            f"You must provide a `first` or `last` value to properly paginate the `{kind}` "
            "connection.",
        )
    for name, size in (("first", first), ("last", last)):
        if size is not None and size > _MOST:
            raise GraphQLRefusal(
                "EXCESSIVE_PAGINATION",
                f"Requesting {size} records on the `{kind}` connection exceeds the `{name}` limit "
                f"of {_MOST} records.",
            )


def _cursor(position: int) -> str:
    return base64.b64encode(f"cursor:{position}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("cursor:"))
    except (binascii.Error, ValueError) as error:
        text = f"`{cursor}` does not appear to be a valid cursor."
        raise GraphQLRefusal("INVALID_CURSOR_ARGUMENTS", text) from error
