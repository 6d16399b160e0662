"""Which findings one verification looks at: what may be one defect is put together (pure).

Only whoever sees two findings side by side can say that they are one, so findings that quote a line
in common stay in one batch, whatever file each is about and whichever prompt shows that file. Where
there are several batches, a later one is told in short what the earlier ones look at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from bot.domain.finding import Evidence, Finding, Origin
from bot.domain.policy import Effort
from workers.context.pack import Pack

_ENOUGH = 8
_MOST = 12
"""Findings that quote each other's lines, in one question; more of them are cut."""
_MOST_ALONGSIDE = 24


def batched(
    findings: Sequence[Finding], packs: Sequence[Pack], effort: Effort
) -> list[tuple[Pack, list[Finding]]]:
    """Each finding once, with the pack that is read along with it; by file and line in a batch.

    What eight hold stays one batch; a light review has one batch a pack.
    """
    by_pack: dict[int, list[list[Finding]]] = {}
    for group in _groups(findings):
        by_pack.setdefault(_pack_of(group, packs), []).append(group)
    return [
        (packs[number], sorted(batch, key=_place))
        for number in sorted(by_pack)
        for batch in _filled(by_pack[number], effort)
    ]


def alongside(batch: Sequence[Finding], earlier: Sequence[Finding]) -> dict[int, Finding]:
    """What batches before this one verify, and may be one defect with one of these, by its place.

    They quote no line in common, or are too many; a file in common tells, or that one tells, or
    quotes, the definition that the other is about.
    """
    names = set[str]().union(*map(_names, batch))
    words = set[str]().union(*map(_words, batch))
    near = (
        (at, finding)
        for at, finding in enumerate(earlier)
        if not names.isdisjoint(_names(finding) | _words(finding))
        or not words.isdisjoint(_names(finding))
    )
    return dict(islice(near, _MOST_ALONGSIDE))


def _names(finding: Finding) -> set[str]:
    """The files and the definition that it is about."""
    symbol = re.split(r"\W+", finding.symbol.rstrip("()"))[-1]
    return {finding.path, *(proof.path for proof in finding.evidence), symbol} - {""}


def _words(finding: Finding) -> set[str]:
    """What it says and quotes."""
    texts = (finding.title, finding.body, finding.trigger, *(p.quote for p in finding.evidence))
    return set(re.findall(r"\w+", "\n".join(texts)))


def _groups(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Findings that hang together by lines that they quote, in the order of their first."""
    ordered = sorted(findings, key=_place)
    group_of = list(range(len(ordered)))
    for number, earlier in _pairs_in_common(ordered):
        one, other = group_of[number], group_of[earlier]
        if one != other and group_of.count(one) + group_of.count(other) <= _MOST:
            group_of = [min(one, other) if at in (one, other) else at for at in group_of]
    for first in sorted(set(group_of)):
        yield [f for f, at in zip(ordered, group_of, strict=True) if at == first]


def _pairs_in_common(ordered: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    """Positions of findings that quote a line in common: by file, each next to the one before."""
    quotes = [(proof, at) for at, finding in enumerate(ordered) for proof in finding.evidence]
    quotes.sort(key=lambda quote: (_file(quote[0]), quote[0].line))
    for _, in_file in groupby(quotes, key=lambda quote: _file(quote[0])):
        widest = (0, 0)
        for proof, at in in_file:
            if proof.line <= widest[0]:
                yield at, widest[1]
            widest = max(widest, (proof.end_line, at))


def _file(proof: Evidence) -> tuple[str, str]:
    return proof.path, proof.commit


def _pack_of(group: Sequence[Finding], packs: Sequence[Pack]) -> int:
    """The pack that shows most of their lines, or files; the first where none does."""
    shown = Counter(_shown_by(finding, packs) for finding in group)
    return min(shown, key=lambda number: (-shown[number], number))


def _shown_by(finding: Finding, packs: Sequence[Pack]) -> int:
    at = (n for n, pack in enumerate(packs) if pack.shows(finding.path, finding.line))
    of = (n for n, pack in enumerate(packs) if finding.path in pack.files)
    return next(at, next(of, 0))


def _filled(groups: Sequence[list[Finding]], effort: Effort) -> Iterator[list[Finding]]:
    """Whole groups one after the other, until there are enough."""
    batch: list[Finding] = []
    for group in groups:
        full = len(batch) >= _ENOUGH or len(batch) + len(group) > _MOST
        if batch and full and effort != "light":
            yield batch
            batch = []
        batch = [*batch, *group]
    if batch:
        yield batch


def _place(finding: Finding) -> tuple[bool, str, int]:
    return finding.origin is Origin.CHECK, finding.path, finding.line or 0
