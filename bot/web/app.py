"""The pages as one ASGI application, to be mounted at `PAGES_PATH`."""

from __future__ import annotations

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from bot.errors import PlumblineError, SettingError, StoreUnavailable
from bot.process_log import LOG
from bot.settings import Settings
from bot.web import memory, outcomes, repositories, reviews, signing_in
from bot.web.drawing import draw
from bot.web.guard import Guard
from bot.web.links import GitHubLinks
from bot.web.stores import Stores
from bot.web.visits import ForeignForm, NoSuchPage, SignInNeeded, admitted

BEHIND_THE_PASSWORD = (
    signing_in.signed_in,
    repositories.router,
    reviews.router,
    memory.router,
    outcomes.router,
)


def create_pages(settings: Settings) -> ASGIApp:
    """The pages of these settings; they start while Redis or the database is away."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.stores = Stores(settings)
    app.state.github = GitHubLinks(settings.github.git_url)
    app.include_router(signing_in.open_to_all)
    for router in BEHIND_THE_PASSWORD:
        app.include_router(router, dependencies=[Depends(admitted)])
    _add_refusals(app)
    return Guard(app)


def _add_refusals(app: FastAPI) -> None:
    @app.exception_handler(SignInNeeded)
    def ask_who(_request: Request, error: SignInNeeded) -> Response:
        return signing_in.sign_in_page(error.there)

    @app.exception_handler(ForeignForm)
    def not_ours(_request: Request, _error: ForeignForm) -> Response:
        return draw("foreign_form.html", 403)

    @app.exception_handler(NoSuchPage)
    @app.exception_handler(404)
    def nothing_here(_request: Request, _error: Exception) -> Response:
        return draw("nothing_here.html", 404)

    @app.exception_handler(HTTPException)
    def refused(_request: Request, error: HTTPException) -> Response:
        return draw("problem.html", error.status_code, problem=error.detail, away=False)

    @app.exception_handler(StoreUnavailable)
    @app.exception_handler(SettingError)
    def away(_request: Request, error: PlumblineError) -> Response:
        LOG.info("a page could not be drawn: %s", error)
        return draw("problem.html", 503, problem="The records cannot be read now.", away=True)
