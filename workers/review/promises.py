"""Room 2: what the author promised, and whether the change keeps it.

The author's words reach the model as data. Their quotes are held against the words, the evidence
against the code, both by plain code; what does not stand is not shown as a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.domain.conversation import Message
from bot.domain.diff import ChangeSet
from bot.domain.finding import Category, Finding, Origin, Severity
from bot.domain.intent import IntentContract, Promise, PromiseSource, Unasked, Verdict
from bot.domain.policy import Effort
from bot.domain.undone import UNJUDGED_STEP
from bot.errors import LimitExceeded, ModelError
from workers.context.budget import LIMITS
from workers.context.pack import Pack
from workers.model.conversation import Question, Session, ask
from workers.model.prompts import load_prompt
from workers.model.window import spoken
from workers.repository.knowledge import Knowledge
from workers.review.answers import (
    PROMISED,
    IntentAnswer,
    JudgedPromise,
    ReportedDefect,
    UnaskedChange,
    evidence_of,
    finding_of,
)
from workers.review.authors_words import AuthorsWords, nonce
from workers.review.evidence import Lines, standing
from workers.review.former_contract import Former
from workers.review.room import prefix

P = TypeVar("P", Promise, JudgedPromise)

_MOST_PROMISES = 20
_MOST_DEFECTS = 5
"""Of one promise."""
_MOST_UNASKED = 10
_BEYOND = (
    "The change is larger than what is shown. These files belong to it too; {how}:\n{outline}\n\n"
)
_WITH_TOOLS = (
    "read them with the tools where a promise depends on them, and call nothing missing before you "
    "did"
)
_WITHOUT_TOOLS = (
    'they cannot be looked at here: where a promise depends on them it is "unverifiable", and call '
    "nothing missing that may stand in them"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """The contract, and a finding for each way in which a promise is not kept.

    `asked`: a model was asked; `failures`: why it gave no answer; `unread`: what it was not given.
    """

    contract: IntentContract
    findings: tuple[Finding, ...] = ()
    failures: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    asked: bool = False


def read_promises(
    words: AuthorsWords,
    pack: Pack,
    change: ChangeSet,
    lines: Lines,
    effort: Effort,
    session: Session,
    former: Former | None = None,
) -> Judged:
    """Ask room 2. A model's failure is a contract that was not judged, and says why.

    `former` is the contract of an earlier review: the same promises are judged again.

    Raises:
        Superseded: nobody wants the review any more.
    """
    if words.empty:
        return Judged(IntentContract(judged=False, note="The author's words promise nothing."))
    words = words.within(session.window.reading - spoken(prefix(pack)))
    try:
        answer = ask(_question(words, pack, effort, former), session)
    except (ModelError, LimitExceeded) as error:
        failure = f"{UNJUDGED_STEP}{error}"
        contract = IntentContract(judged=False, note=failure)
        return Judged(contract, failures=(failure,), unread=words.notes, asked=True)
    judged = _judged(answer, words, change, lines)
    if former is not None:
        beside = former.beside(judged.contract, words, lines)
        contract = replace(beside, promises=tuple(explicit_first(beside.promises)))
        judged = replace(judged, contract=contract)
    return replace(judged, unread=(*words.notes, *_beyond(answer)), asked=True)


def _beyond(answer: IntentAnswer) -> tuple[str, ...]:
    """What of an answer without measure is not taken up."""
    promises = len(answer.promises) - _MOST_PROMISES
    defects = sum(max(len(one.defects) - _MOST_DEFECTS, 0) for one in answer.promises)
    said = (
        (promises, "promises were named than are judged"),
        (defects, "defects than are examined"),
    )
    return tuple(f"{more} more {what} here" for more, what in said if more > 0)


def _question(
    words: AuthorsWords, pack: Pack, effort: Effort, former: Former | None
) -> Question[IntentAnswer]:
    prompt = load_prompt("intent")
    limits = LIMITS[effort]
    marker = nonce()
    text = prompt.render(
        words=words.text,
        nonce=marker,
        earlier=f"{former.as_data(marker)}\n" if former else "",
        beyond=_beyond_it(pack, _WITH_TOOLS if limits.rounds > 1 else _WITHOUT_TOOLS),
    )
    return Question(
        room="intent",
        purpose="intent contract",
        messages=(*prefix(pack), Message("user", text)),
        answer=IntentAnswer,
        prompt_version=prompt.tag,
        tools=limits.rounds > 1,
        max_rounds=limits.rounds,
        max_output_tokens=10_000,
    )


def _beyond_it(pack: Pack, how: str) -> str:
    return _BEYOND.format(how=how, outline=pack.beyond) if pack.beyond else ""


def explicit_first(promises: Sequence[P]) -> list[P]:
    """What the author said in words before what the words entail, else in order."""
    return sorted(promises, key=lambda promise: promise.implied)


def most_named(packs: Sequence[Pack], knowledge: Knowledge, words: AuthorsWords) -> Pack:
    """Of a large change, the prompt whose files and definitions the words name most; the first."""
    said = words.vocabulary

    def named(pack: Pack) -> int:
        names = {path.rpartition("/")[2].partition(".")[0] for path in pack.files}
        names |= {s.name.rpartition(".")[2] for s in knowledge.changed if s.path in pack.files}
        return len(said & {name.lower() for name in names if len(name) > 2})

    return max(packs, key=named)


def unframed(finding: Finding, words: AuthorsWords) -> Finding:
    """The finding, less what this room repeats of the author's own words."""
    if finding.origin is not Origin.INTENT:
        return finding
    return replace(
        finding,
        title=words.blanked_in(finding.title),
        body=words.blanked_in(finding.body),
        trigger=words.blanked_in(finding.trigger),
    )


def _judged(answer: IntentAnswer, words: AuthorsWords, change: ChangeSet, lines: Lines) -> Judged:
    promises: list[Promise] = []
    findings: list[Finding] = []
    for raw in explicit_first(answer.promises)[:_MOST_PROMISES]:
        promise = _promise(raw, words, change, lines)
        if promise is None or any(promise.id == other.id for other in promises):
            continue
        promises.append(promise)
        findings += _defects(raw.defects, promise, change)
    contract = IntentContract(tuple(promises), _unasked(answer.unasked, change, lines))
    return Judged(contract, tuple(findings))


def _defects(
    defects: Sequence[ReportedDefect], promise: Promise, change: ChangeSet
) -> Iterator[Finding]:
    """What is wrong where a promise is not kept; a broken promise is a finding of its own."""
    if promise.verdict not in (Verdict.BROKEN, Verdict.PARTLY):
        return
    if promise.verdict is Verdict.BROKEN and not defects:
        yield _bare_breach(promise, change)
    for defect in defects[:_MOST_DEFECTS]:
        finding = finding_of(defect, Origin.INTENT, change)
        shared = promise.evidence if len(defects) == 1 or not finding.evidence else ()
        yield replace(
            finding,
            body=f"{PROMISED}{promise.text}\n\n{finding.body}",
            category=_category(finding.category),
            promise_id=promise.id,
            evidence=(*finding.evidence, *shared),
        )


def _bare_breach(promise: Promise, change: ChangeSet) -> Finding:
    """For a promise called broken without a word on what goes wrong: the code that shows it."""
    proof = promise.evidence[0]
    return Finding(
        title=f"Not as promised: {promise.text}"[:120],
        body=f"{PROMISED}{promise.text}\n\n{promise.why}",
        severity=Severity.P2,
        category=Category.INTENT,
        origin=Origin.INTENT,
        path=proof.path,
        line=proof.line,
        end_line=proof.end_line,
        side="RIGHT" if proof.commit == change.head else "LEFT",
        kind="broken-promise",
        evidence=promise.evidence,
        promise_id=promise.id,
    )


def _promise(
    raw: JudgedPromise, words: AuthorsWords, change: ChangeSet, lines: Lines
) -> Promise | None:
    """The promise, if the author really said it; its verdict, if the code really shows it."""
    where = words.says(raw.where, raw.quote)
    if where is None:
        return None
    evidence = standing(evidence_of(raw.evidence, change), lines)
    verdict, why = raw.verdict, " ".join(raw.why.split())
    if verdict is not Verdict.UNVERIFIABLE and not evidence:
        verdict, why = Verdict.UNVERIFIABLE, f"No cited code stands for the judgement: {why}"
    return Promise(
        text=" ".join(raw.text.split()),
        source=PromiseSource(where, " ".join(raw.quote.split())),
        verdict=verdict,
        why=why,
        implied=raw.implied,
        evidence=evidence,
    )


def _category(category: Category) -> Category:
    """Security and data loss keep their name: they must not be talked down as mere intent."""
    return category if category in (Category.SECURITY, Category.DATA) else Category.INTENT


def _unasked(raw: Sequence[UnaskedChange], change: ChangeSet, lines: Lines) -> tuple[Unasked, ...]:
    shown = (
        Unasked(" ".join(item.text.split()), standing(evidence_of(item.evidence, change), lines))
        for item in raw[:_MOST_UNASKED]
    )
    return tuple(item for item in shown if item.evidence)
