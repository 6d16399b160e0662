"""What is said to a model and what comes back, in the terms of any OpenAI-compatible server."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Room = Literal["hunt", "intent", "verify", "answer"]
ModelTier = Literal["main", "fast"]
Finish = Literal["stop", "tool_calls", "length", "refusal"]


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A read-only tool offered to the model; `parameters` is a JSON schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model asks for; `arguments` is raw JSON text, not yet trusted."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `tool_calls` on assistant messages, `tool_call_id` on tool messages."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerSchema:
    """The JSON schema (draft 2020-12, strict form) that the final answer must fit."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One call. `purpose` is what a person reads in the trace, e.g. "hunt: contracts".

    Closed tools (`tools_open` false) are still named to the server, as the cached prefix holds
    them, but may not be called; only then is the output constrained to `schema`. `timeout_seconds`
    is what the review has left; how long a model may take is its client's matter.
    """

    room: Room
    purpose: str
    messages: tuple[Message, ...]
    tools: tuple[ToolSpec, ...] = ()
    tools_open: bool = True
    schema: AnswerSchema | None = None
    tier: ModelTier = "main"
    max_output_tokens: int = 8_000
    timeout_seconds: float = math.inf


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens as the server counted them; `input_tokens` includes the cached ones."""

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What came back. `model` is the one that answered, which may be a fallback."""

    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    finish: Finish = "stop"
    model: str = ""
    usage: TokenUsage = TokenUsage()
    seconds: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a review did, for the record: a model call, a tool call, or a stage."""

    kind: Literal["model", "tool", "stage"]
    name: str
    request: Mapping[str, Any]
    response: Mapping[str, Any]
    seconds: float = 0.0
    prompt_version: str = ""
