"""The finished review: every part in its place, and an honest receipt of what was not done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.diff import FileChange
from bot.domain.finding import SHOWN, Fate, Finding
from bot.domain.intent import IntentContract, Promise, Verdict
from bot.domain.policy import Policy
from bot.domain.pull_request import PullRequest
from bot.domain.repeated_class import Proposal
from bot.domain.review import READ_BEFORE, Coverage, FileCoverage, Review, ReviewStatus
from bot.domain.undone import UNHUNTED
from workers.context.pack import Packing
from workers.repository.dependencies.formats import is_dependency_file
from workers.repository.file_kinds import file_kind
from workers.review.assignment import Assignment
from workers.review.budgets import Bill
from workers.review.hunt import Hunted
from workers.review.plain_facts import broken_names, moved_packages
from workers.review.promises import Judged
from workers.review.reworded import words_digest
from workers.review.rooms import Asked
from workers.review.since import read_patch
from workers.review.verify import Verified

NOT_HUNTED = f"{{why}}: {UNHUNTED}"
AS_TEXT = "as text, callers by name only: there is no grammar for {}"

_FALLEN = (Fate.REFUTED, Fate.UNSURE, Fate.UNPROVEN)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of each step. `no_model`: why none was asked, "" when one was there.

    `notes`: how it was read otherwise than usual; `cut`: what a server did not read of it.
    """

    no_model: str
    asked: Asked
    verified: Verified
    bill: Bill
    notes: tuple[str, ...]
    cut: tuple[str, ...]

    @property
    def packing(self) -> Packing:
        """What was read."""
        return self.asked.packing

    @property
    def hunted(self) -> Hunted:
        """Room 1."""
        return self.asked.hunted

    @property
    def judged(self) -> Judged:
        """Room 2."""
        return self.asked.judged


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


def with_proposal(review: Review, proposal: Proposal | None) -> Review:
    """With the proposal, where the review has a summary on which people find it."""
    seen = review.standing or review.with_fate(*SHOWN)
    return replace(review, proposal=proposal) if proposal and seen else review


def composed(work: Assignment, done: Done, findings: Sequence[Finding]) -> Review:
    """The review; `findings` have their fates."""
    coverage = Coverage(_files(work, done.packing), _not_done(work, done))
    return Review(
        status=_status(coverage, work, done),
        base=work.change.base,
        head=work.change.head,
        effort=work.effort,
        effort_reason=work.choice.reason,
        intent=_second_looked(done.judged.contract, findings),
        findings=tuple(findings),
        ledger=done.hunted.ledger,
        facts=(*work.knowledge.facts, *broken_names(work.knowledge.dependencies)),
        coverage=coverage,
        usage=done.bill.usage,
        notes=_notes(work, done),
        models=done.bill.models,
        policy=work.policy,
        patch=read_patch(work.change, work.since, _answered(done)),
        stopped=done.bill.stopped,
        caps=done.bill.caps,
        words=_words_judged(work, done),
    )


def _answered(done: Done) -> frozenset[str]:
    """The files of which this review may say that a model has read them."""
    return frozenset() if done.judged.failures else done.hunted.files - done.packing.cut.keys()


def _words_judged(work: Assignment, done: Done) -> str:
    """Whose promises room 2 has judged, also where it found none."""
    judged = done.packing.packs and not done.no_model and not done.judged.failures
    return words_digest(work.pull) if judged else ""


def _notes(work: Assignment, done: Done) -> tuple[str, ...]:
    said = (*work.policy.problems, *work.pull.notes, *work.knowledge.notes)
    return (*said, *done.notes, *_moves(work))


def _moves(work: Assignment) -> tuple[str, ...]:
    """Of a change that is nothing but manifests and lock files, which packages it moves."""
    only = all(is_dependency_file(file.path) for file in work.change.files)
    dependencies = work.knowledge.dependencies
    return (*moved_packages(dependencies, only), *dependencies.notes)


def _not_done(work: Assignment, done: Done) -> tuple[str, ...]:
    """Each thing that a whole review would have done."""
    unhunted = (
        NOT_HUNTED.format(why=done.no_model[:1].upper() + done.no_model[1:])
        if _lacks_model(work, done)
        else ""
    )
    return (
        *((unhunted,) if unhunted else ()),
        *work.change.notes,
        *work.knowledge.not_done,
        *done.cut,
        *done.hunted.failures,
        *done.hunted.unread,
        *done.judged.failures,
        *done.judged.unread,
        *done.asked.carried.failures,
        *done.verified.failures,
    )


def _lacks_model(work: Assignment, done: Done) -> bool:
    return bool(done.no_model) and bool(work.selection.read)


def _status(coverage: Coverage, work: Assignment, done: Done) -> ReviewStatus:
    """Failed: a model was asked and gave nothing at all. No model at all is a working state.

    A budget that ended it is no failure: plain checks ran, and what was done is told.
    """
    if done.bill.stopped:
        return "partial"
    asked = done.hunted.asked + done.judged.asked
    if asked and len(done.hunted.failures) + len(done.judged.failures) == asked:
        return "failed"
    if _lacks_model(work, done):
        return "partial" if work.change.notes or work.knowledge.not_done else "complete"
    return "complete" if coverage.complete else "partial"


def _second_looked(contract: IntentContract, findings: Sequence[Finding]) -> IntentContract:
    """A promise is not called broken on the strength of findings that did not pass."""
    promises = tuple(_upheld(promise, findings) for promise in contract.promises)
    return replace(contract, promises=promises)


def _upheld(promise: Promise, findings: Sequence[Finding]) -> Promise:
    ours = [finding for finding in findings if finding.promise_id == promise.id]
    mine = [finding for finding in ours if finding.fate is not Fate.DUPLICATE]
    if not mine or not all(finding.fate in _FALLEN for finding in mine):
        return promise
    why = f"A second look did not uphold {promise.verdict.value!r}: {mine[0].reason}"
    return replace(promise, verdict=Verdict.UNVERIFIABLE, why=why)


def _files(work: Assignment, packing: Packing) -> tuple[FileCoverage, ...]:
    """One line for each changed file, in the order of the diff."""
    apart = {entry.path: entry for entry in work.selection.apart}
    shown = {path for pack in packing.packs for path in pack.files}
    return tuple(
        apart.get(file.path) or _read(file, shown, packing, work) for file in work.change.files
    )


def _read(file: FileChange, shown: set[str], packing: Packing, work: Assignment) -> FileCoverage:
    path, kind = file.path, file_kind(file)
    if path in packing.cut:
        return FileCoverage(path, "cut", packing.cut[path])
    language = work.knowledge.as_text.get(path, "")
    if path in shown:
        return FileCoverage(path, "read", AS_TEXT.format(language) if language else "")
    if work.since.partial and not work.since.brings(file):
        return FileCoverage(path, "read", READ_BEFORE)
    if language:
        why = f"there is no grammar for {language}, and no model read it: not checked"
        return FileCoverage(path, "skipped", f"{kind}: {why}")
    if path in work.knowledge.unparsed:
        return FileCoverage(path, "skipped", f"{kind}: does not parse; no check or model read it")
    return FileCoverage(path, "listed", f"{kind}: contract checks only, no model read it")
