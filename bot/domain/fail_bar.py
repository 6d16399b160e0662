"""Which findings fail a run: `check.fail_on` on GitHub, `--fail-on` in the terminal. Pure."""

from __future__ import annotations

from bot.domain.finding import SHOWN, Fate, Finding, Severity
from bot.domain.policy import Policy
from bot.domain.policy_resolution import thresholds_for
from bot.domain.review import Review


def failing(review: Review, bar: Severity) -> tuple[Finding, ...]:
    """The findings that fail a run at this bar, in the review's order.

    All that is shown counts, and all that an earlier review showed and that still stands: a push
    that fixes nothing must not turn a failed check green. So does one that only the policy's
    severity, or its confidence for minor ones, keeps from being shown, as the bar asked for less;
    not one of too little confidence, of a category that is off, or that was set aside (refuted,
    unproven, intended, ...).
    """
    return tuple(
        finding
        for finding in review.findings
        if finding.severity.at_least(bar) and _counts(finding, review.policy)
    )


def _counts(finding: Finding, policy: Policy) -> bool:
    if finding.fate is Fate.BELOW_THRESHOLD:
        threshold = thresholds_for(policy, finding)
        return not threshold.off and finding.confidence >= threshold.confidence
    return finding.fate in SHOWN or finding.standing
