"""What a run notes of itself, so that it can be made again: steps of kind `stage`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.budget import CapUse, Limits
from bot.domain.conversation import Step
from bot.domain.record_codec import encode
from bot.domain.review import Review
from bot.domain.review_json import review_digest

BEGIN = "begin"
"""What was asked for, within which limits, and what was there to answer it."""
EARLIER = "earlier reviews"
"""The published reviews which this one was held against."""
USED_UP = "budget"
"""The caps of the day of which nothing was left."""


def begun(request: object, limits: Limits, model: bool, no_model: str, releases: bool) -> Step:
    """`request` is the pipeline's; `model` and `releases`: whether there were any to ask."""
    asked = {"request": encode(request), "limits": encode(limits)}
    there = {"model": model, "no_model": no_model, "releases": releases}
    return Step("stage", BEGIN, asked, there)


def held_against(earlier: Sequence[Review]) -> Step:
    """By digest: a review that is made again under its key is another one."""
    return Step("stage", EARLIER, {}, {"digests": [review_digest(review) for review in earlier]})


def used_up(caps: Sequence[CapUse]) -> Step:
    """Why no model was asked at all."""
    return Step("stage", USED_UP, {}, {"caps": [encode(use) for use in caps]})
