"""A review as a page for a terminal of 80 columns or more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.domain.finding import SHOWN, Finding, Severity
from bot.domain.intent import IntentContract, Promise, Verdict
from bot.domain.review import LedgerEntry, Review
from workers.cli.output.finding_text import place, write_evidence, write_finding, write_other
from workers.cli.output.page import Page, plural
from workers.cli.output.snippets import Sources

__all__ = ["cost", "place", "promise_counts", "render_text", "verdict", "worst_first"]

_SITES_SHOWN = 12
_FILES_SHOWN = 12


def render_text(review: Review, sources: Sources, width: int = 80, colour: bool = False) -> str:
    """The page: verdict, findings, promises, call sites, what else was found, receipt.

    `sources` gives the bytes of a file at a commit, for the code beside the findings.
    """
    page = Page(width, colour)
    _verdict(page, review)
    for finding in worst_first(review.with_fate(*SHOWN)):
        write_finding(page, finding, review, sources)
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
    counts = Counter(finding.severity for finding in review.with_fate(*SHOWN))
    if counts:
        parts = ", ".join(f"{counts[level]} {level.value}" for level in Severity if counts[level])
        return f"{plural(counts.total(), 'finding')} to look at ({parts})."
    if not review.usage.model_calls and not review.intent.judged:
        return "The contract checks found nothing; no model read the change."
    if review.status == "partial" or not review.coverage.complete:
        return "Nothing was found in what was read; the reading is not complete."
    return "Nothing to say: no finding at or above the thresholds."


def _verdict(page: Page, review: Review) -> None:
    page.line((verdict(review), "title"))
    about = f"{review.base[:10]}..{review.head[:10]} · {review.effort} · {review.status}"
    for line in filter(None, (promise_counts(review.intent), about)):
        page.line((line, "faint"))
    for note in review.notes:
        page.line(("! ", "P2"), (note, ""), hang=2)
    if not review.intent.judged and review.intent.note not in review.notes:
        page.line(("! ", "P2"), (f"The intent was not judged: {review.intent.note}", ""), hang=2)


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
            (promise.text, "title"),
            indent=2,
            hang=14,
        )
        page.line((f"{_source(promise)}", "faint"), indent=16, hang=2)
        if promise.why:
            page.prose(promise.why, indent=16)
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
        page.line(("- ", "faint"), (change.text, ""), indent=2, hang=2)
        for evidence in change.evidence:
            page.line((f"{evidence.path}:{evidence.line}", "path"), indent=4)


def _ledger(page: Page, review: Review) -> None:
    if not review.ledger:
        return
    page.heading("Call sites of what changed")
    for entry in review.ledger:
        _ledger_entry(page, entry)


def _ledger_entry(page: Page, entry: LedgerEntry) -> None:
    page.line((entry.symbol, "title"), (f"  {entry.change}", ""), indent=2, hang=2)
    order = {"broken": 0, "not_inspected": 1, "safe": 2}
    sites = sorted(entry.sites, key=lambda site: (order[site.status], site.path, site.line))
    rows = [
        [
            (site.status.replace("_", " "), site.status),
            (f"{site.path}:{site.line}", "path"),
            (site.why, ""),
        ]
        for site in sites[:_SITES_SHOWN]
    ]
    page.columns(rows, indent=4)
    if len(sites) > _SITES_SHOWN:
        page.line((f"and {len(sites) - _SITES_SHOWN:,} more", "faint"), indent=4)
    if entry.possible:
        page.line((f"and {plural(entry.possible, 'place')} with the same name", "faint"), indent=4)


def _others(page: Page, review: Review) -> None:
    others = [finding for finding in review.findings if finding.fate not in SHOWN]
    if not others:
        return
    page.heading("Also examined, not to be posted")
    for finding in worst_first(others):
        write_other(page, finding)


def _receipt(page: Page, review: Review) -> None:
    page.heading("Receipt")
    coverage = review.coverage
    counts = Counter(file.state for file in coverage.files)
    states = ", ".join(
        f"{counts[state]:,} {state}" for state in ("read", "listed", "skipped", "cut")
    )
    page.line((f"{plural(len(coverage.files), 'changed file')}: {states}", ""), indent=2)
    unread = [file for file in coverage.files if file.state != "read"]
    rows = [
        [(file.path, "path"), (file.state, ""), (file.reason, "faint")]
        for file in unread[:_FILES_SHOWN]
    ]
    page.columns(rows, indent=4)
    if len(unread) > _FILES_SHOWN:
        page.line((f"and {len(unread) - _FILES_SHOWN:,} more", "faint"), indent=4)
    for thing in coverage.not_done:
        page.line(("not done: ", "P2"), (thing, ""), indent=2, hang=2)
    page.line((cost(review), "faint"), indent=2, hang=2)


def cost(review: Review) -> str:
    """Models, calls, tokens, seconds, and money where the price is known."""
    usage = review.usage
    if not usage.model_calls:
        return f"no model was asked · {usage.seconds:.1f} s"
    models = ", ".join(review.models) or "model"
    cost = "" if usage.cost_usd is None else f" · ${usage.cost_usd:.4f}"
    return (
        f"{models} · {plural(usage.model_calls, 'call')} · {usage.input_tokens:,} tokens in "
        f"({usage.cached_tokens:,} cached), {usage.output_tokens:,} out · "
        f"{usage.seconds:.1f} s{cost}"
    )


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """By severity, then by confidence."""
    return sorted(findings, key=lambda finding: (finding.severity.value, -finding.confidence))
