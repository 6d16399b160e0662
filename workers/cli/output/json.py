"""A review as the JSON object that other programs read (docs/review.schema.json)."""

from __future__ import annotations

import json

from bot.domain.review import Review
from bot.domain.review_json import review_to_json


def render_json(review: Review) -> str:
    """One indented object; ASCII only, so it is safe in any terminal and pipe."""
    return json.dumps(review_to_json(review), indent=2) + "\n"
