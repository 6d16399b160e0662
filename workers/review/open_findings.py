"""What earlier reviews of a pull request showed, and is not called fixed since (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.finding import SHOWN, Fate, Finding, Severity
from bot.domain.identifiers import Sha
from bot.domain.review import Review
from bot.domain.ruling import Ruling, closed_by, said_of


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
            name = finding.name
            if finding.fixed or finding.fate is Fate.DISMISSED:
                shown.pop(name, None)
            elif finding.standing or finding.fate in SHOWN:
                shown[name] = OpenFinding(replace(finding, continues=name), review.head)
    return tuple(shown.values())


def known_findings(
    earlier: Sequence[Review], carried: Sequence[Finding] = ()
) -> tuple[Finding, ...]:
    """What is not raised as if it were new: open findings, and those that people dismissed.

    `carried`: the open ones as they are at this head; their code may read otherwise by now. What a
    learning took off the table is weighed anew: it may be forgotten by now.
    """
    now = {finding.name: finding for finding in carried if not finding.fixed}
    opened = {
        one.finding.name: _with(one.finding, now.get(one.finding.name))
        for one in open_findings(earlier)
    }
    closed = (f for one in earlier for f in one.with_fate(Fate.DISMISSED) if not f.silenced_by)
    return (*opened.values(), *(f for f in closed if f.name not in opened))


def _with(finding: Finding, now: Finding | None) -> Finding:
    """The finding as it was shown, with what is known of it at this head."""
    if now is None:
        return finding
    return replace(finding, evidence=(*finding.evidence, *now.evidence), remains=now.remains)


def as_ruled(earlier: Sequence[Review], rulings: Sequence[Ruling]) -> tuple[Review, ...]:
    """The reviews with the fate `dismissed` on each finding that people took off the table."""
    if not rulings:
        return tuple(earlier)
    return tuple(
        replace(review, findings=tuple(_ruled(finding, rulings) for finding in review.findings))
        for review in earlier
    )


def _ruled(finding: Finding, rulings: Sequence[Ruling]) -> Finding:
    ruling = closed_by(rulings, finding.name)
    if ruling is None:
        ruled = any(one.finding == finding.name for one in rulings)
        reopened = ruled and finding.fate is Fate.DISMISSED
        return replace(finding, fate=Fate.DUPLICATE, standing=True) if reopened else finding
    return replace(finding, fate=Fate.DISMISSED, reason=said_of(ruling), standing=False)


def posted_inline(earlier: Sequence[Review]) -> tuple[int, int]:
    """Comments on lines that earlier reviews posted: (those that the caps count, P0)."""
    posted = [finding for review in earlier for finding in review.with_fate(Fate.POSTED)]
    p0 = sum(finding.severity is Severity.P0 for finding in posted)
    return len(posted) - p0, p0


def with_carried(findings: Sequence[Finding], carried: Sequence[Finding]) -> tuple[Finding, ...]:
    """This review's findings, and those of earlier ones that it did not come upon by itself."""
    met = {name for finding in findings for name in (finding.continues, finding.id)}
    return (*findings, *(finding for finding in carried if finding.continues not in met))
