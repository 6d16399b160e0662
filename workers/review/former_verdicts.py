"""Verdicts of earlier reviews that still hold: what was kept back then is not verified anew (pure).

A promise that is broken in a corner is come upon with each push. Where nothing that the finding
names has changed and it quotes nothing else, the verdict is the one that it had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from bot.domain.diff import ChangeSet
from bot.domain.finding import Fate, Finding, Origin
from bot.domain.learning import quote_digests
from bot.domain.review import Review
from workers.review.since import Since, is_untouched


def with_former_verdicts(
    findings: Iterable[Finding],
    since: Since,
    change: ChangeSet,
    shown: Callable[[Finding], bool],
) -> list[Finding]:
    """The findings, those that were confirmed and kept back before as they were verified then.

    What the policy would show by now (`shown`) is looked at again, and so is what was refuted: that
    may rest on code which nobody cited.
    """
    return [_as_then(finding, since, change, shown) for finding in findings]


def _as_then(
    finding: Finding, since: Since, change: ChangeSet, shown: Callable[[Finding], bool]
) -> Finding:
    if finding.fate or finding.origin is Origin.CHECK or not is_untouched(finding, since, change):
        return finding
    for former in _kept_back(since.earlier):
        if former.fingerprint == finding.fingerprint and _cites_no_more(finding, former):
            told = _told(finding, former)
            return finding if shown(told) else told
    return finding


def _kept_back(earlier: Sequence[Review]) -> Iterator[Finding]:
    """The latest verdict first."""
    for review in reversed(earlier):
        yield from (f for f in review.with_fate(Fate.BELOW_THRESHOLD) if f.verification)


def _cites_no_more(finding: Finding, former: Finding) -> bool:
    return set(quote_digests(finding)) <= set(quote_digests(former))


def _told(finding: Finding, former: Finding) -> Finding:
    """In the words, and with the judgement, of the one who verified it."""
    return replace(
        finding,
        title=former.title,
        body=former.body,
        trigger=former.trigger,
        suggestion=former.suggestion,
        severity=former.severity,
        confidence=former.stated_confidence,
        verification=former.verification,
    )
