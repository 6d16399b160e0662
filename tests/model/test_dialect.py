"""What a refusal in words says about the server; the texts are those of real servers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.model.dialect import Dialect, first_dialect, overflows, step_down, window_named

NEW = Dialect()


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "Unsupported parameter: 'max_completion_tokens' is not supported with this model.",
            Dialect(limit="max_tokens", limits_tried=frozenset({"max_completion_tokens"})),
        ),
        (
            "max_tokens is too large: 8000. This model supports at most 4096 completion tokens",
            Dialect(output_cap=4096),
        ),
        (
            "Invalid parameter: 'response_format' of type 'json_schema' is not supported",
            Dialect(schema="json_object"),
        ),
        ("Failed to parse grammar", Dialect(schema="json_object")),
        ("unknown field tool_choice", Dialect(closed_tools=False)),
        ("registry/gemma:2b does not support tools", Dialect(tools=False)),
        (
            "Conversation roles must alternate user/assistant/user/assistant/...",
            Dialect(alternating=True),
        ),
        ("System role not supported", Dialect(alternating=True)),
        ("bad request", Dialect(schema="json_object")),
    ],
)
def test_a_refusal_names_the_next_form(message: str, expected: Dialect) -> None:
    assert step_down(NEW, message, schema_sent=True) == expected


def test_without_a_schema_an_unclear_refusal_ends_it() -> None:
    assert step_down(NEW, "bad request", schema_sent=False) is None


def test_the_first_form_depends_on_whose_server_it_is() -> None:
    assert first_dialect(own_server=True).limit == "max_tokens"
    assert first_dialect(own_server=False).limit == "max_completion_tokens"


@pytest.mark.parametrize(
    ("message", "window"),
    [
        (
            "This model's maximum context length is 8192 tokens. However, you requested 9000 "
            "tokens (8000 in the messages, 1000 in the completion).",
            8_192,
        ),
        ("the request exceeds the available context size", None),
        ("request (9120 tokens) exceeds the available context size (4096 tokens)", 4_096),
        ("prompt is too long: 210000 tokens > 200000 maximum", 200_000),
        (
            "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, "
            "decrease input length or `max_tokens` and try again",
            200_000,
        ),
        (
            "The input token count (1,100,000) exceeds the maximum number of tokens allowed "
            "(1,048,576).",
            1_048_576,
        ),
        (
            "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 "
            "maximum context length",
            32_768,
        ),
        ("Your input exceeds the context window of this model.", None),
    ],
)
def test_a_prompt_that_does_not_fit_is_no_matter_of_form(message: str, window: int | None) -> None:
    assert overflows(message)
    assert window_named(message) == window


@given(
    st.lists(
        st.sampled_from(
            [
                "max_tokens at most 10",
                "max_tokens",
                "tool_choice",
                "schema",
                "tools support",
                "role",
                "?",
            ]
        ),
        min_size=30,
        max_size=30,
    )
)
def test_stepping_down_always_ends(messages: list[str]) -> None:
    dialect: Dialect | None = NEW
    steps = 0
    for message in messages:
        following = (
            step_down(dialect, message, schema_sent=dialect.schema != "prompt") if dialect else None
        )
        if following is None:
            continue
        assert following != dialect
        dialect, steps = following, steps + 1
    assert steps <= 8
