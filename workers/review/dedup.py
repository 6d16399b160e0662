"""One defect is one finding, with all its evidence, from wherever it was reported (pure).

Two findings are one defect when they stand on the same line, their evidence overlaps, and they are
of the same fingerprint, of different rooms, or of one title. What is near, but not on one line, may
well be two defects of a small function: whoever verifies both says whether it is (`same_as`), and
so of one that another batch verifies. Facts of plain code name the definition, so a claim about its
symbol repeats them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.finding import Evidence, Fate, Finding, Origin, same_defect_as
from workers.review.evidence import overlap, without_repeats

_ORIGIN_RANK = {Origin.CHECK: 0, Origin.HUNT: 1, Origin.INTENT: 2}
_CONTRACT_KINDS = ("broken-caller", "api-misuse", "incomplete-change", "broken-promise")


def merge(
    findings: Sequence[Finding],
    shown_before: Sequence[Finding],
    mended: frozenset[str] = frozenset(),
) -> list[Finding]:
    """Mark repeats as `duplicate`, give the one that stays all the evidence.

    What an earlier review of the pull request showed, and nobody mended, is not said again.
    `mended`: the names of those that this review calls fixed.
    """
    merged: list[Finding] = []
    for finding in sorted(findings, key=_rank):
        twin = None if finding.fate else _twin(finding, merged)
        if twin is None:
            merged.append(finding)
        else:
            merged[twin] = _joined(merged[twin], finding)
            merged.append(duplicate(finding, merged[twin]))
    return [_against_earlier(finding, shown_before, mended) for finding in merged]


def joined_as_told(findings: Sequence[Finding], same_as: Mapping[int, int]) -> list[Finding]:
    """Confirmed findings, those joined that a verifier of one of them calls the same as another.

    `same_as` leads from places in the list to earlier ones. Each was judged by itself, so what
    repeats a finding that did not pass has its own verdict.
    """
    done = list(findings)
    for place in sorted(same_as):
        kept = same_as[place]
        while done[kept].fate is Fate.DUPLICATE and kept in same_as:
            kept = same_as[kept]
        if done[place].fate is None and done[kept].fate is None:
            done[kept] = _joined(done[kept], done[place])
            done[place] = duplicate(done[place], done[kept])
    return done


def same_defect(one: Finding, other: Finding) -> bool:
    """Whether two findings are certainly about one defect."""
    if not _overlap(one.evidence, other.evidence):
        return False
    if one.fingerprint == other.fingerprint or one.title == other.title:
        return _same_line(one, other)
    if one.origin == other.origin or not _comparable(one, other):
        return False
    about = bool(one.symbol) and _bare(one.symbol) == _bare(other.symbol)
    return _same_line(one, other) or (about and Origin.CHECK in (one.origin, other.origin))


def _joined(kept: Finding, repeat: Finding) -> Finding:
    """The evidence of both; the intent contract's promise is kept with the defect."""
    return replace(
        kept,
        evidence=without_repeats((*kept.evidence, *repeat.evidence)),
        severity=min(kept.severity, repeat.severity),
        confidence=max(kept.confidence, repeat.confidence),
        promise_id=kept.promise_id or repeat.promise_id,
    )


def duplicate(finding: Finding, kept: Finding) -> Finding:
    """The one that is not shown."""
    return replace(finding, fate=Fate.DUPLICATE, reason=same_defect_as(kept.title))


def _comparable(one: Finding, other: Finding) -> bool:
    """What plain code reports is a broken contract; another defect of that place is another one."""
    pair = (one, other)
    if not any(finding.origin is Origin.CHECK for finding in pair):
        return True
    return all(f.origin is Origin.CHECK or f.kind in _CONTRACT_KINDS for f in pair)


def _rank(finding: Finding) -> tuple[bool, int, str]:
    """Facts first, then the hunt, so that a repeat joins the better founded finding."""
    return finding.fate is not None, _ORIGIN_RANK[finding.origin], finding.severity.value


def _twin(finding: Finding, merged: Sequence[Finding]) -> int | None:
    for number, other in enumerate(merged):
        if other.fate is None and same_defect(finding, other):
            return number
    return None


def _bare(symbol: str) -> str:
    return symbol.rpartition(".")[2].rstrip("()")


def _same_line(one: Finding, other: Finding) -> bool:
    return (one.path, one.side, one.line) == (other.path, other.side, other.line)


def _overlap(ones: Sequence[Evidence], others: Sequence[Evidence]) -> bool:
    return any(overlap(one, other) for one in ones for other in others)


def _against_earlier(
    finding: Finding, earlier: Sequence[Finding], mended: frozenset[str]
) -> Finding:
    if finding.fate is not None:
        return finding
    for other in earlier:
        if _goes_on(finding, other, other.name in mended):
            return continued(finding, other)
    return finding


def _goes_on(finding: Finding, earlier: Finding, mended: bool) -> bool:
    """Whether it is the earlier one. Of a mended one, often the base's code is quoted again for
    what the mending broke: then only its own first quote tells.

    A promise is judged anew with each push; what both rooms found is told by room 1, under another
    fingerprint: there the promise tells, and the same place of it.
    """
    if mended:
        return finding.id == earlier.id
    if finding.promise_id and finding.promise_id == earlier.promise_id:
        return _quoted_there(finding.evidence[:1], earlier)
    return finding.fingerprint == earlier.fingerprint and _same_quote(finding, earlier)


def continued(finding: Finding, earlier: Finding) -> Finding:
    """The finding as one that an earlier review showed: posted ones stand, others stay so."""
    name, remains = earlier.name, finding.remains or earlier.remains
    known = replace(finding, continues=name, remains=remains)
    if earlier.fate in (Fate.LISTED, Fate.OVER_CAP, Fate.DISMISSED):
        return replace(known, fate=earlier.fate, reason=earlier.reason)
    reason = f"posted in an earlier review as {name}"
    if remains:
        reason += f"; mended in part, what is left: {remains}"
    return replace(known, fate=Fate.DUPLICATE, reason=reason, standing=True)


def _same_quote(one: Finding, other: Finding) -> bool:
    """Commits differ between reviews, so the quoted text is compared, white space apart."""
    quotes = {" ".join(item.quote.split()) for item in one.evidence}
    return any(" ".join(item.quote.split()) in quotes for item in other.evidence)


def _quoted_there(quotes: Sequence[Evidence], earlier: Finding) -> bool:
    """Whether whole lines of these stand within what the earlier one quotes of those files."""
    return any(
        item.path == quote.path and _rows(quote) in _rows(item)
        for quote in quotes
        for item in earlier.evidence
    )


def _rows(item: Evidence) -> str:
    """Its lines, white space apart, so that only whole ones are found in others."""
    return "".join(f"\n{' '.join(row.split())}\n" for row in item.quote.split("\n"))
