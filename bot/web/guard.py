"""What holds for every answer of the pages, whatever made it: headers, and no page in the clear."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.drawing import draw
from bot.web.wire import Wire

HEADERS: Mapping[str, str] = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    # "no-referrer" would make browsers send `Origin: null` with forms of our own.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


LONGEST_PATH = 2_000
"""Characters. No page of ours is named by more, and Python reads no number of 5,000 digits."""


class Guard:
    """An ASGI application around the pages; errors that nobody expected pass through it too."""

    def __init__(self, pages: ASGIApp) -> None:
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if not wire_of(Request(scope)).private:
            await draw("in_the_clear.html", 403)(scope, receive, strictly)
        elif len(scope["path"]) > LONGEST_PATH:
            await draw("nothing_here.html", 404)(scope, receive, strictly)
        else:
            await self._pages(scope, receive, strictly)


def wire_of(request: Request) -> Wire:
    """How this request came."""
    client = request.client.host if request.client else ""
    return Wire(request.url.scheme, client, dict(request.headers))
