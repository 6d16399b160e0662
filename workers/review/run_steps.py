"""What a run notes of itself, so that it can be made again: steps of kind `stage`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.budget import CapUse, Limits
from bot.domain.conversation import Step
from bot.domain.hindsight import Hindsight
from bot.domain.record_codec import encode
from bot.domain.review import Review
from bot.domain.review_json import review_digest
from bot.domain.ruling import Ruling

BEGIN = "begin"
"""What was asked for, within which limits, and what was there to answer it."""
EARLIER = "earlier reviews"
"""The published reviews which this one was held against, and what people ruled on them."""
HINDSIGHT = "hindsight"
"""What the outcomes of earlier findings said when it was made."""
USED_UP = "budget"
"""The caps of the day of which nothing was left."""


def begun(request: object, limits: Limits, model: bool, no_model: str, releases: bool) -> Step:
    """`request` is the pipeline's; `model` and `releases`: whether there were any to ask."""
    asked = {"request": encode(request), "limits": encode(limits)}
    there = {"model": model, "no_model": no_model, "releases": releases}
    return Step("stage", BEGIN, asked, there)


def held_against(earlier: Sequence[Review], rulings: Sequence[Ruling]) -> Step:
    """Reviews by digest: one that is made again under its key is another one."""
    digests = [review_digest(review) for review in earlier]
    return Step("stage", EARLIER, {}, {"digests": digests, "rulings": [encode(r) for r in rulings]})


def used_up(caps: Sequence[CapUse]) -> Step:
    """Why no model was asked at all."""
    return Step("stage", USED_UP, {}, {"caps": [encode(use) for use in caps]})


def looked_back(hindsight: Hindsight) -> Step:
    """The values themselves, so that a replay needs neither the outcomes nor their formula."""
    return Step("stage", HINDSIGHT, {}, {"hindsight": encode(hindsight)})
