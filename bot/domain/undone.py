"""What a review did not do, in plain words: for its first line, its receipt and its contract."""

from __future__ import annotations

from bot.domain.finding import Fate, Finding
from bot.domain.intent import IntentContract
from bot.domain.review import Review

UNVERIFIED = "it could not be verified"
"""The reason of a finding on which the verification gave no verdict; not that of a doubtful one."""

UNHUNTED = "defects were not hunted, and intent was not judged."
"""How the line ends that says that no model looked."""

NOTHING_CHANGED = "The head changes no file against its merge base"
"""Why no model looked, as the contract's note; of what a push undid, too."""

_UNVERIFIED_STEP = "could not be verified: "
UNJUDGED_STEP = "the author's promises were not judged: "
_NOTHING_PROMISED = "The author's words promise nothing."


def unverified(review: Review) -> tuple[Finding, ...]:
    """The findings that no second look confirmed or refuted, as none was had; in order."""
    return tuple(
        finding for finding in review.with_fate(Fate.UNSURE) if finding.reason == UNVERIFIED
    )


def things_undone(review: Review) -> tuple[str, ...]:
    """What keeps the review from being whole, other than its unverified findings."""
    known = bool(unverified(review))
    steps = tuple(
        thing for thing in review.coverage.not_done if not (known and _UNVERIFIED_STEP in thing)
    )
    cut = [entry.path for entry in review.coverage.files if entry.state == "cut"]
    if not cut:
        return steps
    unread = f"{cut[0]} was" if len(cut) == 1 else f"{len(cut)} files were"
    return (*steps, f"{unread} not read whole")


def unchecked(review: Review) -> tuple[str, ...]:
    """What plain checks left out, where they alone looked; () where they were through."""
    if review.status != "partial" or review.stopped:
        return ()
    return tuple(thing for thing in things_undone(review) if not thing.endswith(UNHUNTED))


def changes_nothing(review: Review) -> bool:
    """Whether there was no change to read."""
    return review.intent.note == NOTHING_CHANGED


def why_unjudged(intent: IntentContract) -> str:
    """One sentence on why there is no contract; "" where there is one, or nothing to judge."""
    if intent.judged or intent.note == NOTHING_CHANGED:
        return ""
    if intent.note == _NOTHING_PROMISED:
        return "The description makes no promise to hold the change against."
    why = intent.note.removeprefix(UNJUDGED_STEP).removesuffix(".") or "No model is configured"
    return f"The change was not held against its description: {why}."
