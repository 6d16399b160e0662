"""The receiver: one webhook, what says how it is, and the way to the pages.

It calls neither GitHub nor a model.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from bot.environment import read_settings
from bot.errors import StoreUnavailable
from bot.process_log import LOG
from bot.settings import PAGES_PATH, Settings
from bot.store.connection import AsyncConnection, connect_async, redis_url, store_errors
from bot.store.deliveries import Deliveries
from bot.store.outcome_counts import read_outcome_counts
from bot.store.queue import queue_depths
from bot.webhook.body import Room, parts_of
from bot.webhook.handle import Handle
from bot.webhook.intake import Answer, Intake, delivery_name
from bot.webhook.metrics import CONTENT_TYPE, Metrics
from bot.webhook.pages import Pages

WEBHOOK_PATH = "/webhooks/github"


def create_app(settings: Settings, connection: AsyncConnection | None = None) -> FastAPI:
    """The receiver of these settings. It starts while Redis is away and answers 503 until then."""
    store = connection or connect_async(redis_url(settings))
    room = Room()
    intake = Intake(settings.github, Deliveries(store), Handle(settings.handle, store), room)
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await store.aclose()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.post(WEBHOOK_PATH)
    async def webhook(request: Request) -> Response:
        began = time.monotonic()
        headers = dict(request.headers.raw)
        answer = await intake.take(headers, parts_of(request.receive))
        LOG.info("delivery %s: %s: %s", delivery_name(headers), answer.outcome, answer.text)
        metrics.count(answer.outcome, time.monotonic() - began)
        return _response(answer)

    _add_health(app, store, metrics)
    if settings.web.password:
        app.mount(PAGES_PATH, Pages(settings, room))
        app.add_route(PAGES_PATH, lambda _request: RedirectResponse(f"{PAGES_PATH}/"))
    return app


def _response(answer: Answer) -> Response:
    headers = {} if answer.ended else {"connection": "close"}
    body = {"outcome": answer.outcome, "reason": answer.text}
    return JSONResponse(body, status_code=answer.status, headers=headers)


def _add_health(app: FastAPI, store: AsyncConnection, metrics: Metrics) -> None:
    @app.get("/healthz")
    async def healthz() -> Response:
        """The process answers."""
        return JSONResponse({"status": "ok"})

    @app.get("/readyz")
    async def readyz() -> Response:
        """Deliveries can be stored."""
        try:
            with store_errors("answering /readyz"):
                await store.ping()
        except StoreUnavailable as error:
            return JSONResponse({"status": "unavailable", "reason": str(error)}, status_code=503)
        return JSONResponse({"status": "ok"})

    @app.get("/metrics")
    async def show_metrics() -> Response:
        try:
            depths, outcomes = await queue_depths(store), await read_outcome_counts(store)
        except StoreUnavailable:
            depths, outcomes = {}, {}  # the page says so: plumbline_store_up 0
        return PlainTextResponse(metrics.text(depths, outcomes), media_type=CONTENT_TYPE)


def app_from_environment() -> FastAPI:
    """For `uvicorn --factory`. Raises SettingError."""
    return create_app(read_settings())
