"""What earlier reviews of a pull request showed, and is not called fixed since (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.finding import SHOWN, Fate, Finding, Severity
from bot.domain.identifiers import Sha
from bot.domain.review import Review


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """What an earlier review showed and no later one calls fixed; `head` is where it was seen."""

    finding: Finding
    head: Sha


def open_findings(earlier: Sequence[Review]) -> tuple[OpenFinding, ...]:
    """What was shown and is not called fixed or dismissed since, oldest first."""
    shown: dict[str, OpenFinding] = {}
    for review in earlier:
        for finding in review.findings:
            name = finding.continues or finding.id
            if finding.fixed or finding.fate is Fate.DISMISSED:
                shown.pop(name, None)
            elif finding.standing or finding.fate in SHOWN:
                shown[name] = OpenFinding(replace(finding, continues=name), review.head)
    return tuple(shown.values())


def posted_inline(earlier: Sequence[Review]) -> tuple[int, int]:
    """Comments on lines that earlier reviews posted: (those that the caps count, P0)."""
    posted = [finding for review in earlier for finding in review.with_fate(Fate.POSTED)]
    p0 = sum(finding.severity is Severity.P0 for finding in posted)
    return len(posted) - p0, p0


def with_carried(findings: Sequence[Finding], carried: Sequence[Finding]) -> tuple[Finding, ...]:
    """This review's findings, and those of earlier ones that it did not come upon by itself."""
    met = {name for finding in findings for name in (finding.continues, finding.id)}
    return (*findings, *(finding for finding in carried if finding.continues not in met))
