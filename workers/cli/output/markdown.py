"""A review as Markdown for a file, a job summary or a message; nothing in it is live.

Text of the author, the repository or a model never becomes markup: it is escaped, or fenced with
a fence that is longer than any run of backticks in it.
"""

from __future__ import annotations

import re

from bot.domain.condensed import (
    FileGroup,
    broken_sites,
    file_groups,
    open_sites,
    relied_on,
    safe_files,
    site_counts,
)
from bot.domain.finding import SHOWN, Evidence, Finding
from bot.domain.review import Review
from bot.domain.undone import unverified, why_unjudged
from workers.cli.output.fates import FATE_WORDS
from workers.cli.output.safe_text import safe, safe_line
from workers.cli.output.text import cost, extent, place, promise_counts, verdict, worst_first

_MARKUP = re.compile(r"([\\`*_\[\]<>#|!~])")
_SPAN = re.compile(r"`([^`\n]+)`")
_LIVE = re.compile(r"(@|#|GH-)(?=\w)|(?<=:)(?=//)|(?<=www)(?=\.)", re.IGNORECASE)


def render_markdown(review: Review) -> str:
    """The same content as the page for a terminal, in the same order."""
    parts = [f"# {plain(verdict(review))}", *_about(review)]
    parts += [_finding(finding) for finding in worst_first(review.with_fate(*SHOWN))]
    parts += (
        _unverified(review)
        + _promises(review)
        + _ledger(review)
        + _others(review)
        + _receipt(review)
    )
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """One line in which no character has a meaning, nor names a person, an issue or an address.

    GitHub looks for those in the rendered text, where an empty comment still keeps them apart.
    """
    return _inert(safe_line(text))


def _inert(line: str) -> str:
    pieces = _LIVE.sub("\\g<0>\0", line).split("\0")
    return "<!-- -->".join(_MARKUP.sub(r"\\\1", piece) for piece in pieces)


def said(text: str) -> str:
    """The same, but what stands between two backticks is code."""
    pieces = enumerate(_SPAN.split(safe_line(text)))  # every second one was between backticks
    return "".join(code(piece) if at % 2 else _inert(piece) for at, piece in pieces)


def fenced(code: str, language: str = "") -> str:
    """A code block that its content cannot end."""
    body = safe(code.removesuffix("\n"))
    longest = max((len(run) for run in re.findall("`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{body}\n{fence}"


def code(text: str) -> str:
    """A code span that its content cannot end; a bar is escaped for tables."""
    body = safe_line(text).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", body)), default=0)
    if not longest:
        return f"`{body}`"
    return f"{'`' * (longest + 1)} {body} {'`' * (longest + 1)}"


def _about(review: Review) -> list[str]:
    effort = plain(review.effort_told)
    about = f"{review.base[:10]}..{review.head[:10]} · {extent(review)} · {effort}"
    promises = promise_counts(review.intent)
    notes = list(review.notes)
    unjudged = why_unjudged(review.intent)
    if unjudged and not review.skipped and review.intent.note not in notes:
        notes.append(unjudged)
    first = f"{about} · {promises}" if promises else about
    return [first, *(f"> {plain(note)}" for note in notes)]


def _finding(finding: Finding) -> str:
    parts = [
        f"## {finding.severity.value} {said(finding.title)}",
        f"{code(place(finding))} · {finding.category.value}",
        "\n".join(said(line) for line in finding.body.strip().split("\n")),
    ]
    if finding.trigger:
        parts.append(f"**When:** {plain(finding.trigger)}")
    parts += [_evidence(item) for item in finding.evidence]
    if finding.suggestion is not None:
        parts.append(f"**Fix:**\n\n{fenced(finding.suggestion)}")
    return "\n\n".join(parts)


def _evidence(evidence: Evidence) -> str:
    where = code(f"{evidence.path}:{evidence.line}")
    return f"**Proof:** {where} at {evidence.commit[:10]}\n\n{fenced(evidence.quote)}"


def _promises(review: Review) -> list[str]:
    if not review.intent.promises and not review.intent.unasked:
        return []
    rows = [
        f"| {promise.verdict.value} | {plain(promise.text)} "
        f"| {promise.source.where}: {code(promise.source.quote)} | {plain(promise.why)} |"
        for promise in review.intent.promises
    ]
    parts = ["## Promises"]
    if rows:
        parts.append("\n".join(["| verdict | promise | where | why |", "|---|---|---|---|", *rows]))
    if review.intent.unasked:
        changes = "\n".join(f"- {plain(change.text)}" for change in review.intent.unasked)
        parts.append(f"Changes nobody asked for:\n\n{changes}")
    return parts


def _ledger(review: Review) -> list[str]:
    rows: list[str] = []
    for entry in relied_on(review.ledger):
        broken, unseen = broken_sites(entry), open_sites(entry)
        change = f"{plain(entry.change)}; " if broken or unseen else ""
        rows.append(f"- {code(entry.symbol)}: {change}{site_counts(entry)}")
        rows += (
            f"  - {code(f'{site.path}:{site.line}')} broken: {said(site.why)}" for site in broken
        )
        for group in unseen:
            places = ", ".join(code(place) for place in group.places)
            more = f" and {group.more} more" if group.more else ""
            rows.append(f"  - not inspected ({said(group.why)}): {places}{more}")
        if (broken or unseen) and (safe := safe_files(entry)):
            rows.append(f"  - safe: {plain(safe)}")
    return ["## Call sites of what changed", "\n".join(rows)] if rows else []


def _unverified(review: Review) -> list[str]:
    rows = [
        f"- {finding.severity.value} {said(finding.title)} ({code(place(finding))})"
        for finding in worst_first(unverified(review))
    ]
    doubt = "No second look confirmed or refuted what was read once."
    return ["## Not verified", doubt, "\n".join(rows)] if rows else []


def _others(review: Review) -> list[str]:
    apart = unverified(review)
    rows = [
        f"- {finding.severity.value} {said(finding.title)} ({code(place(finding))}): "
        f"{'no fate' if finding.fate is None else FATE_WORDS[finding.fate]}: "
        f"{plain(finding.reason)}"
        for finding in worst_first(review.findings)
        if finding.fate not in SHOWN and finding not in apart
    ]
    return ["## Also examined", "\n".join(rows)] if rows else []


def _receipt(review: Review) -> list[str]:
    files = [
        f"- {_name(group)} {group.state}{f': {plain(group.reason)}' if group.reason else ''}"
        for group in file_groups(review.coverage.files)
    ]
    undone = [f"- not done: {plain(thing)}" for thing in review.coverage.not_done]
    return ["## Receipt", "\n".join([*files, *undone, f"- {plain(cost(review))}"])]


def _name(group: FileGroup) -> str:
    return code(group.name) if len(group.paths) == 1 else plain(group.name)
