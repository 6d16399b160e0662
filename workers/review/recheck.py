"""Open findings of earlier reviews, held against the new head: standing, or fixed, or part of each.

Where nothing that a finding names has changed, it stands without a question. Only the others are
put to a model, in one call; one that cannot be decided stands, as nobody has mended it in sight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.conversation import Message
from bot.domain.diff import ChangeSet
from bot.domain.finding import Evidence, Fate, Finding, Origin
from bot.domain.policy import Effort
from bot.errors import LimitExceeded, ModelError
from workers.context.budget import LIMITS
from workers.context.pack import Pack
from workers.model.conversation import Question, Session, ask
from workers.model.prompts import load_prompt
from workers.review.answers import RecheckAnswer, Rechecked, evidence_of
from workers.review.dedup import continued
from workers.review.evidence import Lines, check_citations, standing
from workers.review.open_findings import OpenFinding
from workers.review.room import prefix
from workers.review.since import Since, at_this_head, is_untouched

_MOST = 20
"""Findings in one question; what is more stands unasked, and is told."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Earlier findings as they are now, each with its fate, and what could not be decided."""

    findings: tuple[Finding, ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def mended(self) -> frozenset[str]:
        """The names of those that are fixed."""
        return frozenset(finding.name for finding in self.findings if finding.fixed)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the contract checks say of this head: fingerprints, and paths that none could read."""

    found: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Settled:
    """What plain code decides: those that stand, and those that a model must look at."""

    carried: tuple[Finding, ...]
    in_doubt: tuple[Finding, ...]


def settle(
    opened: Sequence[OpenFinding],
    since: Since,
    change: ChangeSet,
    lines: Lines,
    checked: Checked,
) -> Settled:
    """Which findings stand untouched, at the new head's lines; and what plain code settles."""
    carried: list[Finding] = []
    doubtful: list[Finding] = []
    for one in opened:
        if one.finding.origin is Origin.CHECK:
            carried.append(_checked_again(one.finding, checked))
            continue
        if _is_undone(one.finding, change, lines):
            carried.append(mended(one.finding, "the change that it was about is undone"))
            continue
        moved = _moved(one, change, lines)
        if moved.fate is None and is_untouched(moved, since, change):
            carried.append(continued(moved, one.finding))
        else:
            doubtful.append(replace(moved, fate=one.finding.fate, reason=one.finding.reason))
    return Settled(tuple(carried), tuple(doubtful))


def _is_undone(finding: Finding, change: ChangeSet, lines: Lines) -> bool:
    """Whether its file is there and differs from the base no more."""
    touched = any(finding.path in (file.path, file.old_path) for file in change.files)
    return not touched and lines(change.head, finding.path) is not None


def _checked_again(finding: Finding, checked: Checked) -> Finding:
    """What plain code said is settled by what it says now, unless it could not read the file."""
    if finding.fingerprint in checked.found or finding.path in checked.unread:
        return continued(finding, finding)
    return mended(finding, "the check that found it finds it no more")


def recheck(
    in_doubt: Sequence[Finding],
    pack: Pack | None,
    change: ChangeSet,
    lines: Lines,
    effort: Effort,
    session: Session | None,
    unframed: Callable[[Finding], Finding],
) -> Carried:
    """Ask about what changed under a finding. Without a model, or without an answer, it stands.

    `unframed` gives a finding without words of the author's.

    Raises:
        Superseded: nobody wants the review any more.
    """
    if not in_doubt or session is None or pack is None:
        return Carried(tuple(continued(finding, finding) for finding in in_doubt))
    asked, rest = in_doubt[:_MOST], in_doubt[_MOST:]
    failures = [f"{len(rest)} earlier findings were not looked at again"] if rest else []
    words: Mapping[int, Rechecked] = {}
    try:
        answer = ask(_question([unframed(f) for f in asked], pack, effort), session)
        words = {word.number: word for word in answer.results}
    except (ModelError, LimitExceeded) as error:
        failures.append(f"{len(asked)} earlier findings were not looked at again: {error}")
    decided = [
        _decided(finding, words.get(number), change, lines)
        for number, finding in enumerate(asked, 1)
    ]
    return Carried((*decided, *(continued(f, f) for f in rest)), tuple(failures))


def _moved(one: OpenFinding, change: ChangeSet, lines: Lines) -> Finding:
    """With its quotes looked up at the new commits; fate `unproven` where none of them stands."""
    evidence = at_this_head(one.finding.evidence, one.head, change)
    opened = replace(one.finding, fate=None, standing=False, evidence=evidence)
    moved = check_citations([opened], lines, change.head)[0]
    return moved if moved.fate is None else replace(moved, evidence=one.finding.evidence)


def _question(asked: Sequence[Finding], pack: Pack, effort: Effort) -> Question[RecheckAnswer]:
    prompt = load_prompt("recheck")
    limits = LIMITS[effort]
    text = prompt.render(
        findings="\n\n".join(_as_put(number, finding) for number, finding in enumerate(asked, 1))
    )
    return Question(
        room="verify",
        purpose=f"recheck {len(asked)} findings",
        messages=(*prefix(pack), Message("user", text)),
        answer=RecheckAnswer,
        prompt_version=prompt.tag,
        tools=limits.verify_rounds > 1,
        max_rounds=limits.verify_rounds,
    )


def _as_put(number: int, finding: Finding) -> str:
    rows = [f"## {number}. {finding.title}", finding.body]
    if finding.trigger:
        rows.append(f"Happens when: {finding.trigger}")
    if finding.remains:
        rows.append(f"Mended in part before; what was left: {finding.remains}")
    rows += (_cited(proof) for proof in finding.evidence)
    return "\n".join(rows)


def _cited(proof: Evidence) -> str:
    quoted = "\n".join(f">     {row}" for row in proof.quote.split("\n"))
    return f"> {proof.path}, before the push:\n{quoted}"


def _decided(finding: Finding, word: Rechecked | None, change: ChangeSet, lines: Lines) -> Finding:
    if word is None:
        return continued(finding, finding)
    why = " ".join(word.why.split())
    looked = replace(finding, verification=" ".join(word.checked.split()))
    if word.state == "fixed":
        return mended(looked, why)
    shown = standing(evidence_of(word.evidence, change), lines)
    if word.state in ("still", "partly") and shown:
        remains = why if word.state == "partly" else finding.remains
        looked = replace(looked, evidence=shown, remains=remains)
    return continued(looked, finding)


def mended(finding: Finding, why: str) -> Finding:
    """As fixed, and why."""
    name = finding.name
    return replace(
        finding, fate=Fate.DUPLICATE, reason=why, standing=False, fixed=True, continues=name
    )
