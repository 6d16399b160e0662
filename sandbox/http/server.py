"""The socket: a thread for each connection, closed for good when the server stops."""

from __future__ import annotations

import socket
import struct
import sys
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sandbox.caller import Caller
from sandbox.faults import Fault, Faults
from sandbox.http.call import Answer, Request
from sandbox.http.gateway import Gateway

_UNTOUCHED_BY_FAULTS = "/_sandbox"


class Server(ThreadingHTTPServer):
    """Listens on `host`:`port` (0 for any free one) and answers through the gateway."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, host: str, port: int, gateway: Gateway, faults: Faults) -> None:
        super().__init__((host, port), Handler)
        self.gateway = gateway
        self.faults = faults
        self._open: set[Any] = set()
        self._open_lock = threading.Lock()
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, name="github", daemon=True
        )

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
        with self._open_lock:
            for connection in self._open:
                _hang_up(connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of ours; everything else is printed."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError | ValueError):
            super().handle_error(request, client_address)


def _hang_up(connection: Any) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it was closed from the other side


class Handler(BaseHTTPRequestHandler):
    """One connection. Requests are answered one after the other, as HTTP/1.1 has it."""

    protocol_version = "HTTP/1.1"
    server_version = "github.com"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are logged in the state, not on the terminal."""

    def _serve(self) -> None:
        url = urlsplit(self.path)
        request = Request(
            self.command,
            unquote(url.path),
            dict(parse_qsl(url.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
            self._body(),
        )
        fault = None
        if not request.path.startswith(_UNTOUCHED_BY_FAULTS):
            fault = self.server.faults.take(request.method, request.path)
        if fault is None:
            self._write(self._answered(request))
        else:
            self._fail(request, fault)

    # The names that http.server looks for.
    do_GET = _serve
    do_POST = _serve
    do_PUT = _serve
    do_PATCH = _serve
    do_DELETE = _serve

    def _fail(self, request: Request, fault: Fault) -> None:
        time.sleep(fault.delay)
        answer = None
        if fault.after or (fault.status is None and not fault.reset):
            answer = self._answered(request)
        if fault.reset:
            self._reset()
            return
        if fault.status is not None:
            body = fault.body if fault.body is not None else {"message": "Server Error"}
            content_type = {"Content-Type": "application/json; charset=utf-8"}
            if not fault.after:
                self.server.gateway.record(request, Caller(), fault.status)
            answer = Answer(fault.status, body, {**content_type, **fault.headers})
        if answer is not None:
            self._write(answer)

    def _answered(self, request: Request) -> Answer:
        """The gateway's answer; a fault of the sandbox itself is told on both ends."""
        try:
            return self.server.gateway.answer(request)
        except Exception:
            trace = traceback.format_exc()
            sys.stderr.write(f"{request.method} {request.path}\n{trace}")
            message = f"The sandbox failed, which is its own mistake:\n{trace}"
            return Answer(500, {"message": message}, {"Content-Type": "application/json"})

    def _reset(self) -> None:
        """Tear the connection down: the client reads a reset, not an end."""
        now = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
        self.close_connection = True
        self.wfile.close()
        self.rfile.close()
        self.connection.close()

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _write(self, answer: Answer) -> None:
        content = answer.content()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if answer.status not in (204, 304):
            self.wfile.write(content)
