"""Our requests and answers as chat completions: pure translation, tolerant of odd servers.

The protocol: https://platform.openai.com/docs/api-reference/chat/create
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from bot.domain.conversation import (
    Finish,
    Message,
    ModelAnswer,
    ModelRequest,
    TokenUsage,
    ToolCall,
    ToolSpec,
)
from workers.model.dialect import Dialect
from workers.model.schema import schema_text
from workers.model.wording import answer_form

Fields = Mapping[str, Any]


class NoCompletion(ValueError):
    """A body with status 200 that holds no completion."""


def to_wire(request: ModelRequest, model: str, dialect: Dialect) -> dict[str, Any]:
    """The body of a chat completion call."""
    tools = dialect.tools and (request.tools_open or dialect.closed_tools)
    body: dict[str, Any] = {
        "model": model,
        "messages": [_message(message) for message in _messages(request, dialect)],
    }
    if request.tools and tools:
        body["tools"] = [_tool(spec) for spec in request.tools]
        if not request.tools_open:
            body["tool_choice"] = "none"
    if constrains(request, dialect):
        body["response_format"] = _response_format(request, dialect)
    if dialect.limit != "none":
        most = request.max_output_tokens
        body[dialect.limit] = min(most, dialect.output_cap or most)
    return body


def constrains(request: ModelRequest, dialect: Dialect) -> bool:
    """Whether the server is asked to hold the output to a form: never while tools are open."""
    free = request.tools and request.tools_open and dialect.tools
    return request.schema is not None and not free and dialect.schema != "prompt"


def from_wire(body: object, request: ModelRequest, model: str) -> ModelAnswer:
    """The answer in a response's decoded body.

    Raises:
        NoCompletion: the body is something else, e.g. an error or a web page.
    """
    choice = _first_choice(body)
    message = _fields(choice.get("message"))
    text, refusal = _text(message.get("content")), _text(message.get("refusal"))
    calls = _tool_calls(message.get("tool_calls"), len(request.messages))
    finish = _finish(choice.get("finish_reason"), refusal, calls)
    usage, notes = _usage(_fields(body).get("usage"), request, text)
    return ModelAnswer(
        text=refusal if finish == "refusal" and refusal else text,
        tool_calls=calls if finish == "tool_calls" else (),
        finish=finish,
        model=model,
        usage=usage,
        notes=notes,
    )


def _messages(request: ModelRequest, dialect: Dialect) -> Sequence[Message]:
    messages = request.messages
    if request.schema is not None:
        form = schema_text(request.schema)
        if not any(form in message.content for message in messages):
            messages = (*messages, Message("user", answer_form(request.schema)))
    if not dialect.alternating:
        return messages
    turns = [
        replace(message, role="user") if message.role == "system" else message
        for message in messages
    ]
    merged: list[Message] = []
    for role, group in groupby(turns, key=lambda message: message.role):
        same = list(group)
        if role == "user":
            merged.append(Message("user", "\n\n".join(message.content for message in same)))
        else:
            merged.extend(same)
    return merged


def _message(message: Message) -> dict[str, Any]:
    value: dict[str, Any] = {"role": message.role, "content": _encodable(message.content)}
    if message.tool_calls:
        value["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": _encodable(call.arguments)},
            }
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        value["tool_call_id"] = message.tool_call_id
    return value


def _tool(spec: ToolSpec) -> dict[str, Any]:
    function = {
        "name": spec.name,
        "description": spec.description,
        "parameters": dict(spec.parameters),
    }
    return {"type": "function", "function": function}


def _response_format(request: ModelRequest, dialect: Dialect) -> dict[str, Any]:
    if request.schema is None or dialect.schema == "json_object":
        return {"type": "json_object"}
    schema = {
        "name": request.schema.name,
        "strict": True,
        "schema": dict(request.schema.schema),
    }
    return {"type": "json_schema", "json_schema": schema}


def _first_choice(body: object) -> Fields:
    fields = _fields(body)
    choices = fields.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        return choices[0]
    error = fields.get("error")
    said = _fields(error).get("message", error) if error else "no choices"
    raise NoCompletion(f"the server answered 200 without a completion: {str(said)[:200]!r}")


def _tool_calls(value: object, seed: int) -> tuple[ToolCall, ...]:
    """The calls; one without an id gets one that is unique in its conversation."""
    calls: list[ToolCall] = []
    for position, item in enumerate(value if isinstance(value, list) else ()):
        function = _fields(_fields(item).get("function"))
        arguments = function.get("arguments")
        if not isinstance(arguments, str):
            arguments = json.dumps(arguments if arguments is not None else {})
        identity = _text(_fields(item).get("id")) or f"call_{seed}_{position}"
        calls.append(ToolCall(identity, _text(function.get("name")), arguments))
    return tuple(calls)


def _finish(reason: object, refusal: str, calls: tuple[ToolCall, ...]) -> Finish:
    if refusal or reason == "content_filter":
        return "refusal"
    if reason == "length":
        return "length"  # calls of a cut message have cut arguments
    return "tool_calls" if calls else "stop"


def _usage(value: object, request: ModelRequest, text: str) -> tuple[TokenUsage, tuple[str, ...]]:
    fields = _fields(value)
    if not fields:
        characters = sum(len(message.content) for message in request.messages)
        estimate = TokenUsage(input_tokens=characters // 4, output_tokens=len(text) // 4)
        return estimate, ("the server counted no tokens: estimated from characters",)
    spent = _count(fields.get("prompt_tokens"))
    cached = _count(_fields(fields.get("prompt_tokens_details")).get("cached_tokens"))
    return TokenUsage(
        input_tokens=spent,
        cached_tokens=min(spent, cached),
        output_tokens=_count(fields.get("completion_tokens")),
    ), ()


def _fields(value: object) -> Fields:
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int:
    return max(0, value) if isinstance(value, int) and not isinstance(value, bool) else 0


def _text(value: object) -> str:
    if isinstance(value, list):  # content as parts
        return "".join(_text(_fields(part).get("text")) for part in value)
    return value if isinstance(value, str) else ""


def _encodable(text: str) -> str:
    """A lone surrogate, which JSON may carry but UTF-8 may not, would break the request."""
    return text.encode("utf-8", "replace").decode("utf-8")
