"""One finding in a terminal: what is wrong, where, when, the proof, the smallest fix."""

from __future__ import annotations

from bot.domain.finding import Evidence, Fate, Finding, Origin
from bot.domain.review import Review
from workers.cli.output.fates import FATE_WORDS
from workers.cli.output.page import Page
from workers.cli.output.snippets import Sources, evidence_snippet, finding_snippet

_INDENT = 4
_FOUND_BY = {
    Origin.CHECK: "a check",
    Origin.HUNT: "reading the code",
    Origin.INTENT: "holding the change against its description",
}


def write_finding(page: Page, finding: Finding, review: Review, sources: Sources) -> None:
    """The whole finding with its code."""
    page.blank()
    severity = (f"{finding.severity.value} ", finding.severity.value)
    page.line(severity, *page.said(finding.title, "title"), hang=3)
    page.line((place(finding), "path"), indent=_INDENT)
    page.line((_standing(finding), "faint"), indent=_INDENT)
    snippet = finding_snippet(finding, review.base, review.head, sources)
    if snippet is not None:
        page.blank()
        page.snippet(snippet, _INDENT)
    page.blank()
    page.markup(finding.body, _INDENT)
    if finding.trigger:
        page.line(("When: ", "title"), *page.said(finding.trigger), indent=_INDENT)
    for evidence in finding.evidence:
        if not _shown_above(evidence, finding):
            write_evidence(page, evidence, _INDENT)
    if finding.suggestion is not None:
        page.blank()
        page.line(("Fix: ", "title"), (_fix_place(finding), ""), indent=_INDENT)
        for line in finding.suggestion.removesuffix("\n").split("\n"):
            page.code_line(line, "added", _INDENT)


def write_other(page: Page, finding: Finding) -> None:
    """A finding that is not posted: one line and its reason."""
    page.line(
        (f"{finding.severity.value} ", finding.severity.value),
        *page.said(finding.title),
        ("  ", ""),
        (place(finding), "path"),
        indent=2,
        hang=3,
    )
    fate = "no fate" if finding.fate is None else FATE_WORDS[finding.fate]
    reason = f"{fate}: {finding.reason}" if finding.reason else fate
    page.line(*page.said(reason, "faint"), indent=5)


def write_unverified(page: Page, finding: Finding, whole: bool) -> None:
    """A finding that had no second look; `whole`: with what it says, not only its title."""
    page.line(
        (f"{finding.severity.value} ", finding.severity.value),
        *page.said(finding.title, "title"),
        indent=2,
        hang=3,
    )
    page.line((place(finding), "path"), indent=5)
    if whole:
        page.markup(finding.body, 5)


def write_evidence(page: Page, evidence: Evidence, indent: int) -> None:
    """Where the proof stands, and its lines."""
    page.blank()
    page.line(
        ("Proof: ", "title"),
        (f"{evidence.path}:{evidence.line}", "path"),
        (f" at {evidence.commit[:10]}", "faint"),
        indent=indent,
    )
    page.snippet(evidence_snippet(evidence), indent)


def place(finding: Finding) -> str:
    """`path:line` in the form that editors and terminals open; a removed line says so."""
    if finding.line is None:
        return finding.path
    removed = " (removed line)" if finding.side == "LEFT" else ""
    return f"{finding.path}:{finding.line}{removed}"


def _standing(finding: Finding) -> str:
    parts = [finding.category.value, f"found by {_FOUND_BY[finding.origin]}"]
    if finding.origin.value != "check":
        parts.append(f"confidence {finding.confidence:.2f}")
    if finding.fate is not None and finding.fate is not Fate.POSTED:
        parts.append(FATE_WORDS[finding.fate])
    return " · ".join(parts)


def _shown_above(evidence: Evidence, finding: Finding) -> bool:
    """The commented lines themselves were shown already."""
    if finding.line is None or evidence.path != finding.path:
        return False
    return finding.line <= evidence.line and evidence.end_line <= (finding.end_line or finding.line)


def _fix_place(finding: Finding) -> str:
    if finding.line is None or finding.end_line in (None, finding.line):
        return f"replace line {finding.line} with"
    return f"replace lines {finding.line}-{finding.end_line} with"
