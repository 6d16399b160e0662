"""The table that `make bench` prints, and the model behind it; numbers are not tests' matter."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from benchmarks.instant_model import answer
from benchmarks.measure import Measure, table
from workers.model.schema import answer_schema, schema_text
from workers.review.answers import AnnouncedAnswer, HuntAnswer, IntentAnswer, VerifyAnswer

MEASURES = [
    Measure("acknowledgements", 1766.4, "/s", "at least", 500),
    Measure("webhook to review", 2.345, "s", "at most", 2, digits=2),
    Measure("python -c pass", 0.04, "s", digits=2),
]

TABLE = """\
| measure           | value    | target          | met |
|-------------------|----------|-----------------|-----|
| acknowledgements  | 1,766 /s | at least 500 /s | yes |
| webhook to review | 2.35 s   | at most 2 s     | NO  |
| python -c pass    | 0.04 s   |                 |     |"""


def test_the_table_says_what_was_met() -> None:
    assert table(MEASURES) == TABLE
    assert [measure.met for measure in MEASURES] == [True, False, None]


@pytest.mark.parametrize("form", [HuntAnswer, IntentAnswer, VerifyAnswer, AnnouncedAnswer])
def test_the_instant_model_answers_in_the_form_that_is_asked_for(form: type[BaseModel]) -> None:
    asked = [
        {"role": "user", "content": "## 1. Wrong total\nP1\n\n## 2. Wrong tax\nP1"},
        {"role": "user", "content": schema_text(answer_schema(form))},
    ]

    said: dict[str, Any] = answer({"messages": asked})

    form.model_validate(said)
    if "results" in said:
        assert [each["number"] for each in said["results"]] == [1, 2]
