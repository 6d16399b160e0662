"""Open findings of earlier reviews, held against the new head: standing, or fixed, or part of each.

Where nothing that a finding names has changed, it stands without a question. Only the others are
put to a model, in one call; one that cannot be decided stands, as nobody has mended it in sight.
In a light review that call is the hunt's, if there is one: see `Doubts.beside_the_hunt`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from workers.review.room import SecondQuestion, prefix
from workers.review.since import Since, at_this_head, is_untouched

_MOST = 20
"""Findings in one question; what is more stands unasked, and is told."""
_SECOND = (
    "# A second question, after the defects\n\n"
    "It is answered in `rechecked`. Whatever of the findings below still stands is known: answer "
    "for it there, and do not report it again in `defects`.\n\n"
)


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


@dataclass(frozen=True, slots=True)
class Doubts:
    """Findings under which something changed; `unframed` takes the author's words out of one.

    Without a model, or without an answer, each of them stands.
    """

    findings: Sequence[Finding]
    change: ChangeSet
    lines: Lines
    unframed: Callable[[Finding], Finding]

    def beside_the_hunt(self) -> SecondQuestion | None:
        """What the hunt is asked too; None where nothing is in doubt."""
        if not self.findings:
            return None
        prompt = load_prompt("recheck")
        return SecondQuestion(_SECOND + prompt.render(findings=self._put()), prompt.tag)

    def asked(self, pack: Pack | None, effort: Effort, session: Session | None) -> Carried:
        """Ask about them, in a question of its own.

        Raises:
            Superseded: nobody wants the review any more.
        """
        if not self.findings or session is None or pack is None:
            return Carried(tuple(continued(finding, finding) for finding in self.findings))
        try:
            answer = ask(_question(len(self._first), self._put(), pack, effort), session)
        except (ModelError, LimitExceeded) as error:
            return self.decided((), str(error))
        return self.decided(answer.results)

    def decided(self, results: Sequence[Rechecked], failure: str = "no word came back") -> Carried:
        """What an answer makes of them; `failure`: why there is no word, where there is none."""
        asked, beyond = len(self._first), len(self.findings) - len(self._first)
        words = {word.number: word for word in results if 1 <= word.number <= asked}
        findings = [
            _decided(finding, words.get(number), self.change, self.lines)
            for number, finding in enumerate(self.findings, 1)
        ]
        silent = asked - len(words)
        failures = [f"{_findings(beyond)} not looked at again"] if beyond else []
        failures += [f"{_findings(silent)} not looked at again: {failure}"] if silent else []
        return Carried(tuple(findings), tuple(failures))

    @property
    def _first(self) -> Sequence[Finding]:
        """Those that one question puts."""
        return self.findings[:_MOST]

    def _put(self) -> str:
        put = (_as_put(number, self.unframed(one)) for number, one in enumerate(self._first, 1))
        return "\n\n".join(put)


def _moved(one: OpenFinding, change: ChangeSet, lines: Lines) -> Finding:
    """With its quotes looked up at the new commits; fate `unproven` where none of them stands."""
    evidence = at_this_head(one.finding.evidence, one.head, change)
    opened = replace(one.finding, fate=None, standing=False, evidence=evidence)
    moved = check_citations([opened], lines, change.head)[0]
    return moved if moved.fate is None else replace(moved, evidence=one.finding.evidence)


def _question(count: int, put: str, pack: Pack, effort: Effort) -> Question[RecheckAnswer]:
    prompt = load_prompt("recheck")
    rounds = LIMITS[effort].rounds
    return Question(
        room="verify",
        purpose=f"recheck {count} findings",
        messages=(*prefix(pack), Message("user", prompt.render(findings=put))),
        answer=RecheckAnswer,
        prompt_version=prompt.tag,
        tools=rounds > 1,
        max_rounds=rounds,
    )


def _findings(count: int) -> str:
    return "1 earlier finding was" if count == 1 else f"{count} earlier findings were"


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
