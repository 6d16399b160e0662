"""What the model is asked to answer, room by room, and how a reported defect becomes a finding.

These are claims until plain code has checked them: nothing here is trusted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, Field

from bot.domain.diff import ChangeSet
from bot.domain.finding import Category, Evidence, Finding, Origin, Severity
from bot.domain.intent import PromiseWhere, Verdict

At = Literal["head", "base"]
PROMISED = "Promised: "
"""How the body of a finding of room 2 begins."""

DefectKind = Literal[
    "wrong-result",
    "crash",
    "broken-caller",
    "missing-case",
    "unhandled-error",
    "resource-leak",
    "race",
    "injection",
    "access-control",
    "secret",
    "data-loss",
    "slow",
    "api-misuse",
    "configuration",
    "incomplete-change",
    "test-gap",
    "misleading-docs",
    "broken-promise",
    "other",
]
"""The closed list of kinds of defect. With path and symbol it makes a finding's fingerprint."""


class Quote(BaseModel):
    """Lines copied from the code. `line` is the first one's number at that commit."""

    path: str
    at: At
    line: int
    quote: str = Field(description="one to six whole lines, copied exactly, without line numbers")


class ReportedDefect(BaseModel):
    """A defect as the model reports it."""

    title: str = Field(description="at most 80 characters, names the failing thing")
    what: str = Field(description="what is wrong and what follows, two to four sentences")
    trigger: str = Field(description="the input, call or state that makes it happen")
    severity: Literal["P0", "P1", "P2", "P3"]
    category: Literal[
        "correctness",
        "contract",
        "security",
        "data",
        "concurrency",
        "performance",
        "intent",
        "tests",
        "docs",
    ]
    kind: DefectKind
    symbol: str = Field(description="the function, class or key it is about; empty if none")
    path: str = Field(description="the changed file whose changed lines cause it")
    at: At = Field(description="head, or base when the line was removed")
    line: int
    end_line: int
    evidence: list[Quote]
    fix: str = Field(description="the smallest fix, one or two sentences")
    suggestion: str | None = Field(
        description="replacement for exactly lines line..end_line at head, if that fixes it whole"
    )


class JudgedSite(BaseModel):
    """The model's word on one of the numbered call sites."""

    number: int
    status: Literal["broken", "safe", "not_inspected"]
    why: str


class HuntAnswer(BaseModel):
    """Every defect, and a word on each numbered call site."""

    defects: list[ReportedDefect]
    sites: list[JudgedSite]


class JudgedPromise(BaseModel):
    """One promise; `defects` where it is broken or kept in part."""

    text: str
    where: PromiseWhere
    quote: str = Field(description="the author's exact words")
    implied: bool
    verdict: Verdict
    why: str
    evidence: list[Quote]
    defects: list[ReportedDefect]


class UnaskedChange(BaseModel):
    """A change that the author's words do not ask for, and that matters."""

    text: str
    evidence: list[Quote]


class IntentAnswer(BaseModel):
    """The author's promises, each judged, and what nobody asked for."""

    promises: list[JudgedPromise]
    unasked: list[UnaskedChange]


class Restated(BaseModel):
    """A finding told anew, where the look that checked it saw another trigger or a wider reach."""

    title: str = Field(description="at most 80 characters, names the failing thing")
    what: str = Field(description="what is wrong and what follows, two to four sentences")
    trigger: str = Field(description="the input, call or state that makes it happen")
    fix: str = Field(description="the smallest fix, one or two sentences")


class Checked(BaseModel):
    """The verifier's word on one numbered finding."""

    number: int
    checked: str = Field(description="what you looked at to refute it, with path:line")
    verdict: Literal["confirmed", "refuted", "unsure"]
    confidence: float = Field(
        allow_inf_nan=False,  # "NaN" as a text would pass, and no threshold stops it
        description="0 to 1, by what was checked",
    )
    severity: Literal["P0", "P1", "P2", "P3"]
    why: str
    evidence: list[Quote]
    restated: Restated | None = Field(
        default=None, description="the finding told right, where it is told wrong or too small"
    )
    same_as: int | None = Field(description="number of an earlier finding that is the same defect")


class VerifyAnswer(BaseModel):
    """One verification of several findings."""

    results: list[Checked]


class TaughtWord(BaseModel):
    """That something which the team taught covers a numbered finding."""

    number: int
    learning: int = Field(description="the number of what was taught; 0 if nothing does")
    quote: str = Field(description="its exact words; empty if nothing does")


class WeighedAnswer(VerifyAnswer):
    """A verification that is also asked what the team wants to hear: after the verdicts."""

    taught: list[TaughtWord] = Field(default_factory=list)  # without it the verdicts still count


class Rechecked(BaseModel):
    """The word on one numbered finding of an earlier review."""

    number: int
    checked: str = Field(description="what you looked at, with path:line")
    state: Literal["still", "partly", "fixed", "unsure"]
    why: str
    evidence: list[Quote]


class RecheckAnswer(BaseModel):
    """One look at the open findings of earlier reviews."""

    results: list[Rechecked]


class RecheckingHuntAnswer(HuntAnswer):
    """A hunt that is also asked about the open findings of earlier reviews: after the defects."""

    rechecked: list[Rechecked] = Field(default_factory=list)  # without it the defects still count


class Announced(BaseModel):
    """Whether the author plainly announces what a numbered finding complains about."""

    number: int
    announced: bool
    quote: str


class AnnouncedAnswer(BaseModel):
    """Room 2's look at confirmed findings."""

    results: list[Announced]


def evidence_of(quotes: list[Quote], change: ChangeSet) -> tuple[Evidence, ...]:
    """Quotes with their commits; not yet checked."""
    return tuple(
        Evidence(
            path=_path_at(quote, change),
            commit=change.head if quote.at == "head" else change.base,
            line=quote.line,
            end_line=quote.line + max(quote.quote.strip("\n").count("\n"), 0),
            quote=quote.quote,
        )
        for quote in quotes
    )


def _path_at(quote: Quote, change: ChangeSet) -> str:
    """A renamed file is often cited by its new name at the base too."""
    path = quote.path.removeprefix("./")
    file = change.file(path)
    renamed = quote.at == "base" and file is not None and file.status == "renamed"
    return (file.old_path or path) if file is not None and renamed else path


def finding_of(defect: ReportedDefect, origin: Origin, change: ChangeSet) -> Finding:
    """The reported defect as a finding under examination."""
    return Finding(
        title=" ".join(defect.title.split())[:120],
        body=_body(defect.what, defect.fix),
        trigger=defect.trigger.strip(),
        severity=Severity(defect.severity),
        category=Category(defect.category),
        origin=origin,
        path=defect.path.removeprefix("./"),
        line=defect.line,
        end_line=max(defect.end_line, defect.line),
        side="RIGHT" if defect.at == "head" else "LEFT",
        kind=defect.kind,
        symbol=defect.symbol.strip(),
        evidence=evidence_of(defect.evidence, change),
        suggestion=defect.suggestion,
    )


def _body(what: str, fix: str) -> str:
    return what.strip() + (f"\n\n**Fix:** {fix.strip()}" if fix.strip() else "")


def retold(finding: Finding, told: Restated | None) -> Finding:
    """The finding in the words of the one who checked it; what it promised stays before them."""
    if told is None or not told.title.strip() or not told.what.strip():
        return finding
    body = _body(told.what, told.fix)
    if finding.body.startswith(PROMISED):
        body = f"{finding.body.partition(chr(10) * 2)[0]}\n\n{body}"
    return replace(
        finding,
        title=" ".join(told.title.split())[:120],
        body=body,
        trigger=told.trigger.strip() or finding.trigger,
    )
