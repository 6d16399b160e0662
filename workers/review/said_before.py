"""The patch is as it was read, whatever its base or its words are: what was said stays (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.review import Coverage, FileCoverage, FileState, LedgerEntry, Review
from bot.domain.undone import UNJUDGED_STEP
from workers.review.since import Since


def as_said_before(fresh: Review, since: Since, base_moved: bool) -> Review:
    """The review to publish: where no model was asked again, what it said before must not vanish.

    Args:
        fresh: the contract checks at this head and base, with what earlier reviews showed.
        since: what is new; where something is, `fresh` is whole and returned as it is.
        base_moved: the base branch is another one, or moved; the receipt then says that only the
            checks looked at the two together.

    Returns:
        `fresh` with the promises of the review that read the same patch, or the same head; with
        its own where title and description are new.
    """
    told = _told(fresh, since) if base_moved or since.same_patch or since.only_words else None
    if told is None:
        return fresh
    if since.reworded and not base_moved:
        return _reworded(fresh, told)
    files = _files(fresh.coverage.files, told)
    if base_moved:
        return replace(
            fresh,
            effort=told.effort,
            effort_reason=told.effort_reason,
            intent=told.intent,
            coverage=replace(fresh.coverage, files=files),
            words=told.words,
        )
    return replace(
        fresh,
        status=told.status,
        effort=told.effort,
        effort_reason="nothing of the change is new since the last review",
        intent=told.intent,
        ledger=_ledger(fresh, told),
        coverage=Coverage(files, told.coverage.not_done),
        words=told.words,
    )


def _reworded(fresh: Review, told: Review) -> Review:
    """With the promises of the new words, or the former ones where those could not be judged."""
    why = fresh.stopped or fresh.intent.note.removeprefix(UNJUDGED_STEP).removesuffix(".")
    undone = fresh.coverage.not_done
    if not fresh.words:
        undone = (f"The new title and description were not judged: {why}",)
    coverage = Coverage(
        _files(fresh.coverage.files, told, ("read", "listed", "skipped", "cut")),
        tuple(dict.fromkeys((*told.coverage.not_done, *undone))),
    )
    whole = coverage.complete and told.status == "complete" and not fresh.stopped
    return replace(
        fresh,
        status="complete" if whole else "partial",
        intent=fresh.intent if fresh.words else told.intent,
        ledger=_ledger(fresh, told),
        coverage=coverage,
    )


def _ledger(fresh: Review, told: Review) -> tuple[LedgerEntry, ...]:
    """With what a model said of the call sites, where it said so of this very code."""
    return told.ledger if told.head == fresh.head else fresh.ledger


def _told(fresh: Review, since: Since) -> Review | None:
    if since.same_patch or since.only_words:
        return since.told
    same = (review for review in reversed(since.earlier) if review.head == fresh.head)
    return next((review for review in same if review.intent.judged), None)


def _files(
    files: Sequence[FileCoverage], told: Review, states: Sequence[FileState] = ("read",)
) -> tuple[FileCoverage, ...]:
    """The files of the change as it is now; what became of them before, in these states, stays."""
    before = {entry.path: entry for entry in told.coverage.files if entry.state in states}
    return tuple(before.get(entry.path, entry) for entry in files)
