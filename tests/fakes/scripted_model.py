"""A model that says what the test tells it to: ports.Model without a server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from bot.domain.conversation import ModelAnswer, ModelRequest, TokenUsage, ToolCall

Reply = ModelAnswer | BaseModel | Mapping[str, Any] | str | Exception
Script = Callable[[ModelRequest], Reply]


class ScriptedModel:
    """Answers by a function of the request, or from a list in order; keeps the requests.

    A reply is a whole ModelAnswer, a pydantic model or mapping (sent as JSON), a text, or an
    exception to raise. Safe for parallel rooms; a list is for a conversation of one thread.
    """

    def __init__(self, script: Script | Iterable[Reply], name: str = "scripted") -> None:
        self.name = name
        self.requests: list[ModelRequest] = []
        self._lock = threading.Lock()
        self._script = script if callable(script) else _in_order(script)

    def complete(self, request: ModelRequest) -> ModelAnswer:
        """The scripted answer, with a made-up but steady token count."""
        with self._lock:
            self.requests.append(request)
        reply = self._script(request)
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, ModelAnswer):
            return reply
        text = _text(reply)
        return ModelAnswer(text=text, model=self.name, usage=_usage(request, text))

    def asked(self, purpose: str) -> list[ModelRequest]:
        """The requests whose purpose starts with this."""
        return [request for request in self.requests if request.purpose.startswith(purpose)]


def calls(*wanted: tuple[str, Mapping[str, Any]], text: str = "") -> ModelAnswer:
    """An answer that calls tools: `calls(("read_file", {"path": "a.py"}))`."""
    return ModelAnswer(
        text=text,
        tool_calls=tuple(
            ToolCall(id=f"call_{number}", name=name, arguments=json.dumps(arguments))
            for number, (name, arguments) in enumerate(wanted, start=1)
        ),
        finish="tool_calls",
        model="scripted",
    )


def _in_order(replies: Iterable[Reply]) -> Script:
    remaining = iter(list(replies))

    def script(request: ModelRequest) -> Reply:
        try:
            return next(remaining)
        except StopIteration:
            raise AssertionError(f"nothing is scripted for {request.purpose!r}") from None

    return script


def _text(reply: BaseModel | Mapping[str, Any] | str) -> str:
    if isinstance(reply, BaseModel):
        return reply.model_dump_json()
    return reply if isinstance(reply, str) else json.dumps(reply)


def _usage(request: ModelRequest, text: str) -> TokenUsage:
    characters = sum(len(message.content) for message in request.messages)
    return TokenUsage(input_tokens=characters // 4, output_tokens=len(text) // 4)
