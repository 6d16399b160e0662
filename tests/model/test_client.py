"""The client against a real HTTP server that misbehaves as real servers do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.domain.conversation import (
    AnswerSchema,
    Message,
    ModelAnswer,
    ModelRequest,
    TokenUsage,
    ToolCall,
    ToolSpec,
)
from bot.errors import ModelUnavailable, PromptTooLong
from bot.settings import ModelSettings
from tests.fakes.openai_server import (
    Call,
    OpenAIServer,
    Reply,
    Script,
    calls_tool,
    drops,
    fails,
    hangs,
    refuses,
    says,
    sends,
    takes_no,
    takes_no_format,
)
from workers.model.client import OpenAIModel

SCHEMA = AnswerSchema("Verdict", {"type": "object", "properties": {}, "required": []})
TOOL = ToolSpec("list_files", "List.", {"type": "object", "properties": {}})
REQUEST = ModelRequest("hunt", "hunt", (Message("system", "s"), Message("user", "u")))
CLOSED = ModelRequest(
    "hunt", "hunt", REQUEST.messages, tools=(TOOL,), tools_open=False, schema=SCHEMA
)


class Line:
    """A client, the server it speaks to, and the seconds that it chose to wait."""

    def __init__(self, model: OpenAIModel, server: OpenAIServer, waits: list[float]) -> None:
        self.model = model
        self.server = server
        self.waits = waits

    @property
    def models(self) -> list[str]:
        return [call.model for call in self.server.calls]


@contextmanager
def line(
    script: Script | list[Reply], fast: str = "", fallbacks: tuple[str, ...] = ()
) -> Iterator[Line]:
    waits: list[float] = []
    with OpenAIServer(script) as server:
        settings = ModelSettings("big", fast, fallbacks, server.url, "sk-operator")
        model = OpenAIModel(settings, sleep=waits.append)
        try:
            yield Line(model, server, waits)
        finally:
            model.close()


def without_seconds(answer: ModelAnswer) -> tuple[str, str, str, tuple[str, ...]]:
    return answer.text, answer.finish, answer.model, answer.notes


def test_a_request_goes_out_as_it_stands_and_the_answer_comes_back_counted() -> None:
    with line([says("fine", prompt=120, completion=7, cached=100)]) as desk:
        answer = desk.model.complete(REQUEST)
    assert without_seconds(answer) == ("fine", "stop", "big", ())
    assert answer.usage == TokenUsage(120, 100, 7)
    assert answer.seconds > 0
    [call] = desk.server.calls
    assert call.body == {
        "model": "big",
        "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}],
        "max_tokens": 8000,
    }
    assert call.headers["authorization"] == "Bearer sk-operator"


def test_tool_calls_go_both_ways() -> None:
    with line([calls_tool("list_files", {"under": "x"}), says("done")]) as desk:
        open_request = ModelRequest("hunt", "h", REQUEST.messages, tools=(TOOL,), schema=SCHEMA)
        answer = desk.model.complete(open_request)
        assert answer.finish == "tool_calls"
        assert answer.tool_calls == (ToolCall("call_1", "list_files", '{"under": "x"}'),)
        later = (
            *REQUEST.messages,
            Message("assistant", "", tool_calls=answer.tool_calls),
            Message("tool", "a.py", tool_call_id="call_1"),
        )
        desk.model.complete(ModelRequest("hunt", "h", later, tools=(TOOL,)))
    first, second = desk.server.calls
    assert "response_format" not in first.body
    assert "tool_choice" not in first.body
    assert second.body["messages"][2:] == [
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {"name": "list_files", "arguments": '{"under": "x"}'},
                }
            ],
        },
        {"role": "tool", "content": "a.py", "tool_call_id": "call_1"},
    ]


def test_closed_tools_are_still_named_and_the_output_is_held_to_the_schema() -> None:
    with line([says("{}")]) as desk:
        desk.model.complete(CLOSED)
    body = desk.server.calls[0].body
    assert [tool["function"]["name"] for tool in body["tools"]] == ["list_files"]
    assert body["tool_choice"] == "none"
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "Verdict", "strict": True, "schema": dict(SCHEMA.schema)},
    }
    assert '{"type":"object","properties":{},"required":[]}' in body["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("trouble", "note"),
    [
        (fails(429, "slow down"), "big: 429: slow down"),
        (fails(500, "oops"), "big: 500: oops"),
        (fails(503, "loading"), "big: 503: loading"),
        (drops(), "big: connection failed"),
        (sends("<html>busy</html>"), "big: the server's answer is not JSON: '<html>busy</html>'"),
        (sends('{"choices": []}'), "big: the server answered 200 without a completion"),
        (sends('{"error": {"message": "upstream"}}'), "without a completion: 'upstream'"),
    ],
)
def test_passing_trouble_is_waited_out_and_noted(trouble: Reply, note: str) -> None:
    with line([trouble, trouble, says("ok")], fallbacks=("spare",)) as desk:
        answer = desk.model.complete(REQUEST)
    assert (answer.text, answer.model) == ("ok", "big")
    assert desk.models == ["big"] * 3
    assert [round(seconds) for seconds in desk.waits] in ([1, 2], [1, 3])
    assert len(answer.notes) == 2
    assert all(note in line for line in answer.notes), answer.notes


def test_retry_after_is_honoured_up_to_a_cap() -> None:
    with line([fails(429, "wait", retry_after="7"), says("ok")]) as desk:
        desk.model.complete(REQUEST)
        assert desk.waits == [7.0]
    with line([fails(429, "wait", retry_after="600"), says("ok")], fallbacks=("spare",)) as desk:
        answer = desk.model.complete(REQUEST)
    assert desk.waits == []
    assert (answer.model, answer.notes) == ("spare", ("big: 429: wait", "not waited for: 600 s"))


@pytest.mark.parametrize(
    ("trouble", "note"),
    [
        (fails(404, "no such model"), "big: 404: no such model; check PLUMBLINE_MODEL"),
        (fails(401, "bad key"), "big: 401: bad key; check OPENAI_API_KEY"),
        (fails(429, "pay", "insufficient_quota"), "big: 429: pay"),
        (fails(400, "maximum context length is 8192"), "big: 400: maximum context length is 8192"),
        (
            Reply(307, b"", {"location": "http://127.0.0.1:1/"}),
            "big: 307: OPENAI_BASE_URL redirects; give the final address",
        ),
    ],
)
def test_lasting_trouble_goes_to_the_next_model_at_once(trouble: Reply, note: str) -> None:
    with line([trouble, says("ok")], fallbacks=("spare",)) as desk:
        answer = desk.model.complete(REQUEST)
    assert desk.models == ["big", "spare"]
    assert desk.waits == []
    assert answer.model == "spare"
    assert answer.notes[0].startswith(note)


def test_a_model_that_hangs_is_left_for_the_next() -> None:
    def script(call: Call) -> Reply:
        return hangs() if call.model == "big" else says("ok")

    with line(script, fallbacks=("spare",)) as desk:
        patient = ModelRequest("hunt", "h", REQUEST.messages, timeout_seconds=0.6)
        answer = desk.model.complete(patient)
    assert without_seconds(answer) == ("ok", "stop", "spare", ("big: timed out",))


def test_a_model_is_given_as_long_as_the_operator_says_and_the_review_has() -> None:
    with OpenAIServer(lambda _call: hangs()) as server:
        settings = ModelSettings("big", base_url=server.url, answer_seconds=0.2)
        model = OpenAIModel(settings, sleep=lambda _seconds: None)
        with pytest.raises(ModelUnavailable, match="big: timed out"):
            model.complete(REQUEST)
        model.close()


def test_when_all_fail_the_error_says_how_each_did_and_holds_no_key() -> None:
    key = "sk-proj-" + "aB3" * 20

    def script(call: Call) -> Reply:
        return fails(401, f"Incorrect API key {key}") if call.model == "big" else fails(404, "gone")

    with line(script, fallbacks=("spare",)) as desk, pytest.raises(ModelUnavailable) as caught:
        desk.model.complete(REQUEST)
    assert str(caught.value) == (
        "No configured model answered. "
        "big: 401: Incorrect API key [redacted: openai-key]; check OPENAI_API_KEY; "
        "spare: 404: gone; check PLUMBLINE_MODEL and OPENAI_BASE_URL"
    )


def test_a_prompt_that_no_model_holds_is_told_with_the_largest_window_and_breaks_no_circuit() -> (
    None
):
    def script(call: Call) -> Reply:
        if len(call.last) < 10:
            return says("ok")
        most = {"big": 8_192, "spare": 16_384}[call.model]
        return fails(400, f"This model's maximum context length is {most} tokens.")

    long = ModelRequest("hunt", "hunt", (Message("user", "words " * 20),))
    with line(script, fallbacks=("spare",)) as desk:
        for _ in range(4):
            with pytest.raises(PromptTooLong) as caught:
                desk.model.complete(long)
            assert caught.value.window == 16_384
        assert desk.model.complete(REQUEST).model == "big"
    assert desk.waits == []


def test_a_refusal_for_size_without_words_is_one_too() -> None:
    page = sends("<html>Request Entity Too Large</html>", 413)
    with line([page]) as desk, pytest.raises(PromptTooLong) as caught:
        desk.model.complete(REQUEST)
    assert caught.value.window is None


def test_no_server_at_all_is_unavailable() -> None:
    with OpenAIServer([]) as server:
        gone = server.url
    model = OpenAIModel(ModelSettings("big", base_url=gone), sleep=lambda _seconds: None)
    with pytest.raises(ModelUnavailable, match="big: connection failed"):
        model.complete(REQUEST)
    model.close()


def test_a_model_that_keeps_failing_is_passed_over() -> None:
    def script(call: Call) -> Reply:
        return fails(404, "gone") if call.model == "big" else says("ok")

    with line(script, fallbacks=("spare",)) as desk:
        answers = [desk.model.complete(REQUEST) for _ in range(4)]
    assert desk.models == ["big", "spare"] * 3 + ["spare"]
    assert answers[3].notes == ("big: passed over after repeated failures",)


def test_the_fast_tier_tries_the_fast_model_first() -> None:
    fast = ModelRequest("verify", "v", REQUEST.messages, tier="fast")
    with line([fails(404, "gone"), says("ok"), says("ok")], fast="small") as desk:
        desk.model.complete(fast)
        desk.model.complete(REQUEST)
    assert desk.models == ["small", "big", "big"]


def test_a_server_without_schemas_is_asked_in_plainer_forms_and_that_is_remembered() -> None:
    script = takes_no_format("json_schema", takes_no_format("json_object", lambda _: says("{}")))
    with line(script) as desk:
        first, second = desk.model.complete(CLOSED), desk.model.complete(CLOSED)
    forms = [call.body.get("response_format", {}).get("type") for call in desk.server.calls]
    assert forms == ["json_schema", "json_object", None, None]
    assert first.notes == second.notes == ("output form: prompt",)


@pytest.mark.parametrize(
    ("refused", "bodies"),
    [
        ("max_tokens", [{"max_tokens": 8000}, {"max_completion_tokens": 8000}] * 1),
        ("tool_choice", [{"tool_choice": "none"}, {"tool_choice": None, "tools": None}]),
        ("response_format", [{}, {}, {"response_format": None}]),
    ],
)
def test_a_field_that_a_server_refuses_is_left_out_from_then_on(
    refused: str, bodies: list[dict[str, object]]
) -> None:
    with line(takes_no(refused, lambda _: says("{}"))) as desk:
        desk.model.complete(CLOSED)
        desk.model.complete(CLOSED)
    seen = [call.body for call in desk.server.calls]
    assert len(seen) == len(bodies) + 1
    for body, expected in zip(seen, [*bodies, bodies[-1]], strict=True):
        assert {name: body.get(name) for name in expected} == expected


def test_a_cap_on_output_that_the_model_names_is_kept() -> None:
    def script(call: Call) -> Reply:
        if call.body["max_tokens"] > 4096:
            text = "max_tokens is too large: 8000. This model supports at most 4096 tokens."
            return fails(400, text)
        return says("ok")

    with line(script) as desk:
        answer = desk.model.complete(REQUEST)
    assert [call.body["max_tokens"] for call in desk.server.calls] == [8000, 4096]
    assert answer.notes == ("output capped at 4096 tokens",)


def test_a_chat_template_that_wants_alternating_turns_gets_them() -> None:
    def script(call: Call) -> Reply:
        roles = [message["role"] for message in call.body["messages"]]
        if roles != ["user"]:
            return fails(400, "Conversation roles must alternate user/assistant/user/assistant")
        return says(call.last)

    with line(script) as desk:
        answer = desk.model.complete(REQUEST)
    assert without_seconds(answer) == (
        "s\n\nu",
        "stop",
        "big",
        ("system messages sent as user messages",),
    )


def test_a_refused_form_is_forgotten_when_no_form_helped() -> None:
    replies = [fails(400, "strange") for _ in range(3)]
    with line([*replies, says("{}")]) as desk:
        with pytest.raises(ModelUnavailable, match="big: 400: strange"):
            desk.model.complete(CLOSED)
        desk.model.complete(CLOSED)
    assert desk.server.calls[3].body["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize(
    ("reply", "finish", "text"),
    [
        (refuses("I cannot help"), "refusal", "I cannot help"),
        (says('{"defects": []}', finish="content_filter"), "refusal", '{"defects": []}'),
        (fails(400, "filtered", "content_filter"), "refusal", "400: filtered"),
        (says('{"def', finish="length"), "length", '{"def'),
        (says("ok", finish="eos"), "stop", "ok"),
        (sends('{"choices": [{"message": {"content": null}}]}'), "stop", ""),
        (
            sends('{"choices": [{"message": {"content": [{"type": "text", "text": "a"}]}}]}'),
            "stop",
            "a",
        ),
    ],
)
def test_every_ending_is_told_apart(reply: Reply, finish: str, text: str) -> None:
    with line([reply]) as desk:
        answer = desk.model.complete(REQUEST)
    assert (answer.finish, answer.text) == (finish, text)


def test_odd_but_readable_answers_are_read() -> None:
    body = (
        '{"choices": [{"finish_reason": "stop", "message": {"reasoning_content": "hm", "content": '
        '"", "tool_calls": [{"function": {"name": "list_files", "arguments": {"under": "x"}}}]}}], '
        '"usage": {"prompt_tokens": 5, "completion_tokens": null, "prompt_tokens_details": null}}'
    )
    with line([sends(body)]) as desk:
        answer = desk.model.complete(REQUEST)
    assert answer.tool_calls == (ToolCall("call_2_0", "list_files", '{"under": "x"}'),)
    assert (answer.finish, answer.usage) == ("tool_calls", TokenUsage(5, 0, 0))


def test_a_server_that_counts_no_tokens_is_estimated_so_that_budgets_hold() -> None:
    with line([sends('{"choices": [{"message": {"content": "12345678"}}]}')]) as desk:
        answer = desk.model.complete(ModelRequest("hunt", "h", (Message("user", "u" * 400),)))
    assert answer.usage == TokenUsage(100, 0, 2)
    assert answer.notes == ("the server counted no tokens: estimated from characters",)


def test_a_lone_surrogate_in_a_message_does_not_break_the_request() -> None:
    with line([says("ok")]) as desk:
        desk.model.complete(ModelRequest("hunt", "h", (Message("user", "a\ud800b"),)))
    assert desk.server.calls[0].last == "a?b"
