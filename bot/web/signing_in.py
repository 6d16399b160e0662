"""The way in and out: the only pages that need no session, and the one that ends it."""

from __future__ import annotations

import math

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from bot.process_log import LOG
from bot.settings import PAGES_PATH
from bot.store.web_sessions import SESSION_SECONDS
from bot.web.drawing import FOLDER, draw
from bot.web.guard import wire_of
from bot.web.stores import Stores
from bot.web.visits import Admitted, cookie_name, read_form, session_secret

open_to_all = APIRouter()
signed_in = APIRouter()


@open_to_all.get("/style.css")
def style() -> Response:
    """How pages look."""
    return FileResponse(FOLDER / "style.css", media_type="text/css; charset=utf-8")


@open_to_all.get("/icon.svg")
def icon() -> Response:
    """A plumb bob."""
    return FileResponse(FOLDER / "icon.svg", media_type="image/svg+xml")


@open_to_all.get("/sign-in")
def ask() -> Response:
    """The form, for whoever comes by its address."""
    return draw("sign_in.html", there=f"{PAGES_PATH}/", problem="")


@open_to_all.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Open a session. 403: wrong password; 429: too many of them."""
    stores: Stores = request.app.state.stores
    form = await read_form(request)
    there, password = _page_of_ours(form.get("there", "")), form.get("password", "")
    wire = wire_of(request)
    address = wire.address
    came = await run_in_threadpool(stores.sessions.sign_in, password, address, wire.local)
    if isinstance(came, str):
        LOG.info("pages: signed in from %s", address)
        return _with_session(RedirectResponse(there, 303), request, came)
    LOG.info("pages: %s from %s", "wrong password" if came is None else "must wait", address)
    if came is None:
        return draw("sign_in.html", 403, there=there, problem="That is not the password.")
    seconds = math.ceil(came)
    problem = f"Too many wrong passwords. Wait {seconds} seconds, then try again."
    answer = draw("sign_in.html", 429, there=there, problem=problem)
    answer.headers["retry-after"] = str(seconds)
    return answer


@signed_in.post("/sign-out")
def sign_out(request: Request, visit: Admitted) -> Response:
    """End the session, wherever its cookie is."""
    visit.stores.sessions.sign_out(session_secret(request))
    answer = RedirectResponse(f"{PAGES_PATH}/sign-in", 303)
    answer.delete_cookie(cookie_name(request), secure=wire_of(request).https, httponly=True)
    return answer


def sign_in_page(there: str) -> HTMLResponse:
    """What whoever is not signed in gets in place of the page that they asked for."""
    answer = draw("sign_in.html", 401, there=_page_of_ours(there), problem="")
    # Not registered; it tells a program what a person sees.
    answer.headers["www-authenticate"] = f'Cookie form-action="{PAGES_PATH}/sign-in"'
    return answer


def _with_session(answer: Response, request: Request, secret: str) -> Response:
    answer.set_cookie(
        cookie_name(request),
        secret,
        max_age=SESSION_SECONDS,
        secure=wire_of(request).https,
        httponly=True,
        samesite="lax",  # a link to a page works from elsewhere; nothing is changed by following it
    )
    return answer


def _page_of_ours(there: str) -> str:
    """Where to go after signing in: below our root, or to it."""
    ours = there.startswith(f"{PAGES_PATH}/") and there.isascii() and there.isprintable()
    return there if ours and "\\" not in there and len(there) < 1000 else f"{PAGES_PATH}/"
