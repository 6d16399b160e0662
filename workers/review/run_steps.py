"""What a run notes of itself, so that it can be made again: steps of kind `stage`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.budget import CapUse
from bot.domain.conversation import Step
from bot.domain.record_codec import encode
from bot.domain.review import Review
from bot.domain.review_json import review_digest
from bot.domain.ruling import Ruling
from workers.review.request import ReviewRequest
from workers.review.world import Deps

BEGIN = "begin"
"""What was asked for, within which limits, and what was there to answer it."""
EARLIER = "earlier reviews"
"""The published reviews which this one was held against, and what people ruled on them."""
USED_UP = "budget"
"""The caps of the day of which nothing was left."""


def begun(request: ReviewRequest, deps: Deps) -> Step:
    """Of `model` and `releases`: whether there were any to ask."""
    asked = {"request": encode(request), "limits": encode(deps.budgets.limits)}
    there = {
        "model": deps.model is not None,
        "no_model": deps.no_model,
        "releases": deps.releases is not None,
    }
    return Step("stage", BEGIN, asked, there)


def held_against(earlier: Sequence[Review], rulings: Sequence[Ruling]) -> Step:
    """Reviews by digest: one that is made again under its key is another one."""
    digests = [review_digest(review) for review in earlier]
    return Step("stage", EARLIER, {}, {"digests": digests, "rulings": [encode(r) for r in rulings]})


def used_up(caps: Sequence[CapUse]) -> Step:
    """Why no model was asked at all."""
    return Step("stage", USED_UP, {}, {"caps": [encode(use) for use in caps]})
