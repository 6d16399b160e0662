"""Earlier findings that rest on nothing but a promise which the author makes no more (pure)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.finding import Category, Finding, Origin
from workers.review.authors_words import AuthorsWords
from workers.review.promises import Judged
from workers.review.recheck import Carried, mended
from workers.review.since import Since

_WHY = "the author promises it no more"


def without_withdrawn(
    carried: Carried, judged: Judged, words: AuthorsWords, since: Since
) -> Carried:
    """Of a description that is another one: they count as fixed, once the new words were judged
    and are not broken there too.

    Security and data loss stand, whatever is promised.
    """
    if since.told is None or judged.failures or not judged.asked:
        return carried
    gone = {
        promise.id
        for promise in since.told.intent.promises
        if words.says(promise.source.where, promise.source.quote) is None
    }
    broken = {finding.fingerprint for finding in judged.findings}
    return replace(
        carried,
        findings=tuple(
            mended(finding, _WHY)
            if _is_mere_promise(finding)
            and finding.promise_id in gone
            and finding.fingerprint not in broken
            else finding
            for finding in carried.findings
        ),
    )


def _is_mere_promise(finding: Finding) -> bool:
    is_intent = finding.origin is Origin.INTENT and finding.category is Category.INTENT
    return is_intent and not finding.fixed
