"""A model on localhost that answers at once: one defect, one kept promise, all confirmed.

What remains of a review's time is then the program's own.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_QUOTE = {
    "path": "parcel/pricing.py",
    "at": "head",
    "line": 22,
    "quote": "            return round(cents * service.value)",
}
_DEFECT = {
    "title": "Half cents are rounded to even",
    "what": "`round` rounds 0.5 to the even neighbour, so that some prices are a cent too low.",
    "trigger": "a price that ends in half a cent",
    "severity": "P1",
    "category": "correctness",
    "kind": "wrong-result",
    "symbol": "shipping_cost",
    "path": "parcel/pricing.py",
    "at": "head",
    "line": 22,
    "end_line": 22,
    "evidence": [_QUOTE],
    "fix": "Round half up.",
    "suggestion": None,
}
_PROMISE = {
    "text": "Economy and express are sold as services",
    "where": "title",
    "quote": "Sell economy and express as services",
    "implied": False,
    "verdict": "kept",
    "why": "The price takes a service.",
    "evidence": [_QUOTE],
    "defects": [],
}
_CHECKED = {
    "checked": "parcel/pricing.py:22",
    "verdict": "confirmed",
    "confidence": 0.9,
    "severity": "P1",
    "why": "It is as told.",
    "evidence": [],
    "same_as": None,
}
_FINDING = re.compile(r"^## (\d+)\. ", re.MULTILINE)


@contextmanager
def instant_model() -> Iterator[str]:
    """What OPENAI_BASE_URL is to hold."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(body: dict[str, Any]) -> dict[str, Any]:
    """The answer that fits the schema in the prompt."""
    prompt = "\n".join(str(message.get("content")) for message in body["messages"])
    numbers = [int(number) for number in _FINDING.findall(str(body["messages"][-2]["content"]))]
    if '"promises":{' in prompt:
        return {"promises": [_PROMISE], "unasked": []}
    if '"defects":{' in prompt:
        return {"defects": [_DEFECT], "sites": []}
    if '"announced":{' in prompt:
        return {"results": [{"number": n, "announced": False, "quote": ""} for n in numbers]}
    return {"results": [{"number": n, **_CHECKED} for n in numbers]}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        message = {"role": "assistant", "content": json.dumps(answer(body))}
        usage = {"prompt_tokens": 8_000, "completion_tokens": 200, "total_tokens": 8_200}
        completion = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": usage,
        }
        text = json.dumps(completion).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: standard output is the table's."""
