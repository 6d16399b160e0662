"""The exit status of `plumbline review`, for scripts and continuous integration."""

from __future__ import annotations

from bot.domain.finding import Fate, Finding, Severity
from bot.domain.policy import Policy
from bot.domain.policy_resolution import thresholds_for
from bot.domain.review import Review
from workers.cli.output.fates import SHOWN

CLEAN = 0
FOUND = 1
NOT_COMPLETED = 3


def exit_status(review: Review, fail_on: Severity | None) -> int:
    """3 when the review is partial or failed; else 1 for a finding at or above `fail_on`; else 0.

    Without `fail_on` never 1. A review without a model is complete: nothing was cut from it.
    """
    if review.status != "complete":
        return NOT_COMPLETED
    if fail_on is None:
        return CLEAN
    counted = any(counts(finding, fail_on, review.policy) for finding in review.findings)
    return FOUND if counted else CLEAN


def counts(finding: Finding, fail_on: Severity, policy: Policy) -> bool:
    """Whether a finding fails the run.

    All that would be shown counts: posted, listed, over the cap. So does one that only the
    policy's severity keeps back, as the flag asked for less; not one of too little confidence, of
    a category that is off, or that was set aside (refuted, unproven, intended, ...).
    """
    if not finding.severity.at_least(fail_on):
        return False
    if finding.fate is Fate.BELOW_THRESHOLD:
        bar = thresholds_for(policy, finding.path, finding.category)
        return not bar.off and finding.confidence >= bar.confidence
    return finding.fate in SHOWN
