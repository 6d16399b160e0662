"""Findings and a policy -> every finding with its fate. Nothing is dropped, nothing is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.calibration import Calibration
from bot.domain.finding import SHOWN, Category, Fate, Finding, Origin, Severity, Stated
from bot.domain.policy import Policy
from bot.domain.policy_resolution import thresholds_for

_TOO_LATE = "it lies in lines that an earlier review read; a push raises what is new, or a P0"
MOST_P0_PER_REVIEW = 10
MOST_P0_PER_PULL_REQUEST = 30
"""P0 is exempt from the caps of a policy. More than these are hardly honest: a model that is talked
over could write hundreds. Those beyond stand open in the summary, so that none is out of sight
(`docs/decisions/0008-a-bound-on-p0.md`).
"""

_NEVER_LOWERED = (Category.SECURITY, Category.DATA)


def calibrated(findings: Iterable[Finding], calibration: Calibration) -> tuple[Finding, ...]:
    """With the confidence that outcomes of earlier findings bear out; before thresholds apply.

    What plain code or an earlier review said stays. A hole, lost data or a P0 is never made less
    sure by what people made of other findings.
    """
    return tuple(_calibrated(finding, calibration) for finding in findings)


def judge(
    findings: Iterable[Finding], policy: Policy, posted_before: int, p0_before: int = 0
) -> tuple[Finding, ...]:
    """Give each finding without a fate one, with the reason; the others keep theirs.

    Args:
        findings: in any order; the result does not depend on it.
        policy: the resolved policy.
        posted_before: inline comments already posted on this pull request, P0 not counted.
        p0_before: the P0 among them.

    Returns:
        All of them, the weightiest first: by severity, confidence, proof from other files.
    """
    ranked = sorted(findings, key=_rank)
    room = max(0, min(policy.caps.per_review, policy.caps.per_pull_request - posted_before))
    lifetime = posted_before + policy.caps.per_review > policy.caps.per_pull_request
    p0_room = max(0, min(MOST_P0_PER_REVIEW, MOST_P0_PER_PULL_REQUEST - p0_before))
    judged = []
    for finding in ranked:
        weighed = finding if finding.fate is not None else _weigh(finding, policy)
        if finding.fate is None and weighed.fate is Fate.POSTED:
            if weighed.severity is Severity.P0:
                weighed, p0_room = _p0(weighed, p0_room), p0_room - 1
            elif room == 0:
                weighed = _over_cap(weighed, policy, lifetime)
            else:
                room -= 1
        judged.append(weighed)
    return tuple(judged)


def is_shown(finding: Finding, policy: Policy) -> bool:
    """Whether people would see a finding that is not judged yet, caps apart."""
    return _weigh(finding, policy).fate in SHOWN


def _calibrated(finding: Finding, calibration: Calibration) -> Finding:
    if finding.fate is not None or finding.origin is Origin.CHECK:
        return finding
    stated, confidence = finding.confidence, calibration.of(finding.confidence)
    grave = finding.severity is Severity.P0 or finding.category in _NEVER_LOWERED
    if confidence == stated or (grave and confidence < stated):
        return finding
    return replace(finding, confidence=confidence, stated=Stated(stated, calibration.outcomes))


def _rank(finding: Finding) -> tuple[object, ...]:
    elsewhere = sum(proof.path != finding.path for proof in finding.evidence)
    place = (finding.path, finding.line or 0, finding.id, repr(finding))
    return (finding.severity.value, -finding.confidence, -elsewhere, *place)


def _weigh(finding: Finding, policy: Policy) -> Finding:
    """The fate that a finding would meet if there were no caps."""
    bar = thresholds_for(policy, finding)
    if bar.off:
        return replace(finding, fate=Fate.BELOW_THRESHOLD, reason=bar.why)
    if not finding.severity.at_least(bar.severity):
        reason = f"severity {finding.severity.value} is below {bar.severity.value} ({bar.why})"
        return replace(finding, fate=Fate.BELOW_THRESHOLD, reason=reason)
    if finding.confidence < bar.wanted:
        comma = "," if finding.stated else ""
        reason = f"{_confidence(finding)}{comma} is below {bar.wanted:g} ({bar.why})"
        return replace(finding, fate=Fate.BELOW_THRESHOLD, reason=reason)
    if finding.late and finding.severity is not Severity.P0:
        return replace(finding, fate=Fate.LISTED, reason=_TOO_LATE)
    if finding.line is None:
        return replace(finding, fate=Fate.LISTED, reason="no line of the diff can carry it")
    by = f"; {_confidence(finding)}" if finding.stated else ""
    return replace(finding, fate=Fate.POSTED, reason=f"reaches {bar.why}{by}")


def _confidence(finding: Finding) -> str:
    """`confidence 0.62`, or with what it was: `confidence 0.62, from 0.81 by 64 outcomes`."""
    # Rounded down, so that 0.699 never reads "0.7 is below 0.7".
    shown = f"confidence {int(finding.confidence * 1000) / 1000:g}"
    if finding.stated is None:
        return shown
    return f"{shown}, from {finding.stated.confidence:g} by {finding.stated.outcomes} outcomes"


def _p0(finding: Finding, room: int) -> Finding:
    if room > 0:
        return finding
    reason = "more P0 than stand inline in one review or on one pull request"
    return replace(finding, fate=Fate.LISTED, reason=reason)


def _over_cap(finding: Finding, policy: Policy, lifetime: bool) -> Finding:
    key, most = "thresholds.per_review", policy.caps.per_review
    if lifetime:
        key, most = "thresholds.per_pull_request", policy.caps.per_pull_request
    source = policy.sources.get(key, "built-in")
    return replace(finding, fate=Fate.OVER_CAP, reason=f"the cap {key} of {most} ({source})")
