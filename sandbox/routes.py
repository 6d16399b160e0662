"""All ways in: GitHub's API on one table, the pages and the driving API on another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.driving import endpoints
from sandbox.graphql import endpoint
from sandbox.http.routes import Routes
from sandbox.rest import rest_routes
from sandbox.web import pages

if TYPE_CHECKING:
    from sandbox.driving.sandbox import Sandbox


def api_routes() -> Routes:
    routes = rest_routes()
    endpoint.register(routes)
    return routes


def site_routes(github: Sandbox) -> Routes:
    """Pages and the driving API. The API's own paths come first: `/repos/x` is no owner."""
    routes = Routes()
    endpoints.register(routes, github)
    pages.register(routes)
    return routes
