"""An OpenAI-compatible server on localhost, scripted by a Python function, able to misbehave.

    with OpenAIServer(lambda call: says('{"ok": true}')) as server:
        model = OpenAIModel(ModelSettings(model="m", base_url=server.url))

It speaks real HTTP, so the client's own time-outs, retries and parsing are what is tested.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the server saw it; `number` counts from 1, header names are lower case."""

    number: int
    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def model(self) -> str:
        """The model asked for."""
        return str(self.body["model"])

    @property
    def last(self) -> str:
        """The content of the last message."""
        return str(self.body["messages"][-1]["content"])


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server does: a status and a body, or silence. `after`: not before this is set."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs: bool = False
    drops: bool = False
    after: threading.Event | None = None


Script = Callable[[Call], Reply]


class OpenAIServer:
    """A context manager; `calls` holds every request in order. Serves from threads."""

    def __init__(self, script: Script | Iterable[Reply]) -> None:
        self.calls: list[Call] = []
        self._script = script if callable(script) else _in_order(script)
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def url(self) -> str:
        """What OPENAI_BASE_URL would hold."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> OpenAIServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reply_to(self, body: Mapping[str, Any], headers: Mapping[str, str]) -> Reply:
        """Keep the call and ask the script."""
        with self._lock:
            call = Call(len(self.calls) + 1, body, headers)
            self.calls.append(call)
            return self._script(call)

    def wait_until_stopped(self) -> None:
        """Where a hanging reply waits."""
        self._stopped.wait(timeout=30)


def says(text: str, finish: str = "stop", **usage: int) -> Reply:
    """A plain answer; `usage` sets token counts: prompt, completion, cached."""
    return _completion({"content": text}, finish, usage)


def calls_tool(name: str, arguments: Mapping[str, Any] | str, call_id: str = "call_1") -> Reply:
    """An answer that calls one tool."""
    raw = arguments if isinstance(arguments, str) else json.dumps(arguments)
    function = {"name": name, "arguments": raw}
    call = {"id": call_id, "type": "function", "function": function}
    return _completion({"content": None, "tool_calls": [call]}, "tool_calls", {})


def refuses(text: str) -> Reply:
    """A refusal in the field that structured outputs use."""
    return _completion({"content": None, "refusal": text}, "stop", {})


def fails(status: int, message: str, code: str | None = None, **headers: str) -> Reply:
    """An HTTP error in OpenAI's form; `retry_after="2"` becomes the header Retry-After."""
    error = {"message": message, "type": "error", "code": code, "param": None}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps({"error": error}).encode(), named)


def sends(body: str, status: int = 200, **headers: str) -> Reply:
    """Any body at all."""
    return Reply(status, body.encode(), headers)


def hangs() -> Reply:
    """No answer until the server stops."""
    return Reply(hangs=True)


def drops() -> Reply:
    """The connection closes in the middle of the body."""
    return Reply(drops=True)


def takes_no(field_name: str, script: Script) -> Script:
    """A server that refuses any request with this field, as an older server would."""

    def strict(call: Call) -> Reply:
        if field_name in call.body:
            return fails(400, f"Unsupported parameter: '{field_name}' is not supported.")
        return script(call)

    return strict


def takes_no_format(kind: str, script: Script) -> Script:
    """A server that refuses one kind of response_format: json_schema or json_object."""

    def strict(call: Call) -> Reply:
        if call.body.get("response_format", {}).get("type") == kind:
            return fails(400, f"response_format.type {kind!r} is not supported")
        return script(call)

    return strict


def _completion(message: Mapping[str, Any], finish: str, usage: Mapping[str, int]) -> Reply:
    spent, made = usage.get("prompt", 100), usage.get("completion", 10)
    counted: dict[str, Any] = {
        "prompt_tokens": spent,
        "completion_tokens": made,
        "total_tokens": spent + made,
    }
    if "cached" in usage:
        counted["prompt_tokens_details"] = {"cached_tokens": usage["cached"]}
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    body = {"id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": "fake"}
    return Reply(body=json.dumps({**body, "choices": [choice], "usage": counted}).encode())


def _in_order(replies: Iterable[Reply]) -> Script:
    remaining = iter(list(replies))
    return lambda call: next(remaining, fails(400, f"nothing is scripted for call {call.number}"))


def _handler(server: OpenAIServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.path != "/v1/chat/completions":
                self._send(fails(404, f"no such path {self.path}"))
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = server.reply_to(json.loads(raw), headers)
            if reply.after is not None:
                reply.after.wait()
            if reply.hangs:
                server.wait_until_stopped()
                self.close_connection = True
            elif reply.drops:
                self._begin(200, 1000, {})
                self.wfile.write(b'{"choices"')
                self.close_connection = True
            else:
                with suppress(BrokenPipeError):  # who asked did not wait for it
                    self._send(reply)

        def _send(self, reply: Reply) -> None:
            self._begin(reply.status, len(reply.body), reply.headers)
            self.wfile.write(reply.body)

        def _begin(self, status: int, length: int, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(length))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent: pytest owns the output."""

    return Handler
