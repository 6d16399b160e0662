"""What one model's server accepts, learnt from what it refuses.

"OpenAI-compatible" differs in a few known places. A refusal (400, 422) names the place in words;
`step_down` gives the next, plainer form of the request, and each form is plainer than the last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

SchemaForm = Literal["json_schema", "json_object", "prompt"]
LimitField = Literal["max_completion_tokens", "max_tokens", "none"]

_PLAINER: dict[SchemaForm, SchemaForm] = {"json_schema": "json_object", "json_object": "prompt"}
_SCHEMA = re.compile(r"response_format|json_schema|json_object|schema|grammar|guided|structured")
_AT_MOST = re.compile(r"(?:at most|maximum of|less than or equal to|<=) *(\d{2,7})")
_OVERFLOW = re.compile(
    r"context[ _](?:length|window|size|limit)|prompt is too long|too many (?:input )?tokens"
    r"|maximum number of tokens allowed"
)
_HOLDS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(\d{4,8}) maximum context length",
        r"context (?:length|window|size)\D{1,40}(\d{4,8})",
        r"maximum number of tokens allowed\D{1,9}(\d{4,8})",
        r"> (\d{4,8})",
    )
)
_NO_TOOLS = re.compile(r"tools?\b.*\b(?:support|enable)|support\w*\b.*\btools?\b|function.?call")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The form in which requests go to one model.

    `limits_tried`: the names for the cap on output that were refused. `output_cap`: the most output
    tokens that the model gives, where it said so. `alternating`: its chat template takes only turns
    of user and assistant. `closed_tools`: it takes tools with `tool_choice: none`.
    """

    schema: SchemaForm = "json_schema"
    limit: LimitField = "max_completion_tokens"
    limits_tried: frozenset[LimitField] = frozenset()
    output_cap: int | None = None
    tools: bool = True
    closed_tools: bool = True
    alternating: bool = False

    def differences(self) -> tuple[str, ...]:
        """What the server does not take, for the notes of an answer."""
        said = {
            f"output form: {self.schema}": self.schema != "json_schema",
            "the server takes no cap on output": self.limit == "none",
            f"output capped at {self.output_cap} tokens": self.output_cap is not None,
            "the server takes no tools": not self.tools,
            "system messages sent as user messages": self.alternating,
        }
        return tuple(text for text, holds in said.items() if holds)


def first_dialect(own_server: bool) -> Dialect:
    """The first form to try.

    OpenAI's reasoning models refuse `max_tokens`; other servers may ignore the newer name without
    a word, and then no cap would hold (https://platform.openai.com/docs/api-reference/chat).
    """
    return Dialect(limit="max_tokens" if own_server else "max_completion_tokens")


def overflows(message: str) -> bool:
    """Whether a refusal says that the prompt does not fit the model's context window."""
    return _OVERFLOW.search(message.lower()) is not None


def window_named(message: str) -> int | None:
    """The tokens that the model holds, where such a refusal says so."""
    said = re.sub(r"(?<=\d),(?=\d{3})", "", message.lower())
    found = (pattern.search(said) for pattern in _HOLDS)
    return next((int(match[1]) for match in found if match), None)


def step_down(dialect: Dialect, message: str, schema_sent: bool) -> Dialect | None:
    """The dialect to try after a refusal with this message; None: nothing plainer is known."""
    said = message.lower()
    if "max_tokens" in said or "max_completion_tokens" in said:
        return _other_limit(dialect, said)
    if "tool_choice" in said and dialect.closed_tools:
        return replace(dialect, closed_tools=False)
    if schema_sent and _SCHEMA.search(said):
        return _plainer_schema(dialect)
    if dialect.tools and _NO_TOOLS.search(said):
        return replace(dialect, tools=False)
    if not dialect.alternating and ("alternat" in said or re.search(r"system.*role|role", said)):
        return replace(dialect, alternating=True)
    return _plainer_schema(dialect) if schema_sent else None


def _other_limit(dialect: Dialect, said: str) -> Dialect | None:
    most = _AT_MOST.search(said)
    if most and dialect.output_cap is None:
        return replace(dialect, output_cap=int(most[1]))
    tried = dialect.limits_tried | {dialect.limit}
    order: tuple[LimitField, ...] = ("max_completion_tokens", "max_tokens", "none")
    left = [name for name in order if name not in tried]
    return replace(dialect, limit=left[0], limits_tried=tried) if left else None


def _plainer_schema(dialect: Dialect) -> Dialect | None:
    plainer = _PLAINER.get(dialect.schema)
    return replace(dialect, schema=plainer) if plainer else None
