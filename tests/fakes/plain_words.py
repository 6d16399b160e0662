"""A review in the fewest words, for tests of how it is posted."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.diff import Side
from bot.domain.finding import Fate, Finding
from bot.domain.pull_request import PullRef
from bot.domain.review import Review
from bot.github.composed import CheckOutput, Conclusion


@dataclass(frozen=True, slots=True)
class PlainComment:
    path: str
    line: int
    start_line: int | None
    side: Side
    body: str


@dataclass(frozen=True, slots=True)
class PlainWords:
    body: str
    comments: tuple[PlainComment, ...]
    summary: str
    check: CheckOutput
    conclusion: Conclusion


def plain_words(review: Review, ref: PullRef, first: bool, marker: str, record: str) -> PlainWords:
    """Summary: one line for each posted or listed finding; a later review with comments: "more"."""
    posted = review.with_fate(Fate.POSTED)
    listed = review.with_fate(Fate.LISTED)
    lines = [f"- {finding.title}" for finding in posted]
    lines += [f"- {finding.title} (listed)" for finding in listed]
    summary = "\n".join(["Summary", *lines]) if lines else "All clear now."
    later = "more" if posted else ""
    body = (summary if lines else "") if first else later
    return PlainWords(
        body=f"{body}\n\n{marker}" if body else "",
        comments=tuple(_comment(finding) for finding in posted),
        summary=summary,
        check=CheckOutput(f"{len(posted) + len(listed)} findings", summary),
        conclusion="neutral" if lines else "success",
    )


def _comment(finding: Finding) -> PlainComment:
    assert finding.line is not None
    end = finding.end_line or finding.line
    start = finding.line if end > finding.line else None
    return PlainComment(finding.path, end, start, finding.side, finding.title)
