"""What people taught as a page for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.learning import Learning
from bot.domain.plural import plural
from workers.cli.output.page import Page


def render_learnings(learnings: Sequence[Learning], width: int, colour: bool) -> str:
    """Two lines each: number and words; then what it is about, whose it is, and its use."""
    page = Page(width, colour)
    if not learnings:
        page.line(("Nothing is remembered here.", ""))
    before = None
    for learning in learnings:
        if learning.repository.id != before:
            before = learning.repository.id
            seen = "private" if learning.repository.private else "public"
            page.line((learning.repository.full_name, "title"), (f"  {seen}", "faint"))
        page.line((f"{learning.number:>4}  ", "marked"), (learning.text, ""), hang=6)
        page.line((_about(learning), "faint"), indent=6, hang=2)
        if learning.first.link:
            page.whole(learning.first.link, "path", indent=6)
    return page.text()


def _about(learning: Learning) -> str:
    first = learning.first
    others = f" and {len(learning.teachings) - 1} more" if len(learning.teachings) > 1 else ""
    parts = [
        ", ".join((*learning.paths, *learning.categories)),
        f"{first.origin} by {first.author}{others}, {first.date}",
        _used(learning),
        "promoted" if learning.promoted else "",
    ]
    return " · ".join(part for part in parts if part)


def _used(learning: Learning) -> str:
    if not learning.offered:
        return "never used"
    left_out = f", left a finding out of {learning.silenced}" if learning.silenced else ""
    return f"used in {plural(learning.offered, 'review')}{left_out}, last {learning.last_used}"
