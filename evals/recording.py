"""Renews `sandbox/example/recording.md`: what the full method said of the example.

The answers in `sandbox/example/answers.json` were given by hand, by readers who saw the program's
own requests. Everything else is computed again: packing, citations, merging, judging, words. A test
holds the file against this, so that the recording never shows what the program would not say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.domain.conversation import ModelAnswer, ModelRequest
from bot.domain.pull_request import PullRef
from bot.domain.review import Review
from bot.errors import ModelAnswerInvalid
from bot.github.composition import compose
from bot.github.markers import unmarked

EXAMPLE = Path(__file__).resolve().parent.parent / "sandbox" / "example"
RECORDING = EXAMPLE / "recording.md"


class RecordedModel:
    """Answers by room: the hunt, the promises, the verification."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self._answers = answers

    def complete(self, request: ModelRequest) -> ModelAnswer:
        """The recorded answer.

        Raises:
            ModelAnswerInvalid: nothing was recorded for this question; record the example anew.
        """
        answer = self._answers.get(request.room)
        if answer is None:
            raise ModelAnswerInvalid(f"no recorded answer for {request.purpose!r}")
        return ModelAnswer(answer, model="recorded")


def recorded_answers() -> dict[str, str]:
    """`hunt`, `intent`, `verify`: the text of each answer."""
    raw = json.loads((EXAMPLE / "answers.json").read_text(encoding="utf-8"))
    return {name: json.dumps(answer) for name, answer in raw.items()}


def as_posted(review: Review, ref: PullRef) -> str:
    """The review as it stands on the page: each comment with its place, then the review's text."""
    untimed = replace(review, usage=replace(review.usage, seconds=0.0))
    posted = compose(untimed, ref, first=True)
    comments = (
        f"### On `{comment.path}`, line {comment.line}\n\n{unmarked(comment.body)}"
        for comment in posted.comments
    )
    check = f"### Check\n\n{posted.conclusion}: {posted.check.title}"
    return "\n\n".join((*comments, f"### The review's text\n\n{posted.body}", check)) + "\n"
