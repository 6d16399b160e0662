"""A review as a page for a terminal of 80 columns or more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.domain.condensed import (
    broken_sites,
    file_groups,
    open_sites,
    relied_on,
    safe_files,
    site_counts,
)
from bot.domain.finding import SHOWN, Finding, Severity
from bot.domain.intent import IntentContract, Promise, Verdict
from bot.domain.plural import plural
from bot.domain.review import LedgerEntry, Review
from bot.domain.undone import (
    NOTHING_CHANGED,
    changes_nothing,
    things_undone,
    unchecked,
    unverified,
    why_unjudged,
)
from workers.cli.output.finding_text import (
    place,
    write_evidence,
    write_finding,
    write_other,
    write_unverified,
)
from workers.cli.output.page import Page
from workers.cli.output.snippets import Sources

__all__ = ["cost", "extent", "place", "promise_counts", "render_text", "verdict", "worst_first"]

_FILES_SHOWN = 12


def render_text(review: Review, sources: Sources, width: int = 80, colour: bool = False) -> str:
    """The page: verdict, findings, promises, call sites, what else was found, receipt.

    `sources` gives the bytes of a file at a commit, for the code beside the findings.
    """
    page = Page(width, colour)
    _verdict(page, review)
    for finding in worst_first(review.with_fate(*SHOWN)):
        write_finding(page, finding, review, sources)
    _unverified(page, review)
    _promises(page, review.intent)
    _unasked(page, review.intent)
    _ledger(page, review)
    _others(page, review)
    _receipt(page, review)
    return page.text()


def verdict(review: Review) -> str:
    """One sentence. It says "nothing" only after a complete reading."""
    if review.skipped:
        return f"Not reviewed: {review.skipped}"
    if review.status == "failed":
        return "The review could not be made."
    said = _said(review)
    if changes_nothing(review):
        return f"{said or NOTHING_CHANGED}."
    if not review.usage.model_calls and not review.intent.judged and not review.stopped:
        left_out = unchecked(review)
        nothing = "nothing in what they read" if left_out else "nothing"
        said = said or f"The contract checks found {nothing}; no model read the change"
        return f"{said}.{_undone(left_out)}"
    if review.status == "partial" or not review.coverage.complete:
        return f"{said or 'Nothing was found in what was read'}.{_incomplete(review)}"
    return f"{said}." if said else "Nothing to say: no finding at or above the thresholds."


def _said(review: Review) -> str:
    """What there is to look at, and what could not be verified; empty when nothing is."""
    shown, doubtful = review.with_fate(*SHOWN), unverified(review)
    parts = [f"{plural(len(shown), 'finding')} to look at ({_severities(shown)})"] if shown else []
    if doubtful:
        number = plural(len(doubtful), "finding")
        parts.append(f"{number} could not be verified ({_severities(doubtful)})")
    return " and ".join(parts)


def _severities(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(f"{counts[level]} {level.value}" for level in Severity if counts[level])


def _incomplete(review: Review) -> str:
    """What was not done: itself when it is one thing, else how many things."""
    return _undone(things_undone(review))


def _undone(things: Sequence[str]) -> str:
    """Empty where it is unverified findings alone, which the line names."""
    if len(things) > 1:
        return f" Incomplete: {len(things)} things were not done; the receipt lists them."
    return f" Incomplete: {things[0].removesuffix('.')}." if things else ""


def _verdict(page: Page, review: Review) -> None:
    page.line((verdict(review), "title"))
    about = f"{review.base[:10]}..{review.head[:10]} · {extent(review)} · {review.effort_told}"
    for line in filter(None, (promise_counts(review.intent), about)):
        page.line((line, "faint"))
    for note in review.notes:
        page.line(("! ", "P2"), (note, ""), hang=2)
    unjudged = why_unjudged(review.intent)
    if unjudged and not review.skipped and review.intent.note not in review.notes:
        page.line(("! ", "P2"), (unjudged, ""), hang=2)


def _unverified(page: Page, review: Review) -> None:
    """In full where one could block a merge; else only their titles."""
    findings = worst_first(unverified(review))
    if not findings:
        return
    page.heading(f"Not verified: {plural(len(findings), 'finding')}")
    serious = findings[0].severity.at_least(Severity.P1)
    page.line(("No second look confirmed or refuted what was read once.", "faint"), indent=2)
    for finding in findings:
        if serious:
            page.blank()
        write_unverified(page, finding, whole=serious)


def extent(review: Review) -> str:
    """How far the review went: its status, or what alone ran where no model was asked."""
    asked = review.usage.model_calls or review.intent.judged or review.skipped
    return review.status if asked or review.status != "complete" else "contract checks only"


def promise_counts(intent: IntentContract) -> str:
    """`3 promises: 2 kept, 1 broken`, or "" where none was made."""
    if not intent.promises:
        return ""
    counts = Counter(promise.verdict for promise in intent.promises)
    parts = ", ".join(f"{counts[word]} {word.value}" for word in Verdict if counts[word])
    return f"{plural(len(intent.promises), 'promise')}: {parts}"


def _promises(page: Page, intent: IntentContract) -> None:
    if not intent.promises:
        return
    page.heading("Promises")
    for promise in intent.promises:
        page.line(
            (f"{promise.verdict.value:<14}", promise.verdict.value),
            *page.said(promise.text, "title"),
            indent=2,
            hang=14,
        )
        page.line((f"{_source(promise)}", "faint"), indent=16, hang=2)
        if promise.why:
            page.markup(promise.why, indent=16)
        if promise.verdict in (Verdict.BROKEN, Verdict.PARTLY):
            for evidence in promise.evidence:
                write_evidence(page, evidence, indent=16)


def _source(promise: Promise) -> str:
    implied = "implied by the " if promise.implied else ""
    return f'{implied}{promise.source.where}: "{promise.source.quote.strip()}"'


def _unasked(page: Page, intent: IntentContract) -> None:
    if not intent.unasked:
        return
    page.heading("Changes nobody asked for")
    for change in intent.unasked:
        page.line(("- ", "faint"), *page.said(change.text), indent=2, hang=2)
        for evidence in change.evidence:
            page.line((f"{evidence.path}:{evidence.line}", "path"), indent=4)


def _ledger(page: Page, review: Review) -> None:
    entries = relied_on(review.ledger)
    if not entries:
        return
    page.heading("Call sites of what changed")
    for entry in entries:
        _ledger_entry(page, entry)


def _ledger_entry(page: Page, entry: LedgerEntry) -> None:
    """One line a definition, each site that the change breaks, and the others condensed."""
    broken, unseen = broken_sites(entry), open_sites(entry)
    if not broken and not unseen:
        page.line((entry.symbol, "title"), (f"  {site_counts(entry)}", ""), indent=2, hang=2)
        return
    page.line((entry.symbol, "title"), ("  ", ""), *page.said(entry.change), indent=2, hang=2)
    page.line((site_counts(entry), "faint"), indent=4)
    rows = [
        [(site.status, site.status), (f"{site.path}:{site.line}", "path"), (site.why, "")]
        for site in broken
    ]
    page.columns(rows, indent=4)
    for group in unseen:
        more = f" and {group.more} more" if group.more else ""
        told = f"{', '.join(group.places)}{more}"
        page.line(
            ("not inspected ", ""), (told, "path"), *page.said(f": {group.why}"), indent=4, hang=2
        )
    if safe := safe_files(entry):
        page.line(("safe ", "safe"), (safe, "path"), indent=4, hang=2)


def _others(page: Page, review: Review) -> None:
    apart = unverified(review)
    others = [f for f in review.findings if f.fate not in SHOWN and f not in apart]
    if not others:
        return
    page.heading("Also examined, not to be posted")
    for finding in worst_first(others):
        write_other(page, finding)


def _receipt(page: Page, review: Review) -> None:
    page.heading("Receipt")
    coverage = review.coverage
    page.line((_what_was_read(review), ""), indent=2)
    groups = file_groups([file for file in coverage.files if file.worth_a_line])
    rows = [
        [(group.name, "path"), (group.state, ""), (group.reason, "faint")]
        for group in groups[:_FILES_SHOWN]
    ]
    page.columns(rows, indent=4)
    if len(groups) > _FILES_SHOWN:
        rest = sum(len(group.paths) for group in groups[_FILES_SHOWN:])
        page.line((f"and {plural(rest, 'file')} more", "faint"), indent=4)
    for thing in coverage.not_done:
        page.line(("not done: ", "P2"), (thing, ""), indent=2, hang=2)
    page.line((cost(review), "faint"), indent=2, hang=2)


def _what_was_read(review: Review) -> str:
    files = review.coverage.files
    counts = Counter(file.state for file in files)
    if not review.usage.model_calls and not review.intent.judged and review.status != "failed":
        checked = counts["read"] + counts["listed"]
        them = "it" if checked == 1 else "them"
        return f"Plain checks ran on {plural(checked, 'file')}; no model read {them}"
    states = ", ".join(
        f"{counts[state]:,} {state}" for state in ("read", "listed", "skipped", "cut")
    )
    return f"{plural(len(files), 'changed file')}: {states}"


def cost(review: Review) -> str:
    """Models, calls, tokens, seconds, money where the price is known, caps that are near or hit."""
    usage = review.usage
    caps = "".join(f" · {use}" for use in review.caps)
    if not usage.model_calls:
        return f"no model was asked · {usage.seconds:.1f} s{caps}"
    models = ", ".join(review.models) or "model"
    cost = "" if usage.cost_usd is None else f" · ${usage.cost_usd:.4f}"
    return (
        f"{models} · {plural(usage.model_calls, 'call')} · {usage.input_tokens:,} tokens in "
        f"({usage.cached_tokens:,} cached), {usage.output_tokens:,} out · "
        f"{usage.seconds:.1f} s{cost}{caps}"
    )


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """By severity, then by confidence."""
    return sorted(findings, key=lambda finding: (finding.severity.value, -finding.confidence))
