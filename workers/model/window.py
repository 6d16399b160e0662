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

INSTRUCTIONS = 4_000
"""Tokens of what every question says: who the model is, the tools, what is asked, the form."""
_ANSWER_SHARE = 4
"""The answer gets at most one part in so many."""
_LONG = 6_000
"""Tokens of a prompt that the smallest usual windows do not hold."""
_COUNTED = 0.25
"""Of our estimate, which is an upper one: a server that counts less has not read it all."""


class Window:
    """What the questions of one review know of it. Safe to use from several threads at once.

    What a refusal teaches holds from `adopt` on: questions that run side by side are asked alike,
    whichever of them is refused first, and so are those of a replay.
    """

    def __init__(self, tokens: int | None = None) -> None:
        """`tokens` None: not known."""
        self._tokens = tokens
        self._learnt = math.inf
        self._lost = False
        self._whole = 0
        self._short: dict[int, int] = {}
        self._lock = threading.Lock()

    @property
    def tokens(self) -> int | None:
        """The most that prompt and answer may be together; None: not known."""
        return self._tokens

    @property
    def reading(self) -> float:
        """What is left of it for everything that is not said in each question."""
        if self._tokens is None:
            return math.inf
        return self._tokens - self.answer(self._tokens) - INSTRUCTIONS

    def learn(self, request: ModelRequest, error: PromptTooLong, lost: bool) -> None:
        """Learn from a refusal: what the server named, else half of what was sent.

        `lost`: the question gets no answer for it.
        """
        sent = spoken(request.messages, request.tools) + request.max_output_tokens
        named = error.window if error.window and error.window < sent else sent // 2
        with self._lock:
            self._learnt = min(self._learnt, named)
            self._lost = self._lost or lost

    def counted(self, request: ModelRequest, tokens: int) -> None:
        """Note how much of a long prompt the server says it has read; 0: it does not say."""
        sent = spoken(request.messages, request.tools)
        if self._tokens is not None or sent < _LONG or not tokens:
            return
        with self._lock:
            if tokens < sent * _COUNTED:
                self._short[sent] = tokens
            else:
                self._whole += 1

    @property
    def cut(self) -> str:
        """That the server seems to cut prompts without a word; "" where it reads them whole.

        One that counts only what its cache does not hold has counted one of them whole.
        """
        if self._whole or not self._short:
            return ""
        sent, tokens = max(self._short.items())
        return (
            f"the model's server counted {tokens:,} tokens of a prompt of about {sent:,}: "
            "it seems to cut long ones (PLUMBLINE_CONTEXT_WINDOWS says what a model holds)"
        )

    def adopt(self) -> bool:
        """Hold to what was learnt; whether a question was lost since this was asked last."""
        with self._lock:
            if self._learnt < (self._tokens or math.inf):
                self._tokens = int(self._learnt)
            lost, self._lost = self._lost, False
        return lost

    def answer(self, wanted: int) -> int:
        """How long an answer may be, where so much is wanted."""
        return wanted if self._tokens is None else min(wanted, self._tokens // _ANSWER_SHARE)

    def left(self, request: ModelRequest) -> float:
        """Tokens that may still be added to a request's messages."""
        if self._tokens is None:
            return math.inf
        return self._tokens - request.max_output_tokens - spoken(request.messages, request.tools)


def spoken(messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> int:
    """The tokens of messages with their calls, and of the tools that are named beside them."""
    calls = (call for message in messages for call in message.tool_calls)
    texts = [message.content for message in messages]
    texts += [f"{call.name}{call.arguments}" for call in calls]
    texts += [f"{t.name}{t.description}{json.dumps(dict(t.parameters))}" for t in tools]
    return sum(map(estimated_tokens, texts))
