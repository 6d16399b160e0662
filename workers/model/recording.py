"""Model and tool calls as steps of a review's record.

Each step of one conversation holds only the messages that the steps before it do not, so the
messages of all its steps in a row are the conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.domain.conversation import Message, ModelAnswer, ModelRequest, Step, ToolCall
from bot.errors import ModelError
from workers.model.tools import ToolRun


def model_step(
    request: ModelRequest, known: int, outcome: ModelAnswer | ModelError, prompt_version: str
) -> Step:
    """One model call; the first `known` messages are in earlier steps."""
    return Step(
        kind="model",
        name=request.purpose,
        request={
            "room": request.room,
            "tier": request.tier,
            "continues": known,
            "messages": [_message(message) for message in request.messages[known:]],
            "tools": [spec.name for spec in request.tools],
            "tools_open": request.tools_open,
            "schema": request.schema.name if request.schema else None,
            "max_output_tokens": request.max_output_tokens,
        },
        response=_outcome(outcome),
        seconds=outcome.seconds if isinstance(outcome, ModelAnswer) else 0.0,
        prompt_version=prompt_version,
    )


def tool_step(call: ToolCall, run: ToolRun, prompt_version: str) -> Step:
    """One tool call, with its result whole."""
    return Step(
        kind="tool",
        name=call.name,
        request={"id": call.id, "arguments": call.arguments},
        response={"text": run.text},
        seconds=run.seconds,
        prompt_version=prompt_version,
    )


def _outcome(outcome: ModelAnswer | ModelError) -> Mapping[str, Any]:
    if isinstance(outcome, ModelError):
        return {"error": str(outcome)}
    return {
        "text": outcome.text,
        "tool_calls": [asdict(call) for call in outcome.tool_calls],
        "finish": outcome.finish,
        "model": outcome.model,
        "usage": asdict(outcome.usage),
        "notes": list(outcome.notes),
    }


def _message(message: Message) -> dict[str, Any]:
    value: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        value["tool_calls"] = [asdict(call) for call in message.tool_calls]
    if message.tool_call_id is not None:
        value["tool_call_id"] = message.tool_call_id
    return value
