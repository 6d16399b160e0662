"""One question to a model: a bounded loop of tool rounds that ends in a checked answer or an error.

While tools are open the model is free to think: it may write text around its JSON, and the server
is not told to constrain the output. When tools are closed (the last round, a repair, a question
without tools) the server is asked for the strict schema. The list of tools is the same in every
call and the caller's messages are sent as given, so that providers can cache the common prefix.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from pydantic import BaseModel

from bot.domain.conversation import (
    Message,
    ModelAnswer,
    ModelRequest,
    ModelTier,
    Room,
    ToolCall,
)
from bot.errors import LimitExceeded, ModelAnswerInvalid, ModelError, PromptTooLong
from bot.ports import Model, Trace, Watch
from workers.model import wording
from workers.model.budget import Budget
from workers.model.reading import Unreadable, read_answer, without_thinking
from workers.model.recording import Outcome, model_step, tool_step
from workers.model.schema import answer_schema
from workers.model.tokens import bytes_of
from workers.model.tools import Toolbox
from workers.model.window import Window

T = TypeVar("T", bound=BaseModel)

MAX_CALLS_A_ROUND = 8
MAX_RESULT_CHARACTERS = 16_000
MAX_ECHO_CHARACTERS = 8_000  # of an invalid answer, shown back in the re-ask
CLOSING_TOKENS = 300  # kept for what is said after the last result
LEAST_RESULT_TOKENS = 200  # of less, a result is no use


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """What is asked. `messages` come first and are sent as they stand.

    `max_rounds` is the number of model calls that may be spent before the answer must be there,
    the answering call included; in the last one the tools are closed.
    """

    room: Room
    purpose: str
    messages: tuple[Message, ...]
    answer: type[T]
    prompt_version: str
    tier: ModelTier = "main"
    tools: bool = True
    max_rounds: int = 6
    max_output_tokens: int = 8_000


@dataclass(frozen=True, slots=True)
class Session:
    """What the questions of one review share. Safe to use from several threads at once."""

    model: Model
    toolbox: Toolbox | None
    budget: Budget
    trace: Trace
    watch: Watch
    window: Window = field(default_factory=Window)


def ask(question: Question[T], session: Session) -> T:
    """The checked answer.

    Raises:
        ModelAnswerInvalid: refused; or truncated, or off-schema, also after being asked again.
        ModelUnavailable: no configured model answered.
        PromptTooLong: the question is more than the model holds; the session's window learnt it.
        LimitExceeded: the review's calls, tokens or seconds are used up.
        Superseded: nobody wants the answer any more.
    """
    return _Conversation(question, session).run()


class _Conversation(Generic[T]):
    def __init__(self, question: Question[T], session: Session) -> None:
        self._question = question
        self._session = session
        rounds = question.max_rounds - 1 if question.tools and session.toolbox else 0
        self._request = self._opening(rounds)
        if rounds and not self._room():
            self._request = self._opening(rounds=0)
        self._recorded = 0  # messages that the trace holds already
        self._asked: set[tuple[str, str]] = set()

    def _opening(self, rounds: int) -> ModelRequest:
        """The first request; `rounds` messages may call tools."""
        question, session = self._question, self._session
        schema = answer_schema(question.answer)
        looks = wording.looks(rounds, MAX_CALLS_A_ROUND)
        closing = Message("user", f"{looks}\n\n{wording.answer_form(schema)}")
        return ModelRequest(
            room=question.room,
            purpose=question.purpose,
            messages=(*question.messages, closing),
            tools=session.toolbox.specs() if session.toolbox else (),
            schema=schema,
            tier=question.tier,
            max_output_tokens=session.window.answer(question.max_output_tokens),
        )

    def run(self) -> T:
        """Rounds of tools until the model answers, then its answer."""
        last = max(1, self._question.max_rounds)
        for round_number in range(1, last + 1):
            tools_open = self._tools_open(final=round_number == last)
            if not tools_open and round_number > 1:
                self._say(Message("user", wording.ANSWER_NOW))
            answer = self._call_within(tools_open)
            if not (tools_open and answer.tool_calls):
                break
            self._use_tools(answer)
        return self._settle(answer)

    def _call_within(self, tools_open: bool) -> ModelAnswer:
        """The answer; what was read last is taken back where it was more than the model holds."""
        try:
            return self._call(tools_open)
        except PromptTooLong as error:
            sent = self._request
            taken_back = self._take_back()
            self._session.window.learn(sent, error, lost=not taken_back)
            if not taken_back:
                raise
        return self._call(tools_open=False)

    def _take_back(self) -> bool:
        """The last round without its results; False where there was none."""
        messages = self._request.messages
        asked = [number for number, message in enumerate(messages) if message.tool_calls]
        if not asked:
            return False
        kept, last = messages[: asked[-1] + 1], messages[asked[-1] + 1 :]
        results = (message for message in last if message.role == "tool")
        unread = (replace(message, content=wording.NO_ROOM) for message in results)
        closing = Message("user", wording.ANSWER_NOW)
        self._request = replace(self._request, messages=(*kept, *unread, closing))
        self._recorded = len(kept)
        return True

    def _tools_open(self, final: bool) -> bool:
        """Closed in the last round, and while one call is left: an answer beats one more look.

        And where the model holds no result any more.
        """
        session = self._session
        wanted = self._question.tools and session.toolbox is not None
        return wanted and not final and session.budget.calls_left > 1 and self._room() > 0

    def _settle(self, answer: ModelAnswer) -> T:
        """The value of a final answer: mended once if it was cut, and once if it does not fit."""
        if answer.finish == "length":
            answer = self._ask_shorter()
        try:
            return self._read(answer)
        except Unreadable as first:
            answer = self._ask_again(answer, first)
        try:
            return self._read(answer)
        except Unreadable as error:
            raise self._invalid(f"does not fit, also after being asked again: {error}") from error

    def _read(self, answer: ModelAnswer) -> T:
        if answer.finish == "refusal":
            raise self._invalid(f"was refused by the model: {answer.text[:200]!r}")
        if answer.finish == "length":
            raise self._invalid("was cut off, also after being asked for a shorter one")
        if answer.tool_calls:
            raise Unreadable("it calls a tool, but no tool is on offer any more")
        return read_answer(answer.text, self._question.answer)

    def _ask_shorter(self) -> ModelAnswer:
        limit = self._request.max_output_tokens
        self._say(Message("user", wording.shorter(limit)))
        more = min(limit, max(self._session.window.left(self._request), 0))
        self._request = replace(self._request, max_output_tokens=limit + int(more))
        return self._call(tools_open=False)

    def _ask_again(self, answer: ModelAnswer, unreadable: Unreadable) -> ModelAnswer:
        said = without_thinking(answer.text)[:MAX_ECHO_CHARACTERS] or "(no text)"
        self._say(Message("assistant", said), Message("user", wording.re_ask(unreadable.problems)))
        return self._call(tools_open=False)

    def _call(self, tools_open: bool) -> ModelAnswer:
        session, request = self._session, replace(self._request, tools_open=tools_open)
        session.watch.check()
        try:
            seconds = session.budget.start_call()
        except LimitExceeded as error:
            self._record(request, error)
            raise
        request = replace(request, timeout_seconds=min(request.timeout_seconds, seconds))
        try:
            answer = session.model.complete(request)
        except LimitExceeded as error:  # a replay: a budget forbade this call then
            session.budget.forbid(str(error))
            self._record(request, error)
            raise
        except ModelError as error:
            self._record(request, error)
            raise
        session.budget.charge(answer)
        session.window.counted(request, answer.usage.input_tokens)
        self._record(request, answer)
        return answer

    def _record(self, request: ModelRequest, outcome: Outcome) -> None:
        version = self._question.prompt_version
        self._session.trace.add(model_step(request, self._recorded, outcome, version))
        self._recorded = len(request.messages)

    def _use_tools(self, answer: ModelAnswer) -> None:
        """Answer every call: servers refuse a conversation in which one is left open."""
        calls = answer.tool_calls
        self._say(Message("assistant", without_thinking(answer.text), tool_calls=calls))
        for position, call in enumerate(calls):
            if position < MAX_CALLS_A_ROUND:
                result = self._use_tool(call)
            else:
                result = wording.too_many_calls(MAX_CALLS_A_ROUND)
            self._say(Message("tool", result, tool_call_id=call.id))

    def _use_tool(self, call: ToolCall) -> str:
        toolbox = self._session.toolbox
        if toolbox is None:
            return wording.NO_TOOLS
        self._session.watch.check()
        key = (call.name, toolbox.same_call_key(call))
        if key in self._asked:
            return wording.ASKED_BEFORE
        self._asked.add(key)
        run = toolbox.timed_run(call)
        self._session.trace.add(tool_step(call, run, self._question.prompt_version))
        room = self._room()
        if room <= 0:
            return wording.NO_ROOM
        return wording.cut(run.text, min(MAX_RESULT_CHARACTERS, bytes_of(room)))

    def _room(self) -> int:
        """Tokens that a result may have; 0 where they are too few."""
        left = self._session.window.left(self._request) - CLOSING_TOKENS
        return int(min(left, MAX_RESULT_CHARACTERS)) if left >= LEAST_RESULT_TOKENS else 0

    def _say(self, *messages: Message) -> None:
        self._request = replace(self._request, messages=(*self._request.messages, *messages))

    def _invalid(self, what: str) -> ModelAnswerInvalid:
        return ModelAnswerInvalid(f"The answer to {self._question.purpose!r} {what}")
