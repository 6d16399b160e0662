"""The REST API: one file for each family of endpoints, all in one table of routes."""

from __future__ import annotations

from sandbox.http.routes import Routes
from sandbox.rest import (
    apps,
    checks,
    comments,
    conversation,
    pulls,
    reactions,
    repositories,
    reviews,
)


def rest_routes() -> Routes:
    routes = Routes()
    for family in (
        apps,
        repositories,
        pulls,
        reviews,
        comments,
        conversation,
        reactions,
        checks,
    ):
        family.register(routes)
    return routes
