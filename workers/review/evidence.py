"""Citations checked by plain code: a quote stands at its path and commit, or it is no proof.

White space does not count. A quote is whole lines, or enough of one to tell it from others; where
it stands elsewhere in the file, or near by, exactly once, it is re-anchored. The evidence that is
kept quotes the file itself, not the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import reduce

from bot.domain.finding import Evidence, Fate, Finding
from bot.domain.identifiers import Sha

Lines = Callable[[Sha, str], Sequence[str] | None]
"""Reads a file's lines at a commit; None if there is no such file or it may not be shown."""

_NUMBERED = re.compile(r"^\s*(?:\d+(?:\s+|$)){1,2}(?:[+|-](?:\s|$))?|^\s*[+-](?:\s|$)|^[+-]")
_NEAR = 5
_SHORTEST = 4
"""Characters of whole lines that prove something: more than a brace."""
_PART = 12
"""Characters that tell a line of which they are a part."""
_TELLING = 8
"""Characters of whole lines that tell a place from its neighbours: `else:` stands everywhere."""
_MOST_LINES = 12


def check_citations(findings: Sequence[Finding], lines: Lines, head: Sha) -> list[Finding]:
    """Keep what stands. A finding with no standing quote gets the fate `unproven`.

    Where the quote of the finding's own lines was re-anchored, the finding moves along with it.
    """
    return [finding if finding.fate else _checked(finding, lines, head) for finding in findings]


def standing(evidence: Sequence[Evidence], lines: Lines) -> tuple[Evidence, ...]:
    """The citations that stand, re-anchored and quoting the file itself."""
    found = (stands(item, lines) for item in evidence)
    return tuple(dict.fromkeys(item for item in found if item is not None))


def without_repeats(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Checked citations with each line quoted once: what stands within another is left out, what
    overlaps becomes one quote.

    The first stays as it is, as its words name the finding; one that reaches beyond it stays too.
    """
    kept: list[Evidence] = []
    for item in evidence[1:]:
        if _within(item, evidence[0]):
            continue
        met = [other for other in kept if overlap(item, other)]
        at = kept.index(met[0]) if met else len(kept)
        kept = [other for other in kept if other not in met]
        kept.insert(at, reduce(_joined, met, item))
    return (*evidence[:1], *kept)


def overlap(one: Evidence, other: Evidence) -> bool:
    """Whether they quote a line in common."""
    same = (one.path, one.commit) == (other.path, other.commit)
    return same and one.line <= other.end_line and other.line <= one.end_line


def _within(part: Evidence, whole: Evidence) -> bool:
    return overlap(part, whole) and whole.line <= part.line and part.end_line <= whole.end_line


def _joined(one: Evidence, other: Evidence) -> Evidence:
    """Of two that overlap: checked ones quote whole lines, so that what is common is cut once."""
    first, last = sorted((one, other), key=lambda item: (item.line, -item.end_line))
    if _within(last, first):
        return first
    more = last.quote.split("\n")[first.end_line + 1 - last.line :]
    return replace(first, end_line=last.end_line, quote="\n".join((first.quote, *more)))


def _checked(finding: Finding, lines: Lines, head: Sha) -> Finding:
    kept = without_repeats(standing(finding.evidence, lines))
    if kept:
        return replace(_moved(finding, lines, head), evidence=kept)
    if not finding.evidence:
        return replace(finding, fate=Fate.UNPROVEN, reason="no code was cited")
    first = finding.evidence[0]
    where = f"{first.path}:{first.line}"
    reason = f"none of the {len(finding.evidence)} quotes stands in the code (first: {where})"
    return replace(finding, fate=Fate.UNPROVEN, reason=reason)


def _moved(finding: Finding, lines: Lines, head: Sha) -> Finding:
    """The finding on the lines where its own quote really stands, if it was counted wrongly."""
    if finding.line is None:
        return finding
    for item in finding.evidence:
        side = "RIGHT" if item.commit == head else "LEFT"
        if (item.path, side) != (finding.path, finding.side):
            continue
        found = stands(item, lines) if item.line <= finding.line <= item.end_line else None
        if found is not None:
            by = found.line - item.line
            end = None if finding.end_line is None else finding.end_line + by
            return replace(finding, line=finding.line + by, end_line=end)
    return finding


def stands(item: Evidence, lines: Lines) -> Evidence | None:
    """The citation where its quote really stands, or None."""
    text = lines(item.commit, item.path)
    if text is None:
        return None
    plain = [_plain(line) for line in text]
    for wanted in _readings(item.quote):
        start = _find(plain, wanted, item.line)
        if start is not None:
            end = start + len(wanted) - 1
            return replace(item, line=start, end_line=end, quote="\n".join(text[start - 1 : end]))
    return None


def _plain(line: str) -> str:
    return " ".join(line.split())


def _readings(quote: str) -> Iterator[list[str]]:
    """The quote as it is written; then without the numbers and marks of the view it came from."""
    rows = quote.strip("\n").split("\n")[:_MOST_LINES]
    readings = [_quoted(rows)]
    if all(_NUMBERED.match(row) for row in rows if row.strip()):
        readings.append(_quoted([_NUMBERED.sub("", row, count=1) for row in rows]))
    return (wanted for wanted in readings if sum(map(len, wanted)) >= _SHORTEST)


def _quoted(rows: Sequence[str]) -> list[str]:
    """The lines without white space at their ends, up to an elision."""
    plain = [_plain(row) for row in rows]
    elided = next((n for n, row in enumerate(plain) if row in ("...", "…", "[...]")), len(plain))
    plain = plain[:elided]
    while plain and not plain[-1]:
        plain.pop()
    while plain and not plain[0]:
        plain.pop(0)
    return plain


def _find(text: Sequence[str], wanted: Sequence[str], line: int) -> int | None:
    """1-based line where the quote stands: as stated, else where it is the only one."""
    starts = range(len(text) - len(wanted) + 1)
    whole = [n for n in starts if _is_whole(text, wanted, n)]
    size = sum(map(len, wanted))
    parts = [n for n in starts if _is_part(text, wanted, n)] if size >= _PART else []
    if line - 1 in (*whole, *parts):
        return line
    places = whole or parts
    if len(places) > 1 and size >= _TELLING:
        places = [place for place in whole if abs(place + 1 - line) <= _NEAR]
    return places[0] + 1 if len(places) == 1 else None


def _is_whole(text: Sequence[str], wanted: Sequence[str], at: int) -> bool:
    return all(text[at + n] == row for n, row in enumerate(wanted))


def _is_part(text: Sequence[str], wanted: Sequence[str], at: int) -> bool:
    """Inner lines are whole; the first may begin, and the last end, within its line."""
    if len(wanted) == 1:
        return wanted[0] in text[at]
    if not (text[at].endswith(wanted[0]) and text[at + len(wanted) - 1].startswith(wanted[-1])):
        return False
    return all(text[at + n] == wanted[n] for n in range(1, len(wanted) - 1))
