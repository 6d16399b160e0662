"""The outcome of reviewing one change: the value that is recorded, printed and published."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.domain.budget import CapUse
from bot.domain.finding import Fate, Finding
from bot.domain.identifiers import Sha
from bot.domain.intent import IntentContract
from bot.domain.patch_identity import FilePatch
from bot.domain.policy import Effort, Policy
from bot.domain.repeated_class import Proposal

ReviewStatus = Literal["complete", "partial", "failed"]
Stage = Literal["fetching", "understanding", "reviewing", "verifying", "publishing"]
FileState = Literal["read", "listed", "skipped", "cut"]
Tier = Literal["T1", "T2", "T3"]
SiteStatus = Literal["broken", "safe", "not_inspected"]


@dataclass(frozen=True, slots=True)
class CallSite:
    """A place that relies on a changed contract. T1: resolved by imports; T2: local evidence.

    T3: it may; a line with the name in a file that could not be parsed, never inspected by code.
    """

    path: str
    line: int
    tier: Tier
    status: SiteStatus
    why: str


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A changed contract and what is known to hang on it; `possible` counts name-only matches."""

    symbol: str
    change: str
    sites: tuple[CallSite, ...] = ()
    possible: int = 0


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the head, 1-based."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Fact:
    """What plain code saw and does not judge: a line for a model, and for the record.

    `kind` is a short slug; `path` the changed file that it is about; `places` lines elsewhere.
    """

    kind: str
    text: str
    path: str
    places: tuple[SourceLine, ...] = ()


READ_BEFORE = "in an earlier review; unchanged since"
"""The reason of a file that this review did not read again."""


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """What became of one changed file: read, only listed, skipped by rule, or cut by a budget."""

    path: str
    state: FileState
    reason: str = ""

    @property
    def worth_a_line(self) -> bool:
        """Whether a short receipt names the file: it was not read, or not as others are."""
        return self.state != "read" or self.reason not in ("", READ_BEFORE)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The receipt. `not_done` names each thing that a complete review would have done."""

    files: tuple[FileCoverage, ...] = ()
    not_done: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """False as soon as anything was cut or left undone."""
        return not self.not_done and all(entry.state != "cut" for entry in self.files)


@dataclass(frozen=True, slots=True)
class ReviewUsage:
    """What the review cost. `cost_usd` is None unless the operator gave the models' prices."""

    model_calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One review of one head. Every finding carries its fate.

    status "complete": everything that was planned was done; "partial": something was cut (see
    `coverage`); "failed": the review could not be made (see `notes`). `skipped` is the reason for
    which the policy asked for no review, else empty. `policy` is the one it was judged by. `patch`
    holds the edits that a model has read, in this review or unchanged in an earlier one. `stopped`
    says which budget ended it early, "" when none did; `caps` are those that are near or used up.
    `proposal`: a class of defects that keeps coming back here, worth a guideline. `words` tells
    the title and description whose promises were judged from others; "" where none were.
    """

    status: ReviewStatus
    base: Sha
    head: Sha
    effort: Effort
    effort_reason: str = ""
    intent: IntentContract = field(default_factory=IntentContract)
    findings: tuple[Finding, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    facts: tuple[Fact, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    usage: ReviewUsage = field(default_factory=ReviewUsage)
    notes: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    skipped: str = ""
    policy: Policy = field(default_factory=Policy)
    patch: tuple[FilePatch, ...] = ()
    stopped: str = ""
    caps: tuple[CapUse, ...] = ()
    proposal: Proposal | None = None
    words: str = ""

    @property
    def effort_told(self) -> str:
        """The effort and what it was chosen for, as people read it."""
        return f"{self.effort}: {self.effort_reason}" if self.effort_reason else self.effort

    def with_fate(self, *fates: Fate) -> tuple[Finding, ...]:
        """The findings that met one of these fates, in order."""
        return tuple(finding for finding in self.findings if finding.fate in fates)

    @property
    def standing(self) -> tuple[Finding, ...]:
        """What an earlier review posted and nobody has fixed, in order."""
        return tuple(finding for finding in self.findings if finding.standing)

    @property
    def fixed(self) -> tuple[Finding, ...]:
        """What an earlier review showed and this head mends, in order."""
        return tuple(finding for finding in self.findings if finding.fixed)
