"""git over HTTP on localhost, as the sandbox serves it, behind a token like GitHub's."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.git import backend

TOKEN = "ghs_aVerySecretToken"


@dataclass
class GitServer:
    """Serves `root`/OWNER/NAME.git.

    `status`: answer every request with it instead. `watch` is called while a request is answered.
    """

    root: Path
    url: str = ""
    status: int | None = None
    location: str = ""
    watch: Callable[[], None] = lambda: None
    requests: list[str] = field(default_factory=list)

    @property
    def fetches(self) -> int:
        """How many packs were asked for."""
        return sum(line.startswith("POST") for line in self.requests)


@contextmanager
def serve_git(root: Path) -> Iterator[GitServer]:
    """Run the server while the block runs."""
    server = GitServer(root)

    class Handler(_Handler):
        git = server

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.url = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    git: GitServer
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on standard error."""

    def _answer(self, body: bytes) -> None:
        self.git.requests.append(f"{self.command} {self.path}")
        self.git.watch()
        wanted = "Basic " + b64encode(f"x-access-token:{TOKEN}".encode()).decode()
        if self.git.location:
            self.send_response(301)
            self.send_header("Location", self.git.location + self.path)
            self.end_headers()
        elif self.git.status is not None:
            self.send_error(self.git.status)
        elif self.headers.get("Authorization") != wanted:
            self.send_error(401)
        else:
            self._backend(body)

    def _backend(self, body: bytes) -> None:
        address = urlsplit(self.path)
        name, _, service = address.path.lstrip("/").partition(".git/")
        status, headers, content = backend.serve_git(
            self.git.root, name, service,
            method=self.command, query=address.query, body=body,
            content_type=self.headers.get("Content-Type", ""),
            content_encoding=self.headers.get("Content-Encoding", ""),
            protocol=self.headers.get("Git-Protocol", ""),
        )  # fmt: skip
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(content)
