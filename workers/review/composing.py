"""The finished review: every part in its place, and an honest receipt of what was not done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.finding import Finding
from bot.domain.intent import IntentContract
from bot.domain.policy import Policy
from bot.domain.pull_request import PullRequest
from bot.domain.review import Coverage, FileCoverage, Review, ReviewStatus, ReviewUsage
from workers.context.pack import Packing
from workers.repository.file_kinds import file_kind
from workers.review.assignment import Assignment
from workers.review.hunt import Hunted
from workers.review.promises import Judged
from workers.review.verify import Verified

NOT_HUNTED = "No model is configured: defects were not hunted, and intent was not judged."


@dataclass(frozen=True, slots=True)
class Done:
    """What came of each step."""

    packing: Packing
    hunted: Hunted
    judged: Judged
    verified: Verified
    usage: ReviewUsage
    models: tuple[str, ...]


def not_reviewed(pull: PullRequest, policy: Policy, why: str) -> Review:
    """The record of a review that the policy did not ask for."""
    return Review(
        status="complete",
        base=pull.merge_base,
        head=pull.head,
        effort="light",
        effort_reason="not reviewed",
        intent=IntentContract(judged=False, note=why),
        coverage=Coverage(not_done=(f"Not reviewed: {why}",)),
        notes=policy.problems,
        skipped=why,
        policy=policy,
    )


def composed(work: Assignment, done: Done, findings: Sequence[Finding]) -> Review:
    """The review; `findings` have their fates."""
    with_model = bool(done.packing.packs) or not _needs_model(work)
    failures = (*done.hunted.failures, *done.judged.failures, *done.verified.failures)
    not_done = (*work.change.notes, *work.knowledge.notes, *failures)
    if not with_model:
        not_done = (NOT_HUNTED, *not_done)
    coverage = Coverage(_files(work, done.packing), not_done)
    return Review(
        status=_status(coverage, done, failures, with_model),
        base=work.change.base,
        head=work.change.head,
        effort=work.effort,
        effort_reason=work.choice.reason,
        intent=done.judged.contract,
        findings=tuple(findings),
        ledger=done.hunted.ledger,
        coverage=coverage,
        usage=done.usage,
        notes=(*work.policy.problems, *work.pull.notes),
        models=done.models,
        policy=work.policy,
    )


def _needs_model(work: Assignment) -> bool:
    return bool(work.selection.read)


def _status(
    coverage: Coverage, done: Done, failures: Sequence[str], with_model: bool
) -> ReviewStatus:
    """Failed: a model was there and gave nothing at all. No model at all is a working state."""
    if not with_model:
        return "complete"
    nothing = done.hunted.asked and len(done.hunted.failures) == done.hunted.asked
    if nothing and done.judged.failures:
        return "failed"
    return "complete" if coverage.complete and not failures else "partial"


def _files(work: Assignment, packing: Packing) -> tuple[FileCoverage, ...]:
    """One line for each changed file, in the order of the diff."""
    apart = {entry.path: entry for entry in work.selection.apart}
    shown = {path for pack in packing.packs for path in pack.files}
    return tuple(
        apart.get(file.path) or _read(file.path, shown, packing, file_kind(file))
        for file in work.change.files
    )


def _read(path: str, shown: set[str], packing: Packing, kind: str) -> FileCoverage:
    if path in shown:
        return FileCoverage(path, "read")
    if path in packing.cut:
        return FileCoverage(path, "cut", "too large for this review's budget")
    return FileCoverage(path, "listed", f"{kind}: contract checks only, no model read it")
