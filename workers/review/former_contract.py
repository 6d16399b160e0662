"""The intent contract of an earlier review, beside which a push is judged again.

A verdict may change; a promise that the author still makes does not vanish from the contract
because one answer did not name it, nor does its proof because one prompt had no room for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.diff import ChangeSet
from bot.domain.intent import IntentContract, Promise, Verdict
from bot.domain.review import Review
from workers.review.authors_words import AuthorsWords
from workers.review.evidence import Lines, standing
from workers.review.since import Since, at_this_head, names_only_old

_NOT_AGAIN = "It was not judged again."


@dataclass(frozen=True, slots=True)
class Former:
    """What an earlier review judged, and what has changed since."""

    told: Review
    since: Since
    change: ChangeSet

    def as_data(self, marker: str) -> str:
        """The former verdicts for room 2, as data between markers; "" where there was none."""
        rows = [_row(promise) for promise in self.told.intent.promises]
        if not rows:
            return ""
        since = "the author wrote these words" if self.since.only_words else "the last push"
        return (
            f"Before {since} an earlier review judged these promises as follows. Where the "
            "words still stand, name the same promise with the same `quote`. Judge each again: new "
            "lines may keep or break it. A verdict whose code has not changed stays as it is; look "
            "its evidence up and quote it at head.\n\n"
            f"{marker}\n" + "\n".join(rows) + f"\n{marker}\n"
        )

    def beside(self, contract: IntentContract, words: AuthorsWords, lines: Lines) -> IntentContract:
        """The contract in its former order, with the former verdict where that was another."""
        now = {promise.id: promise for promise in contract.promises}
        promises: list[Promise] = []
        for promise in self.told.intent.promises:
            again = now.pop(promise.id, None)
            if again is not None:
                promises.append(self._judged(promise, again, lines))
            elif words.says(promise.source.where, promise.source.quote) is not None:
                unnamed = replace(
                    promise, verdict=Verdict.UNVERIFIABLE, why=_NOT_AGAIN, evidence=(), was=None
                )
                promises.append(self._judged(promise, unnamed, lines))
        return replace(contract, promises=(*promises, *now.values()))

    def _judged(self, former: Promise, again: Promise, lines: Lines) -> Promise:
        if again.verdict is Verdict.UNVERIFIABLE and former.evidence:
            moved = at_this_head(former.evidence, self.told.head, self.change)
            kept = standing(moved, lines)
            if len(kept) == len(moved) and names_only_old(kept, self.since, self.change):
                return replace(former, evidence=kept, was=None)
        return again if again.verdict is former.verdict else replace(again, was=former.verdict)


def _row(promise: Promise) -> str:
    places = ", ".join(f"{proof.path}:{proof.line}" for proof in promise.evidence[:4])
    said = f"- {promise.verdict.value}: {promise.source.where}: {promise.source.quote}"
    return f"{said}\n  {promise.why} {places}".rstrip()
