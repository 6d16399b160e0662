"""A GitHub on localhost, from start to stop."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox.driving.actions import Actions
from sandbox.driving.observations import Observations
from sandbox.faults import Fault, Faults
from sandbox.http.gateway import Gateway
from sandbox.http.server import Server
from sandbox.postman import Postman
from sandbox.routes import api_routes, site_routes
from sandbox.state.apps import App, Permissions
from sandbox.state.world import World


class Sandbox(Actions, Observations):
    """A small stateful GitHub on its own port and threads, with one App.

        with Sandbox(webhook_url=receiver.url) as github:
            shop = github.create_repository("acme/shop", {"a.py": "x = 1\\n"})
            pull = github.open_pull_request(shop, "fix", {"a.py": "x = 2\\n"}, "Fix x")
            github.wait_for(lambda: github.reviews(pull))

    `url` serves REST, GraphQL, git and pages. People: alice (admin), bob (write) and mallory
    (read), with the personal tokens `alice-token` and so on; any other login is a stranger.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        webhook_url: str | None = None,
        webhook_secret: str = "a-webhook-secret",  # noqa: S107 (a made-up one)
        slug: str = "plumbline",
        permissions: Permissions | None = None,
        install: bool = True,
    ) -> None:
        app = App(slug=slug, webhook_url=webhook_url, webhook_secret=webhook_secret)
        if permissions is not None:
            app.permissions = permissions
        self._folder = Path(tempfile.mkdtemp(prefix="sandbox-github-"))
        self.world = World(self._folder, app)
        self.world.installs_itself = install
        self.faults = Faults()
        self.postman = Postman(self.world)
        gateway = Gateway(self.world, api_routes(), site_routes(self))
        self._limits = gateway.limits
        self._server = Server(host, port, gateway, self.faults)
        self.world.url = f"http://{host}:{self._server.port}"

    @property
    def url(self) -> str:
        return self.world.url

    @property
    def app(self) -> App:
        """The App: id, slug, private key, webhook secret and URL, permissions, events."""
        return self.world.app

    def start(self) -> Self:
        self._server.start()
        self.postman.start()
        return self

    def stop(self) -> None:
        self.postman.stop()
        self._server.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def fail(self, path: str, **how: Any) -> Fault:
        """Switch on a fault for requests whose path matches the regular expression `path`.

        See `sandbox.faults.Fault` for the rest: method, status, headers, body, times, delay,
        after, reset.
        """
        return self.faults.add(Fault(path, **how))

    def lag(self, seconds: float) -> None:
        """From now on lists of reviews and comments miss what is younger than this."""
        self.world.lag_seconds = seconds

    def limit(self, *, per_hour: int = 5000, writes_per_minute: int | None = 80) -> None:
        """From now on these rate limits hold for each token, as GitHub has them."""
        self._limits.per_hour = per_hour
        self._limits.writes_per_minute = writes_per_minute

    def lose_deliveries(self, share: float) -> None:
        """From now on this share of deliveries (0 to 1) never arrives."""
        self.postman.lost_share = share
