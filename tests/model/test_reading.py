"""Answers as models really write them."""

from __future__ import annotations

import json
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from workers.model.reading import Unreadable, read_answer, read_json, without_thinking


class Entry(BaseModel):
    title: str
    severity: Literal["P0", "P1"]


class Answer(BaseModel):
    findings: list[Entry]


ONE = Answer(findings=[Entry(title="t", severity="P1")])
ONE_JSON = '{"findings": [{"title": "t", "severity": "P1"}]}'


@pytest.mark.parametrize(
    "text",
    [
        ONE_JSON,
        f"\n\n{ONE_JSON}\n",
        f"```json\n{ONE_JSON}\n```",
        f"First I looked at `f() {{ return }}`.\n```json\n{ONE_JSON}\n```\nThat is all.",
        f'The form is {{}} or {{"findings": []}}. Mine:\n{ONE_JSON}',
        f'<think>maybe {{"findings": []}}?</think>{ONE_JSON}',
        f"the template opened the block</think>\n{ONE_JSON}",
        f'{ONE_JSON[:-1]}, "extra": "an unknown key"}}',
    ],
)
def test_one_object_is_found_whatever_stands_around_it(text: str) -> None:
    assert read_answer(text, Answer) == ONE


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the answer is empty"),
        ("<think>hm</think>", "the answer is empty"),
        ("I found nothing.", "there is no JSON object in the answer"),
        ('["a"]', "the answer must be one JSON object, not list"),
        ('{"findings": NaN}', "NaN is not JSON"),
        ('{"findings": 1e999}', "the number '1e999' is too large"),
        ('{"findings": ' + "9" * 5000 + "}", "the number '99999999999999999999' is too large"),
        ('{"findings": [], "findings": []}', "the key 'findings' stands twice in one object"),
        ('{"findings": ' + "[" * 70 + "]" * 70 + "}", "nested more than 60 levels deep"),
        ('{"a":' * 100_000, "nested more than 60 levels deep"),
        ('{"findings": [{"title": "t", "severity": "high"}]}', "findings.0.severity: Input should"),
        ('{"findings": [{"severity": "P0"}]}', "findings.0.title: Field required"),
        ('{"findings": [{"title": "t", "sev', "the JSON is malformed: "),
    ],
)
def test_what_does_not_fit_is_named_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_answer(text, Answer)
    assert any(problem in line for line in caught.value.problems), caught.value.problems
    assert all("\n" not in line and len(line) <= 200 for line in caught.value.problems)


@pytest.mark.parametrize(
    "text",
    [
        # Each holds a smaller whole object, which would read as "nothing found".
        '{"room": 1, "inner": {"findings": []}, broken}',
        '{"note": "cut", "inner": {"findings": []}, "more": [{"title": "t"',
        'Such as {"findings": []}. My answer: {"findings": [{"title": "t", "sev',
        '[{"findings": []}, oops]',
    ],
)
def test_an_object_inside_a_broken_one_never_counts(text: str) -> None:
    with pytest.raises(Unreadable):
        read_answer(text, Answer)


def test_lone_surrogates_and_nuls_do_not_get_further() -> None:
    assert read_json('{"a\\ud800": ["x\\u0000y", "\\ud83d\\ude00", 1, null]}') == {
        "a?": ["xy", "\U0001f600", 1, None]
    }


def test_many_problems_are_cut_to_eight_and_a_count() -> None:
    with pytest.raises(Unreadable) as caught:
        read_answer(json.dumps({"findings": [{}] * 6}), Answer)
    assert len(caught.value.problems) == 9
    assert caught.value.problems[-1] == "and 4 more"


def test_a_closing_tag_within_json_is_not_thinking() -> None:
    assert without_thinking('{"title": "strip </think> tags"}') == (
        '{"title": "strip </think> tags"}'
    )


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(value=st.dictionaries(st.text(max_size=8), _VALUES), before=st.text(max_size=60))
def test_a_whole_object_at_the_end_is_read_back_as_it_was(
    value: dict[str, object], before: str
) -> None:
    prose = before.replace("{", "(").replace("[", "(").replace("</think>", "")
    expected = json.loads(json.dumps(value).replace("\\u0000", ""))
    assert read_json(f"{prose}\n{json.dumps(value)}") == expected


@given(st.text(alphabet='{}[]",:\\ \nabu0019-eEN`<>/', max_size=200))
def test_any_text_is_an_object_or_a_problem(text: str) -> None:
    try:
        value = read_json(text)
    except Unreadable:
        return
    assert json.loads(json.dumps(value, allow_nan=False)) == value


@given(value=st.dictionaries(st.text(min_size=1, max_size=5), _VALUES, min_size=1), data=st.data())
def test_no_cut_of_an_object_reads_as_an_object(
    value: dict[str, object], data: st.DataObject
) -> None:
    text = json.dumps(value)
    cut = text[: data.draw(st.integers(1, len(text) - 1))]
    with pytest.raises(Unreadable):
        read_json(cut)
