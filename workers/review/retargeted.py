"""The base branch changed: fresh contract checks beside what was said of the same head (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.finding import Fate, Finding, Origin
from bot.domain.review import Coverage, FileCoverage, Review

_SHOWN_BEFORE = (Fate.LISTED, Fate.OVER_CAP)


def on_new_base(fresh: Review, earlier: Sequence[Review]) -> Review:
    """The review to publish: no model was asked again, so what it said before must not vanish.

    Args:
        fresh: the contract checks on the new base; the receipt says that only they ran.
        earlier: the published reviews of the pull request, oldest first.

    Returns:
        `fresh` with promises and findings of the latest one whose promises were judged at the same
        head; `fresh` itself where there is none.
    """
    said = (review for review in reversed(earlier) if review.head == fresh.head)
    told = next((review for review in said if review.intent.judged), None)
    if told is None:
        return fresh
    kept = (_kept(finding) for finding in told.findings if finding.origin is not Origin.CHECK)
    return replace(
        fresh,
        intent=told.intent,
        findings=(*fresh.findings, *(finding for finding in kept if finding is not None)),
        coverage=Coverage(_files(fresh, told), fresh.coverage.not_done),
    )


def _kept(finding: Finding) -> Finding | None:
    """What people were shown, and were not shown as settled."""
    if finding.fate is Fate.POSTED:
        reason = f"posted in an earlier review as {finding.id}"
        return replace(finding, fate=Fate.DUPLICATE, reason=reason, standing=True)
    return finding if finding.standing or finding.fate in _SHOWN_BEFORE else None


def _files(fresh: Review, told: Review) -> tuple[FileCoverage, ...]:
    """Files of the change on the new base; what was read of this head before was read."""
    read = {entry.path: entry for entry in told.coverage.files if entry.state == "read"}
    return tuple(read.get(entry.path, entry) for entry in fresh.coverage.files)
