"""What is on record, told to a person who asks: a finding, why it was posted, what was left out.

Pure. The settings that hold are told in `settings_table`.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.commands import Verb
from bot.domain.finding import Finding, Origin
from bot.domain.review import Review
from bot.github.markdown_safety import code_span, in_cell, safe_cell, safe_line
from bot.github.markers import unmarked
from bot.github.words import FATES
from bot.github.words.inline_comments import comment_body, further_proofs

_MOST_FATES = 20


def explained(finding: Finding, base: str) -> str:
    """The finding with its evidence, and how it was verified. `base`: see `permalink_base`."""
    return f"{unmarked(comment_body(finding, base))}\n\n{_verified(finding, base)}"


def explained_below(finding: Finding, base: str) -> str:
    """What its own thread does not show already: how it was verified, and the code of the proofs
    that our comment there only links.
    """
    return "\n\n".join((_verified(finding, base), *further_proofs(finding, base)))


def _verified(finding: Finding, base: str) -> str:
    if finding.origin is Origin.CHECK:
        return "How it was verified: a plain check computed it from the code; no model judged it."
    how = safe_line(finding.verification, base)
    if not how:
        return "How it was verified: plain code read its quotes again; no second look is on record."
    return f"How it was verified: a second look tried to refute it. {how}"


def why_posted(finding: Finding, review: Review) -> str:
    """The bar that it reached."""
    return (
        f"This is {finding.severity.value}, {finding.category.value},"
        f" confidence {finding.confidence:.2f}. At `{review.head[:7]}` it was {_fate(finding)}:"
        f" {safe_line(finding.reason) or 'no reason is on record'}."
    )


def fates(told: Sequence[tuple[Finding, Review]]) -> str:
    """Every candidate near a place, what became of it, and why."""
    head = "| finding | place | at | what became of it | why |\n|---|---|---|---|---|\n"
    rows = "\n".join(_fate_row(finding, review) for finding, review in told[:_MOST_FATES])
    more = len(told) - _MOST_FATES
    return head + rows + (f"\n\nAnd {more} more." if more > 0 else "")


def _fate_row(finding: Finding, review: Review) -> str:
    title = safe_cell(f"{finding.severity.value}: {finding.title[:200]}")
    place = code_span(f"{finding.path}:{finding.line}" if finding.line else finding.path)
    why = safe_cell(finding.reason[:300])
    return f"| {title} | {in_cell(place)} | `{review.head[:7]}` | {_fate(finding)} | {why} |"


def _fate(finding: Finding) -> str:
    if finding.fixed:
        return "fixed"
    if finding.standing:
        return "still standing"
    return FATES[finding.fate] if finding.fate else "not judged"


def nothing_near(path: str, line: int, reviews: int) -> str:
    """No review had a candidate there."""
    place = code_span(f"{path}:{line}")
    if not reviews:
        return f"No review of this pull request is on record yet, so nothing is known of {place}."
    return f"No review had a finding near {place}, not even one that was left out."


def name_a_finding(handle: str, verb: Verb) -> str:
    """It is not clear which finding is meant."""
    place = f", or name a place: `@{handle} {verb} path:line`" if verb in ("explain", "why") else ""
    return f"Write this in the thread of a finding{place}."
