"""Model and tool calls as steps of a review's record.

Each step of one conversation holds only the messages that the steps before it do not, so the
messages of all its steps in a row are the conversation.

A model step also holds what its request is known by, so that the same question can be given the
same answer when the review is made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.domain.conversation import (
    Message,
    ModelAnswer,
    ModelRequest,
    Step,
    TokenUsage,
    ToolCall,
)
from bot.errors import LimitExceeded, ModelError, ModelUnavailable, PromptTooLong
from workers.model.markers import without_markers
from workers.model.tools import ToolRun

Outcome = ModelAnswer | ModelError | LimitExceeded
"""What came of one call; LimitExceeded: a budget forbade it, and no model was asked."""


def request_digest(request: ModelRequest) -> str:
    """What a request is known by: equal for all that a model would read alike.

    Marker lines do not count: they are fresh in each prompt. Nor does the time that is left.
    """
    asked = {
        "room": request.room,
        "purpose": request.purpose,
        "messages": [_message(message) for message in request.messages],
        "tools": [asdict(spec) for spec in request.tools],
        "tools_open": request.tools_open,
        "schema": asdict(request.schema) if request.schema else None,
        "tier": request.tier,
        "max_output_tokens": request.max_output_tokens,
    }
    text = without_markers(json.dumps(asked, sort_keys=True))
    return hashlib.sha256(text.encode()).hexdigest()


def model_step(request: ModelRequest, known: int, outcome: Outcome, prompt_version: str) -> Step:
    """One model call; the first `known` messages are in earlier steps."""
    return Step(
        kind="model",
        name=request.purpose,
        request={
            "digest": request_digest(request),
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


def recorded_outcome(step: Step) -> Outcome:
    """What came of a recorded model call: the inverse of what `model_step` wrote.

    Raises:
        ValueError: the step is no such record.
    """
    said = step.response
    if "error" in said:
        return _recorded_error(said)
    try:
        return ModelAnswer(
            text=said["text"],
            tool_calls=tuple(ToolCall(**call) for call in said["tool_calls"]),
            finish=said["finish"],
            model=said["model"],
            usage=TokenUsage(**said["usage"]),
            seconds=step.seconds,
            notes=tuple(said["notes"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"the step {step.name!r} holds no answer: {error!r}") from error


def _recorded_error(said: Mapping[str, Any]) -> ModelError | LimitExceeded:
    text = str(said["error"])
    if said.get("refused"):
        return LimitExceeded(text)
    if said.get("too_long"):
        return PromptTooLong(text, said.get("window"))
    return ModelUnavailable(text)


def _outcome(outcome: Outcome) -> Mapping[str, Any]:
    if isinstance(outcome, LimitExceeded):
        return {"error": str(outcome), "refused": True}
    if isinstance(outcome, PromptTooLong):
        return {"error": str(outcome), "too_long": True, "window": outcome.window}
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
