"""Tells subscribers what happened. Nobody subscribed is no error: most events interest no one."""

import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

Send = Callable[[str, Mapping[str, Any]], None]


class Events:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._subscribers: dict[str, list[str]] = json.loads(
            files("kiosk").joinpath("subscriptions.json").read_text("utf-8")
        )

    def emit(self, name: str, **data: Any) -> None:
        for address in self._subscribers.get(name, []):
            self._send(address, {"event": name, **data})
