"""Repositories of a folder, served to fetches over HTTP on localhost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.git.backend import serve_git


@contextmanager
def served(root: Path) -> Iterator[str]:
    """The address of `root`, whose OWNER/NAME.git are served while the block runs."""

    class Handler(_Handler):
        folder = root

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_address[1]}"
        finally:
            http.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    folder: Path
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _answer(self, body: bytes) -> None:
        address = urlsplit(self.path)
        name, _, service = address.path.lstrip("/").partition(".git/")
        status, headers, content = serve_git(
            self.folder, name, service,
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
