"""The page about one review: contract, what is not inline, ledger, receipt, notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.condensed import (
    broken_sites,
    file_groups,
    open_sites,
    relied_on,
    safe_files,
    site_counts,
)
from bot.domain.finding import SHOWN, Evidence, Fate, Finding, Severity
from bot.domain.intent import Promise
from bot.domain.jobs import short_key
from bot.domain.plural import plural
from bot.domain.review import LedgerEntry, Review
from bot.domain.undone import UNVERIFIED, changes_nothing, unverified, why_unjudged
from bot.github import words
from bot.github.markdown_safety import code_span, in_cell, safe_cell, safe_line
from bot.github.permalinks import proof_link
from bot.github.words.guidelines import guideline_proposal

DEFAULT_HANDLE = "plumbline"
_ROWS = (200, 60, 20, 5, 0)
_LONGEST_EFFORT = 300
"""Characters of the effort with its reason, which may name a path."""


def summary_page(
    review: Review, base: str, record: str, limit: int, handle: str = DEFAULT_HANDLE
) -> str:
    """The whole page, at most `limit` characters: what came of it, then the details.

    `handle` is what people mention, without `@`.
    """
    verdict = f"**{words.verdict_line(review)}**"
    details = details_page(review, base, record, limit - len(verdict) - 2, handle)
    return f"{verdict}\n\n{details}" if details else verdict[:limit]


def details_page(
    review: Review, base: str, record: str, limit: int, handle: str = DEFAULT_HANDLE
) -> str:
    """The page less its first line, which a check shows apart; at most `limit` characters.

    Long lists are shortened, all of them alike, until the page fits; each says how many rows it
    left out.
    """
    for rows in _ROWS:
        page = _details(review, base, record, rows, handle)
        if len(page) <= limit:
            return page
    return "The details are too long to show here."[: max(0, limit)]


def _details(review: Review, base: str, record: str, rows: int, handle: str) -> str:
    parts = [
        _contract(review, base, rows),
        _unasked(review, base, rows),
        _not_verified(review, base, rows),
        _not_inline(review, base, rows),
        _ledger(review, rows),
        _receipt(review, rows, handle),
        _proposal(review, handle) if rows else "",
        _notes(review, rows),
        _footer(review, record),
    ]
    return "\n\n".join(part for part in parts if part)


def _contract(review: Review, base: str, rows: int) -> str:
    intent = review.intent
    if words.without_model(review):
        return ""  # the first line says so
    if not intent.judged and not review.skipped:
        return safe_line(why_unjudged(intent))
    table = [_promise(promise, base) for promise in intent.promises[:rows]]
    if not table:
        return ""
    head = "| The author promises | Verdict | Proof |\n|---|---|---|\n"
    return head + "\n".join(table) + _left_out(len(intent.promises), rows)


def _promise(promise: Promise, base: str) -> str:
    implied = " (implied)" if promise.implied else ""
    quote = safe_cell(promise.source.quote[:200])
    said = f"{safe_cell(promise.text[:300])}{implied}<br><sub>{promise.source.where}: {quote}</sub>"
    proof = " ".join(
        part
        for part in (safe_cell(promise.why[:300]), in_cell(_links(promise.evidence, base)))
        if part
    )
    return f"| {said} | {_verdict(promise)} | {proof} |"


def _verdict(promise: Promise) -> str:
    """`kept (was broken)` after a push that changed it."""
    was = f" (was {promise.was.value})" if promise.was is not None else ""
    return f"{promise.verdict.value}{was}"


def _unasked(review: Review, base: str, rows: int) -> str:
    changes = review.intent.unasked
    if not changes:
        return ""
    listed = [
        " ".join((f"- {safe_line(change.text)}", _links(change.evidence, base))).rstrip()
        for change in changes[:rows]
    ]
    return "Nobody asked for:\n" + "\n".join(listed) + _left_out(len(changes), rows)


def _not_verified(review: Review, base: str, rows: int) -> str:
    """Open when one of them could block a merge, else folded."""
    findings = sorted(unverified(review), key=lambda finding: finding.severity)
    if not findings:
        return ""
    number = plural(len(findings), "finding")
    head = f"Not verified: {number}. No second look confirmed or refuted what was read once"
    listed = _findings(findings, base, rows)
    serious = any(finding.severity.at_least(Severity.P1) for finding in findings)
    return f"{head}:\n{listed}" if serious else _folded(head, listed)


def _not_inline(review: Review, base: str, rows: int) -> str:
    """What still stands, or blocks a merge and has no line, is open; everything else is folded.

    P0 is never folded: with a line it is here because more of them stand inline than one can take.
    """
    shown = review.with_fate(Fate.LISTED, Fate.OVER_CAP)
    serious = [f for f in shown if f.severity.at_least(Severity.P1) and f.line is None]
    flood = [f for f in shown if f.severity is Severity.P0 and f.line is not None]
    shown = tuple(f for f in shown if f not in serious and f not in flood)
    apart = (*review.standing, *review.fixed, *unverified(review))
    rest = [f for f in review.findings if f.fate not in SHOWN and f not in apart]
    rest = [f for f in rest if not f.in_the_same_words]  # the record has them; a reader, once
    parts = []
    if review.standing:
        parts.append(f"Still open:\n{_findings(review.standing, base, rows)}")
    if serious:
        parts.append(f"On no line of the diff:\n{_findings(serious, base, rows)}")
    if flood:
        head = f"More P0 than stand inline; these {len(flood)} too block a release"
        parts.append(f"{head}:\n{_findings(flood, base, rows)}")
    if shown:
        parts.append(_folded(f"Not inline: {len(shown)}", _findings(shown, base, rows)))
    if review.fixed:
        fixed = "\n".join(_fixed(finding) for finding in review.fixed[:rows])
        fixed += _left_out(len(review.fixed), rows)
        parts.append(_folded(f"Fixed since an earlier review: {len(review.fixed)}", fixed))
    if rest:
        parts.append(_folded(f"Considered, not posted: {len(rest)}", _findings(rest, base, rows)))
    return "\n\n".join(parts)


def _fixed(finding: Finding) -> str:
    """What it was, and why it is so no more."""
    return f"- {safe_line(finding.title[:200])}: {safe_line(finding.reason[:300])}"


def _findings(findings: Sequence[Finding], base: str, rows: int) -> str:
    listed = [_finding(finding, base) for finding in findings[:rows]]
    return "\n".join(listed) + _left_out(len(findings), rows)


def _finding(finding: Finding, base: str) -> str:
    place = code_span(finding.path if finding.line is None else f"{finding.path}:{finding.line}")
    line = f"- **{finding.severity.value}** {safe_line(finding.title[:200])} ({place})"
    if finding.remains:
        line += f" - mended in part, what is left: {safe_line(finding.remains[:300])}"
    if finding.standing:
        return line  # its comment tells the rest
    if finding.reason != UNVERIFIED:
        fate = words.FATES[finding.fate] if finding.fate else "not judged"
        line += f" - {fate}" + (f": {safe_line(finding.reason[:300])}" if finding.reason else "")
        if finding.fate not in (Fate.LISTED, Fate.OVER_CAP):
            return line
    body = safe_line(finding.body[:600])
    return f"{line}\n  {body} {_links(finding.evidence, base)}".rstrip()


def _ledger(review: Review, rows: int) -> str:
    """Broken sites in full, then what nobody looked at by reason, what is safe by file."""
    entries = relied_on(review.ledger)
    if not entries:
        return ""
    broken = sum(len(broken_sites(entry)) for entry in entries)
    title = f"Call sites of changed contracts: {sum(len(entry.sites) for entry in entries)}"
    text = "\n".join(_entry(entry, rows) for entry in entries[:rows])
    text += _left_out(len(entries), rows)
    return _folded(f"{title}, {broken} broken" if broken else title, text)


def _entry(entry: LedgerEntry, rows: int) -> str:
    broken, unseen = broken_sites(entry), open_sites(entry)
    if not broken and not unseen:
        return f"- {code_span(entry.symbol)}: {site_counts(entry)}"
    lines = [f"- {code_span(entry.symbol)}: {safe_line(entry.change[:300])}; {site_counts(entry)}"]
    for site in broken[:rows]:
        why = f": {safe_line(site.why[:200])}" if site.why else ""
        lines.append(f"  - {code_span(f'{site.path}:{site.line}')} broken{why}")
    if len(broken) > rows:
        lines.append(f"  - ... {len(broken) - rows} more")
    for group in unseen[:rows]:
        places = ", ".join(code_span(place) for place in group.places)
        more = f" and {group.more} more" if group.more else ""
        lines.append(f"  - not inspected ({safe_line(group.why[:200])}): {places}{more}")
    if safe := safe_files(entry):
        lines.append(f"  - safe: {safe_line(safe)}")
    return "\n".join(lines)


def _receipt(review: Review, rows: int, handle: str) -> str:
    if review.skipped or not (review.coverage.files or review.coverage.not_done):
        return ""
    groups = file_groups([entry for entry in review.coverage.files if entry.worth_a_line])
    lines = [f"- not done: {safe_line(text[:300])}" for text in review.coverage.not_done[:rows]]
    if len(review.coverage.not_done) > rows:
        lines.append(f"- ... {len(review.coverage.not_done) - rows} more not done")
    for group in groups[:rows]:
        name = code_span(group.name) if len(group.paths) == 1 else safe_line(group.name)
        why = f": {safe_line(group.reason[:200])}" if group.reason else ""
        lines.append(f"- {name} {group.state}{why}")
    if review.effort != "deep" and any(entry.state == "cut" for entry in review.coverage.files):
        lines.append(f"- `@{handle} review deep` reads more of what was cut")
    title = _what_was_read(review)
    return _folded(title, "\n".join(lines) + _left_out(len(groups), rows)) if lines else f"{title}."


def _what_was_read(review: Review) -> str:
    files = review.coverage.files
    if words.without_model(review) and review.status != "failed":
        checked = sum(entry.state in ("read", "listed") for entry in files)
        if checked == 1:
            return "Plain checks ran on 1 file; no model read it"
        return f"Plain checks ran on {checked} files; no model read them"
    read = sum(entry.state == "read" for entry in files)
    title = f"Read {read} of {plural(len(files), 'file')}"
    return title if review.coverage.complete else f"{title}; not everything was done"


def _proposal(review: Review, handle: str) -> str:
    """A class of defects that is worth a guideline."""
    if review.proposal is None:
        return ""
    return _folded(*guideline_proposal(review.proposal, review.policy.guidelines, handle))


def _notes(review: Review, rows: int) -> str:
    problems = review.policy.problems
    others = [note for note in review.notes if note not in problems]
    parts = []
    if problems:
        head = "The policy file cannot be used; the defaults hold instead:"
        listed = "\n".join(words.policy_problem(problem) for problem in problems[:rows])
        parts.append(f"{head}\n{listed}{_left_out(len(problems), rows)}")
    if others:
        listed = "\n".join(f"- {safe_line(note[:500])}" for note in others[:rows])
        parts.append(f"Notes:\n{listed}{_left_out(len(others), rows)}")
    return "\n\n".join(parts)


def _footer(review: Review, record: str) -> str:
    usage = review.usage
    facts = [f"`{review.head[:7]}`", safe_line(review.effort_told[:_LONGEST_EFFORT])]
    if not changes_nothing(review):
        facts.append(safe_line(", ".join(review.models)) or "no model")
    if usage.input_tokens or usage.output_tokens:
        facts.append(f"{usage.input_tokens:,} + {usage.output_tokens:,} tokens")
    facts.append(f"{usage.seconds:.0f} s")
    if usage.cost_usd is not None:
        facts.append(f"${usage.cost_usd:.2f}")
    facts += [safe_line(str(use)) for use in review.caps]
    if record:
        facts.append(f"record {code_span(short_key(record))}")
    return f"<sub>{' | '.join(facts)}</sub>"


def _links(evidence: Iterable[Evidence], base: str) -> str:
    return ", ".join(proof_link(base, proof) for proof in list(evidence)[:3])


def _folded(title: str, text: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{text.strip()}\n\n</details>"


def _left_out(total: int, rows: int) -> str:
    return f"\n\n... {total - rows} more, left out for length." if total > rows else ""
