"""The intent contract: what the author promised, and whether the change keeps it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.domain.finding import Evidence

PromiseWhere = Literal["title", "body", "commit", "issue"]


class Verdict(StrEnum):
    """How a promise stands against the code."""

    KEPT = "kept"
    BROKEN = "broken"
    PARTLY = "partly"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True, slots=True)
class PromiseSource:
    """Where the author said it, in the author's exact words."""

    where: PromiseWhere
    quote: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One thing that the pull request says it does.

    `was` is the verdict before the last push, where that was another one.
    """

    text: str
    source: PromiseSource
    verdict: Verdict
    why: str
    implied: bool = False
    evidence: tuple[Evidence, ...] = ()
    was: Verdict | None = None

    @property
    def id(self) -> str:
        """Hash of source and quote: the same words keep their id from push to push."""
        raw = f"{self.source.where}\0{' '.join(self.source.quote.split())}"
        return hashlib.sha256(raw.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Unasked:
    """A change that nothing in the author's words asks for, and that matters."""

    text: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class IntentContract:
    """Promises, explicit ones before implied ones, and what nobody asked for.

    `judged` is False where no model looked; `note` then says why.
    """

    promises: tuple[Promise, ...] = ()
    unasked: tuple[Unasked, ...] = ()
    judged: bool = True
    note: str = ""
