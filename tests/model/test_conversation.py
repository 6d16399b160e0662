"""Conversations with a scripted model, as stories."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import BaseModel

from bot.domain.budget import Allowance
from bot.domain.conversation import Message, ModelAnswer, ModelRequest, TokenUsage, ToolCall
from bot.errors import (
    LimitExceeded,
    ModelAnswerInvalid,
    ModelUnavailable,
    PromptTooLong,
    Superseded,
)
from tests.fakes.code import BASE, HEAD, MemoryCode
from tests.fakes.scripted_model import Reply, ScriptedModel, calls
from tests.fakes.trace import ListTrace
from tests.fakes.watch import ScriptedWatch
from workers.model import wording
from workers.model.budget import Budget
from workers.model.conversation import Question, Session, ask
from workers.model.tools import Toolbox
from workers.model.window import Window, spoken


class Verdict(BaseModel):
    defects: list[str]


PREFIX = (Message("system", "You review.\n"), Message("user", "diff --git  \ttrailing \n\n"))
FORM = (
    "You may call tools in 5 messages, up to 8 calls at a time; then you answer.\n\n"
    "Work the question out first; you may write down your reasoning. Then end with the final "
    "answer: one JSON object, the last thing in your message, that fits this JSON schema:\n"
    '{"properties":{"defects":{"items":{"type":"string"},"type":"array"}},'
    '"required":["defects"],"type":"object","additionalProperties":false}'
)
QUESTION = Question("hunt", "hunt: contracts", PREFIX, Verdict, "hunt@1")
FILES = {
    "a.py": "def f():\n    return 1\n",
    "big.txt": "word " * 50 + "\n",
    "long.txt": "a line of words\n" * 2_000,
}


class Desk:
    """A session and what can be seen of it."""

    def __init__(
        self,
        script: Callable[[ModelRequest], Reply] | list[Reply],
        watch: ScriptedWatch | None = None,
        max_calls: int = 20,
        max_tokens: int = 1_000_000,
        window: int | None = None,
    ) -> None:
        self.model = ScriptedModel(script)
        self.trace = ListTrace()
        self.watch = watch or ScriptedWatch()
        self.budget = Budget(Allowance(max_calls, max_tokens, 60.0))
        toolbox = Toolbox(MemoryCode(FILES), BASE, HEAD)
        self.window = Window(window)
        self.session = Session(
            self.model, toolbox, self.budget, self.trace, self.watch, self.window
        )

    def said_last(self, index: int) -> str:
        """The last message of a request."""
        return self.model.requests[index].messages[-1].content


def test_most_questions_are_answered_in_one_call() -> None:
    desk = Desk(['I looked at f.\n{"defects": ["f returns 1"]}'])
    assert ask(QUESTION, desk.session) == Verdict(defects=["f returns 1"])
    [request] = desk.model.requests
    assert request.messages == (*PREFIX, Message("user", FORM))
    assert request.tools_open
    assert [spec.name for spec in request.tools] == [
        "read_file",
        "search",
        "find_definition",
        "find_references",
        "outline",
        "list_files",
        "file_history",
    ]


def test_tools_are_used_and_everything_is_recorded_once() -> None:
    look = calls(("read_file", {"path": "a.py"}), text="let me see")
    desk = Desk([look, {"defects": []}])
    assert ask(QUESTION, desk.session) == Verdict(defects=[])
    result = "a.py at head, lines 1-2 of 2:\n    1 | def f():\n    2 |     return 1"
    assert desk.model.requests[1].messages == (
        *desk.model.requests[0].messages,
        Message("assistant", "let me see", tool_calls=look.tool_calls),
        Message("tool", result, tool_call_id="call_1"),
    )
    assert desk.model.requests[1].tools == desk.model.requests[0].tools
    first, tool, second = desk.trace.steps
    assert (first.kind, first.prompt_version) == ("model", "hunt@1")
    assert [message["role"] for message in first.request["messages"]] == ["system", "user", "user"]
    assert tool.response == {"text": result}
    assert second.request["continues"] == 3
    assert [message["role"] for message in second.request["messages"]] == ["assistant", "tool"]
    assert second.response["text"] == '{"defects": []}'
    assert desk.budget.spent.model_calls == 2


def test_a_model_that_never_stops_calling_is_made_to_answer() -> None:
    def endless(request: ModelRequest) -> Reply:
        if request.tools_open:
            return calls(("read_file", {"path": "a.py", "start_line": len(request.messages)}))
        return {"defects": ["enough"]}

    desk = Desk(endless)
    assert ask(QUESTION, desk.session) == Verdict(defects=["enough"])
    opened = [request.tools_open for request in desk.model.requests]
    assert opened == [True] * 5 + [False]
    assert desk.said_last(5) == wording.ANSWER_NOW
    first, *others = [request.tools for request in desk.model.requests]
    assert first
    assert all(tools == first for tools in others)


def test_the_last_call_of_the_budget_is_kept_for_the_answer() -> None:
    def endless(request: ModelRequest) -> Reply:
        return calls(("list_files", {})) if request.tools_open else {"defects": []}

    desk = Desk(endless, max_calls=2)
    assert ask(QUESTION, desk.session) == Verdict(defects=[])
    assert [request.tools_open for request in desk.model.requests] == [True, False]


def test_the_same_call_again_is_answered_with_a_note() -> None:
    desk = Desk(
        [
            calls(("read_file", {"path": "a.py"})),
            calls(("read_file", {"at": "head", "path": "a.py"})),
            {"defects": []},
        ]
    )
    ask(QUESTION, desk.session)
    assert desk.said_last(2) == wording.ASKED_BEFORE
    assert len(desk.trace.named("read_file")) == 1


def test_too_many_calls_at_once_are_answered_but_not_run() -> None:
    many = calls(*(("read_file", {"path": f"{n}.py"}) for n in range(10)))
    desk = Desk([many, {"defects": []}])
    ask(QUESTION, desk.session)
    tools = [m for m in desk.model.requests[1].messages if m.role == "tool"]
    assert [m.tool_call_id for m in tools] == [f"call_{n}" for n in range(1, 11)]
    assert [m.content for m in tools[8:]] == [wording.too_many_calls(8)] * 2
    assert len(desk.trace.named("read_file")) == 8


def test_an_answer_that_does_not_fit_is_asked_for_once_more_with_its_problems() -> None:
    desk = Desk(['{"defects": "none"}', '{"defects": []}'])
    assert ask(QUESTION, desk.session) == Verdict(defects=[])
    again = desk.model.requests[1]
    assert not again.tools_open
    assert again.messages[-2:] == (
        Message("assistant", '{"defects": "none"}'),
        Message(
            "user",
            "That answer cannot be used:\n"
            "- defects: Input should be a valid list (got 'none')\n"
            "Give the whole answer once more, corrected: one JSON object that fits the schema "
            "given above, and nothing else.",
        ),
    )


def test_an_answer_that_never_fits_is_an_error_not_a_clean_review() -> None:
    desk = Desk(["no defects!", "really, none"])
    with pytest.raises(ModelAnswerInvalid) as caught:
        ask(QUESTION, desk.session)
    assert str(caught.value) == (
        "The answer to 'hunt: contracts' does not fit, also after being asked again: "
        "there is no JSON object in the answer"
    )
    assert len(desk.model.requests) == 2


def test_a_cut_answer_is_asked_for_again_shorter_and_with_more_room() -> None:
    cut = ModelAnswer('{"defects": []}', finish="length", model="m")
    desk = Desk([cut, {"defects": ["short"]}])
    assert ask(QUESTION, desk.session) == Verdict(defects=["short"])
    assert desk.said_last(1) == wording.shorter(8_000)
    assert [request.max_output_tokens for request in desk.model.requests] == [8_000, 16_000]


def test_an_answer_cut_twice_is_an_error_even_if_what_is_there_parses() -> None:
    cut = ModelAnswer('{"defects": []}', finish="length", model="m")
    with pytest.raises(ModelAnswerInvalid, match="was cut off, also after"):
        ask(QUESTION, Desk([cut, cut]).session)


def test_a_refusal_is_named_and_never_read_as_clean() -> None:
    refusal = ModelAnswer('{"defects": []}', finish="refusal", model="m")
    desk = Desk([refusal])
    with pytest.raises(ModelAnswerInvalid, match="was refused by the model"):
        ask(QUESTION, desk.session)
    assert desk.trace.steps[0].response["finish"] == "refusal"


def test_a_call_when_tools_are_closed_is_not_run() -> None:
    question = Question("verify", "verify", PREFIX, Verdict, "verify@1", tools=False)
    desk = Desk([calls(("list_files", {})), {"defects": []}])
    assert ask(question, desk.session) == Verdict(defects=[])
    assert [request.tools_open for request in desk.model.requests] == [False, False]
    assert "- it calls a tool, but no tool is on offer any more\n" in desk.said_last(1)
    assert desk.trace.named("list_files") == []


def test_a_long_result_is_cut_for_the_model_and_whole_in_the_record() -> None:
    def over(request: ModelRequest) -> Reply:
        return (
            calls(("search", {"pattern": "x"})) if len(request.messages) == 3 else {"defects": []}
        )

    desk = Desk(over)
    files = {f"{n}.py": ("x" * 300 + "\n") * 40 for n in range(3)}
    toolbox = Toolbox(MemoryCode(files), BASE, HEAD)
    session = Session(desk.model, toolbox, desk.budget, desk.trace, desk.watch)
    ask(QUESTION, session)
    whole = desk.trace.named("search")[0].response["text"]
    assert desk.said_last(1) == wording.cut(whole, 16_000)
    assert wording.cut("aaa\nbbb\nccc", 9) == (
        "aaa\nbbb\n[cut: 3 more characters; ask for less at once]"
    )


def test_work_that_nobody_wants_stops_before_the_next_call() -> None:
    # checks: before the first call, before its tool; the third stops it
    desk = Desk([calls(("list_files", {})), {"defects": []}], watch=ScriptedWatch(stop_after=2))
    with pytest.raises(Superseded):
        ask(QUESTION, desk.session)
    assert len(desk.model.requests) == 1
    assert [step.name for step in desk.trace.steps] == ["hunt: contracts", "list_files"]


def test_tokens_used_up_stop_the_conversation() -> None:
    def expensive(request: ModelRequest) -> Reply:
        call = ToolCall("c", "list_files", f'{{"under": "{len(request.messages)}"}}')
        return ModelAnswer("", (call,), "tool_calls", "m", TokenUsage(600, 0, 0))

    desk = Desk(expensive, max_tokens=1_000)
    with pytest.raises(LimitExceeded, match="1,200 of 1,000 tokens"):
        ask(QUESTION, desk.session)
    assert desk.budget.spent.input_tokens == 1_200


def test_a_model_that_does_not_answer_leaves_a_step() -> None:
    desk = Desk([ModelUnavailable("No configured model answered. m: 503")])
    with pytest.raises(ModelUnavailable):
        ask(QUESTION, desk.session)
    assert desk.trace.steps[0].response == {"error": "No configured model answered. m: 503"}


def test_thinking_left_in_the_content_is_not_sent_back() -> None:
    desk = Desk(["<think>secret plan</think>none", {"defects": []}])
    ask(QUESTION, desk.session)
    assert desk.model.requests[1].messages[-2] == Message("assistant", "none")


LONG_LOOK = calls(("read_file", {"path": "long.txt"}))


def test_results_and_answers_stay_within_a_known_window() -> None:
    """A result is cut to the room that is left; where there is none, the tools are closed."""
    desk = Desk([LONG_LOOK, {"defects": []}], window=5_000)
    assert ask(QUESTION, desk.session) == Verdict(defects=[])
    first, second = desk.model.requests
    assert (first.max_output_tokens, first.tools_open, second.tools_open) == (1_250, True, False)
    assert second.messages[-1].content == wording.ANSWER_NOW
    assert "more characters; ask for less at once]" in second.messages[-2].content
    for request in desk.model.requests:
        assert spoken(request.messages, request.tools) + request.max_output_tokens <= 5_000


def test_a_window_without_room_for_results_is_told_at_once() -> None:
    desk = Desk([{"defects": []}], window=2_300)
    ask(QUESTION, desk.session)
    (request,) = desk.model.requests
    assert not request.tools_open
    assert "For this question you have no tools" in request.messages[-1].content


def test_what_was_read_last_is_taken_back_where_it_was_too_much() -> None:
    """The first two results fitted: the answer rests on them, and the window is known now."""
    small = calls(("read_file", {"path": "a.py"}))
    refused = PromptTooLong("too long", 9_000)
    desk = Desk([small, LONG_LOOK, refused, {"defects": ["seen"]}])
    assert ask(QUESTION, desk.session) == Verdict(defects=["seen"])
    last = desk.model.requests[-1]
    assert [m.content for m in last.messages[-2:]] == [wording.NO_ROOM, wording.ANSWER_NOW]
    assert "return 1" in last.messages[4].content
    assert (last.tools_open, desk.window.adopt(), desk.window.tokens) == (False, False, 9_000)
    steps = [step for step in desk.trace.steps if step.kind == "model"]
    assert [step.request["continues"] for step in steps] == [0, 3, 5, 6]


def test_a_question_that_is_too_long_itself_is_an_error_that_teaches_the_window() -> None:
    desk = Desk([PromptTooLong("too long", None)])
    with pytest.raises(PromptTooLong):
        ask(QUESTION, desk.session)
    (request,) = desk.model.requests
    sent = spoken(request.messages, request.tools) + request.max_output_tokens
    assert (desk.window.adopt(), desk.window.adopt()) == (True, False)
    assert desk.window.tokens == sent // 2


@pytest.mark.parametrize("named", [(9_000, 9_000), (None, 9_000), (9_000, None)])
def test_what_is_learnt_side_by_side_is_the_same_in_any_order(
    named: tuple[int | None, int | None],
) -> None:
    """And holds only when all are through: until then every question is asked alike."""
    long = ModelRequest("hunt", "hunt", (Message("user", "words " * 9_000),))
    window = Window(100_000)
    for size in named:
        window.learn(long, PromptTooLong("too long", size), lost=True)
    assert window.tokens == 100_000
    window.adopt()
    assert window.tokens == 9_000
