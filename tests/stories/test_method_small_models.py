"""Models that hold little at once: what is read is fitted to them; what has no room is named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.budget import Limits
from bot.domain.conversation import ModelAnswer, ModelRequest, TokenUsage
from bot.errors import PromptTooLong
from tests.fakes.answers import NO_DEFECT, NO_PROMISE, defect, quote, rooms
from tests.fakes.proposal import Proposal, propose
from tests.fakes.scripted_model import Reply, ScriptedModel, calls
from workers.model.window import spoken
from workers.review.budgets import Budgets


def _many_files(folder: Path, body: str = "") -> Proposal:
    """Twelve files that do not know each other: about 11,000 tokens of diff, of about 900 each."""
    head = {
        f"{name}.py": "".join(f"{name}_value_number_{n} = {n}\n" for n in range(60))
        for name in "abcdefghijkl"
    }
    return propose(folder, {"z.py": "z = 1\n"}, head, body=body)


def _size(request: ModelRequest) -> int:
    return spoken(request.messages, request.tools) + request.max_output_tokens


def _holds(window: int, named: bool, otherwise: Callable[[ModelRequest], Reply]) -> ScriptedModel:
    """A model that refuses what it cannot hold, as a server would."""

    def script(request: ModelRequest) -> Reply:
        if _size(request) > window:
            return PromptTooLong("the prompt is too long", window if named else None)
        return otherwise(request)

    return ScriptedModel(script)


def _quiet(request: ModelRequest) -> Reply:
    return {"hunt": NO_DEFECT, "intent": NO_PROMISE, "verify": {"results": []}}[request.room]


@pytest.mark.parametrize("named", [True, False], ids=["named", "not named"])
def test_a_prompt_that_is_refused_is_asked_again_in_smaller_ones(
    tmp_path: Path, named: bool
) -> None:
    """Every file is read all the same, and people are told."""
    model = _holds(16_000, named, _quiet)
    review = _many_files(tmp_path).review(model, effort="standard")
    assert (review.status, review.coverage.not_done) == ("complete", ())
    assert {file.state for file in review.coverage.files} == {"read"}
    (note,) = review.notes
    assert note.endswith(" tokens at once: the change was read in smaller prompts.")
    assert note.startswith("The model holds 16,000 ") is named
    assert max(map(_size, model.requests[4:])) <= 16_000
    shown = "".join(request.messages[1].content for request in model.asked("hunt")[1:])
    assert all(f"{name}_value_number_59 = 59" in shown for name in "abcdefghijkl")


def test_a_window_that_is_known_beforehand_costs_no_refused_call(tmp_path: Path) -> None:
    """Neither for packs, nor for a curious model's tools, nor for a long description."""

    def curious(request: ModelRequest) -> Reply:
        return calls(("read_file", {"path": "a.py"})) if request.tools_open else _quiet(request)

    model = _holds(12_000, True, curious)
    review = _many_files(tmp_path, body="It is all faster now. " * 900).review(
        model, effort="standard", budgets=Budgets(Limits(window=12_000))
    )
    assert max(map(_size, model.requests)) <= 12_000
    (cut,) = review.coverage.not_done
    assert re.fullmatch(
        r"only the first \d{4} of 19830 characters of the author's words were read: "
        "the model holds no more at once",
        cut,
    )


def test_what_a_small_model_has_no_room_for_is_named(tmp_path: Path) -> None:
    """A light review makes no more calls than it may, whatever the model holds."""
    model = _holds(10_000, True, _quiet)
    review = _many_files(tmp_path).review(
        model, effort="light", budgets=Budgets(Limits(window=10_000))
    )
    cut = [file.path for file in review.coverage.files if file.state == "cut"]
    assert (review.status, len(model.requests), len(cut)) == ("partial", 2, 10)
    assert review.notes == (
        "The model holds 10,000 tokens at once: the change was read in a smaller prompt.",
    )


def test_a_finding_is_verified_beside_the_small_prompt_that_showed_it(tmp_path: Path) -> None:
    cited = quote("l.py", 8, "l_value_number_7 = 7")

    def finds(request: ModelRequest) -> Reply:
        holds = "l_value_number_7 = 7" in request.messages[1].content
        return {"defects": [defect("l.py", 8, cited)] if holds else [], "sites": []}

    answers = rooms(hunt=finds)
    model = _holds(16_000, True, answers.complete)
    review = _many_files(tmp_path).review(model, effort="standard")
    assert [finding.fate for finding in review.findings] == ["posted"]
    (asked,) = model.asked("verify")
    assert "l_value_number_7 = 7" in asked.messages[1].content


def test_a_model_that_holds_less_than_the_instructions_fails_and_says_why(tmp_path: Path) -> None:
    model = _holds(2_000, True, _quiet)
    review = _many_files(tmp_path).review(model, effort="light")
    assert (review.status, len(model.requests)) == ("failed", 2)
    assert all("the prompt is too long" in line for line in review.coverage.not_done)


def _counts(most: int, first: int) -> ScriptedModel:
    """A server that reads so much of a prompt, the first ones apart, and says nothing of it."""
    seen: list[int] = []

    def script(request: ModelRequest) -> Reply:
        seen.append(_size(request))
        read = seen[-1] if len(seen) <= first else min(seen[-1], most)
        return ModelAnswer(json.dumps(_quiet(request)), model="m", usage=TokenUsage(read, 0, 10))

    return ScriptedModel(script)


def test_a_server_that_cuts_prompts_without_a_word_makes_no_clean_review(tmp_path: Path) -> None:
    review = _many_files(tmp_path).review(_counts(2_048, first=0), effort="standard")
    (cut,) = review.coverage.not_done
    assert review.status == "partial"
    assert cut.startswith("the model's server counted 2,048 tokens of a prompt of about ")


def test_a_server_that_counts_only_what_its_cache_lacks_is_no_such_server(tmp_path: Path) -> None:
    review = _many_files(tmp_path).review(_counts(2_048, first=1), effort="standard")
    assert (review.status, review.coverage.not_done) == ("complete", ())
