"""Nothing of the change is new, or only its base: fresh checks beside what was said (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.review import Coverage, FileCoverage, Review
from workers.review.since import Since


def as_said_before(fresh: Review, since: Since, base_moved: bool) -> Review:
    """The review to publish: where no model was asked again, what it said before must not vanish.

    Args:
        fresh: the contract checks at this head and base, with what earlier reviews showed.
        since: what is new; where something is, `fresh` is whole and returned as it is.
        base_moved: the base branch is another one, or moved; the receipt then says that only the
            checks looked at the two together.

    Returns:
        `fresh` with the promises of the review that read the same patch, or the same head.
    """
    told = _told(fresh, since) if base_moved or since.nothing else None
    if told is None:
        return fresh
    files = _files(fresh.coverage.files, told)
    if base_moved:
        coverage = replace(fresh.coverage, files=files)
        return replace(
            fresh,
            effort=told.effort,
            effort_reason=told.effort_reason,
            intent=told.intent,
            coverage=coverage,
        )
    return replace(
        fresh,
        status=told.status,
        effort=told.effort,
        effort_reason="nothing of the change is new since the last review",
        intent=told.intent,
        coverage=Coverage(files, told.coverage.not_done),
    )


def _told(fresh: Review, since: Since) -> Review | None:
    if since.nothing:
        return since.told
    same = (review for review in reversed(since.earlier) if review.head == fresh.head)
    return next((review for review in same if review.intent.judged), None)


def _files(files: Sequence[FileCoverage], told: Review) -> tuple[FileCoverage, ...]:
    """The files of the change as it is now; what was read of them before was read."""
    read = {entry.path: entry for entry in told.coverage.files if entry.state == "read"}
    return tuple(read.get(entry.path, entry) for entry in files)
