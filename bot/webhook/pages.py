"""The door to the pages: their code is imported when the first one is asked for, and not before.

So a receiver that nobody looks at stays small: no database driver, no templates. What a form sends
is read here, within bounds, before anything else of it is looked at.
"""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import Settings
from bot.webhook.body import (
    BodyCutOff,
    BodyTooLarge,
    BodyTooSlow,
    NoRoom,
    Room,
    parts_of,
    read_body,
)

MOST_BYTES = 64 * 1024
"""Of a form: a learning and its paths, percent-encoded, are a tenth of it."""


class Pages:
    """An ASGI application. `room` is what bodies of deliveries share too."""

    def __init__(self, settings: Settings, room: Room) -> None:
        self._settings, self._room = settings, room
        self._importing = asyncio.Lock()
        self._pages: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        pages = await self._imported()
        request = Request(scope, receive)
        if request.method in ("GET", "HEAD"):
            await pages(scope, receive, send)
            return
        body = await self._body(request)
        if isinstance(body, Response):
            await body(scope, receive, send)
        else:
            await pages(scope, _after(body, receive), send)

    async def _imported(self) -> ASGIApp:
        async with self._importing:
            if self._pages is None:
                # In a thread: deliveries are answered meanwhile.
                self._pages = await asyncio.to_thread(_create, self._settings)
            return self._pages

    async def _body(self, request: Request) -> bytes | Response:
        try:
            return await read_body(parts_of(request.receive), self._room, MOST_BYTES)
        except BodyTooLarge:
            return _refusal(413, f"a form has at most {MOST_BYTES} bytes")
        except BodyTooSlow:
            return _refusal(408, "the form took too long to arrive")
        except BodyCutOff:
            return _refusal(400, "the form did not arrive whole")
        except NoRoom:
            return _refusal(503, "too much is being received; try again")


def _create(settings: Settings) -> ASGIApp:
    from bot.web.app import create_pages

    return create_pages(settings)


def _refusal(status: int, why: str) -> Response:
    headers = {"connection": "close", "x-content-type-options": "nosniff"}
    return PlainTextResponse(why, status, headers)


def _after(body: bytes, receive: Receive) -> Receive:
    """What the pages receive: the body that was read, then what comes when nothing more does."""
    given = [body]

    async def receive_again() -> Message:
        if given:
            return {"type": "http.request", "body": given.pop(), "more_body": False}
        return await receive()

    return receive_again
