"""How much a model holds at once: prompt and answer together, in tokens.

The operator says so, or a server that refuses a prompt teaches it; else there is no bound.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Sequence

from bot.domain.conversation import Message, ModelRequest, ToolSpec
from bot.errors import PromptTooLong
from workers.model.tokens import estimated_tokens

LEAST = 8_000
"""Of a smaller one, instructions and answer would leave nothing to read."""
_ANSWER_SHARE = 4
"""The answer gets at most one part in so many."""


class Window:
    """What the questions of one review know of it. Safe to use from several threads at once."""

    def __init__(self, tokens: int | None = None) -> None:
        """`tokens` None: not known."""
        self._tokens = tokens
        self._refused = False
        self._lock = threading.Lock()

    @property
    def tokens(self) -> int | None:
        """The most that prompt and answer may be together; None: not known."""
        with self._lock:
            return self._tokens

    def refuse(self, request: ModelRequest, error: PromptTooLong) -> None:
        """Learn from a refusal: what the server named, else half of what was sent.

        Where more was sent than is known to fit, there is nothing to learn: questions are parallel.
        """
        sent = spoken(request.messages, request.tools) + request.max_output_tokens
        named = error.window if error.window and error.window < sent else sent // 2
        with self._lock:
            self._refused = True
            if self._tokens is None or sent <= self._tokens:
                self._tokens = named

    def take_refusal(self) -> bool:
        """Whether a prompt was refused since this was asked last."""
        with self._lock:
            refused, self._refused = self._refused, False
        return refused

    def answer(self, wanted: int) -> int:
        """How long an answer may be, where so much is wanted."""
        tokens = self.tokens
        return wanted if tokens is None else min(wanted, tokens // _ANSWER_SHARE)

    def left(self, request: ModelRequest) -> float:
        """Tokens that may still be added to a request's messages."""
        tokens = self.tokens
        if tokens is None:
            return math.inf
        return tokens - request.max_output_tokens - spoken(request.messages, request.tools)


def spoken(messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> int:
    """The tokens of messages with their calls, and of the tools that are named beside them."""
    calls = (call for message in messages for call in message.tool_calls)
    texts = [message.content for message in messages]
    texts += [f"{call.name}{call.arguments}" for call in calls]
    texts += [f"{t.name}{t.description}{json.dumps(dict(t.parameters))}" for t in tools]
    return sum(map(estimated_tokens, texts))
