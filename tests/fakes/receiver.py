"""The receiver as its own process, spoken to over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECRET = "not a secret"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON body."""

    status: int
    body: dict[str, Any]


@dataclass(slots=True)
class Receiver:
    """A client of a receiver. `pid` is its process."""

    port: int
    pid: int

    def deliver(
        self,
        name: str,
        body: bytes,
        guid: str | None = None,
        secret: str = SECRET,
        **headers: str,
    ) -> Answer:
        """Send one delivery, signed; `headers` (with `_` for `-`) replace or (if "") remove."""
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        given = {
            "content-type": "application/json",
            "x-github-event": name,
            "x-github-delivery": guid or str(uuid.uuid4()),
            "x-hub-signature-256": f"sha256={digest}",
        }
        given.update({key.replace("_", "-"): value for key, value in headers.items()})
        sent = {key: value for key, value in given.items() if value}
        status, text = self.request("POST", "/webhooks/github", body, sent)
        return Answer(status, json.loads(text))

    def request(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Any request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def running_receiver(data_dir: Path, **environment: str) -> Iterator[Receiver]:
    """Start it as the supervisor does, with a socket that listens already."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.webhook", str(listening.fileno())],
            env={**os.environ, "PLUMBLINE_DATA_DIR": str(data_dir), **environment},
            pass_fds=(listening.fileno(),),
        )
        port = int(listening.getsockname()[1])
    try:
        yield Receiver(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)
