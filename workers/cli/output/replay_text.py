"""What came of a replay, for a terminal."""

from __future__ import annotations

from bot.domain.plural import plural
from workers.cli.output.page import Page
from workers.replay.again import Replayed
from workers.replay.export import Export

_MOST_LINES = 200


def render_replayed(
    export: Export, replayed: Replayed, model: str, width: int, colour: bool
) -> str:
    """The verdict, then each difference; last, what may explain them."""
    page = Page(width, colour)
    page.line((_verdict(replayed), "title"), hang=2)
    page.whole(str(export.about.get("key", "")), "path", indent=2)
    for line in replayed.differences[:_MOST_LINES]:
        page.line(("- ", "faint"), (line, ""), hang=2)
    if len(replayed.differences) > _MOST_LINES:
        page.line((f"... and {len(replayed.differences) - _MOST_LINES} more", "faint"))
    for purpose in dict.fromkeys(replayed.missing):
        page.line(("! ", "P2"), (f"no answer is on record: {purpose}", ""), hang=2)
    for told in replayed.stale:
        page.line(("! ", "P2"), (f"a prompt changed since: {told}", ""), hang=2)
    if replayed.missing and not model:
        remedy = "Other questions are asked than then. Name a --model to have them answered anew."
        page.line((remedy, "faint"), hang=2)
    return page.text()


def _verdict(replayed: Replayed) -> str:
    if replayed.missing:
        asked = plural(len(replayed.missing), "question")
        return f"Not completed: {asked} without a recorded answer"
    if not replayed.differences:
        review = replayed.review
        calls = plural(review.usage.model_calls, "model call")
        return f"The same review, byte for byte: {plural(len(review.findings), 'finding')}, {calls}"
    return f"Another review: {plural(len(replayed.differences), 'difference')}"
