"""A fresh look at each finding that tries to refute it, blind to the author's words.

Confidence is the verifier's. Facts found by plain code are not verified. Findings of both rooms
stand side by side, so that it also says which of them are one defect; words of the author's that
room 2 repeats are taken out, so that no framing reaches the verdict. What people were told before,
and stands, is put beside them, so that nothing is said again under another name; of what other
batches verify at the same time, what may be the same. Where something that the team taught bears
on a batch, a second question rides along: see `taught`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from bot.domain.conversation import Message
from bot.domain.diff import ChangeSet
from bot.domain.finding import Evidence, Fate, Finding, Origin, Severity
from bot.domain.learning import Learning
from bot.domain.policy import Effort
from workers.context.budget import LIMITS
from workers.context.pack import Pack
from workers.model.conversation import Question, Session, ask
from workers.model.prompts import load_prompt
from workers.review.answers import Checked, VerifyAnswer, WeighedAnswer, evidence_of, retold
from workers.review.batches import alongside, batched
from workers.review.dedup import duplicate, joined_as_told
from workers.review.evidence import Lines, standing, without_repeats
from workers.review.room import Outcome, in_parallel, prefix
from workers.review.taught import Excuse, Excuses, Weighing, excuses, second_question

_CONFIRMED_AT = 0.5
_MOST_KNOWN = 8
_KNOWN = (
    "# Known already\n\nThe author was told of these before, and they stand: give no verdict on "
    "them. `same_as` may name them.\n\n{known}\n\n"
)
_BESIDES = (
    "# Verified elsewhere\n\nOthers look at these right now: give no verdict on them. `same_as` "
    "may name them.\n\n{besides}\n\n"
)
_MOST_OF_A_BODY = 600
_NO_CLAIMS = "None: plain code found what is asked about below."
_NOTHING_CHECKED = "it was confirmed without a word on what was looked at"


@dataclass(frozen=True, slots=True)
class Look:
    """What a fresh look is taken with. `unknown`: what a finding names, and no file holds."""

    change: ChangeSet
    lines: Lines
    effort: Effort
    session: Session
    unknown: Callable[[Finding], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Verified:
    """All findings, those that did not pass with their fate, and what could not be verified.

    `excuses`: what was said of learnings that cover one of them.
    """

    findings: tuple[Finding, ...]
    failures: tuple[str, ...] = ()
    excuses: Excuses = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one question puts: what is `known`, what is verified `besides`, findings to verify, then
    facts that are only weighed by `about`. They are numbered in this order.

    `besides` is keyed by the place of each among all that are verified.
    """

    pack: Pack
    known: Sequence[Finding]
    besides: Mapping[int, Finding]
    put: Sequence[Finding]
    about: tuple[Learning, ...]

    @property
    def first(self) -> int:
        """The number of the first of `put`."""
        return len(self.known) + len(self.besides) + 1

    @property
    def claims(self) -> list[Finding]:
        """Those that get a verdict."""
        return [finding for finding in self.put if finding.origin is not Origin.CHECK]

    @property
    def facts(self) -> list[Finding]:
        """Those that hold."""
        return [finding for finding in self.put if finding.origin is Origin.CHECK]


def verify(
    findings: Sequence[Finding],
    packs: Sequence[Pack],
    look: Look,
    unframed: Callable[[Finding], Finding],
    weighing: Weighing,
    standing_ones: Sequence[Finding] = (),
) -> Verified:
    """Put every open finding of a model to the test; a light review has one call for all.

    `unframed` gives a finding without words of the author's. `standing_ones`: what earlier reviews
    showed and is still there.

    Raises:
        Superseded: nobody wants the review any more.
    """
    opened = [f for f in findings if _is_put(f, weighing)]
    settled = [f for f in findings if not _is_put(f, weighing)]
    batches = _formed(batched(opened, packs, look.effort), look, weighing, standing_ones)
    tasks = [partial(ask, _question(batch, look, unframed), look.session) for batch in batches]
    failures: list[str] = []
    said: dict[tuple[str, int | None], Excuse] = {}
    claims: list[Finding] = []
    same_as: dict[int, int] = {}
    for batch, outcome in zip(batches, in_parallel(tasks), strict=True):
        failures += _unverified(batch, outcome)
        same_as |= _repeats(batch, outcome.value, len(claims))
        claims += _applied(batch, outcome.value, look)
        settled += batch.facts
        if isinstance(outcome.value, WeighedAnswer):
            said |= excuses(outcome.value.taught, batch.first, batch.put, batch.about)
    settled += joined_as_told(claims, same_as)
    return Verified(tuple(settled), tuple(failures), said)


def _formed(
    parts: Sequence[tuple[Pack, list[Finding]]],
    look: Look,
    weighing: Weighing,
    standing_ones: Sequence[Finding],
) -> list[_Batch]:
    batches: list[_Batch] = []
    claims: list[Finding] = []
    for pack, put in parts:
        asked = [finding for finding in put if finding.origin is not Origin.CHECK]
        known, besides = _near(put, standing_ones, look.lines), alongside(asked, claims)
        batches.append(_Batch(pack, known, besides, put, weighing.about(put)))
        claims += asked
    return batches


def _is_put(finding: Finding, weighing: Weighing) -> bool:
    """Whether it is open, and no earlier review's verdict holds; of facts, if they are weighed."""
    if finding.fate or finding.verification:
        return False
    return finding.origin is not Origin.CHECK or weighing.takes(finding)


def _near(batch: Sequence[Finding], known: Sequence[Finding], lines: Lines) -> tuple[Finding, ...]:
    """Of the known ones, those of a file that the batch is about; only what a model may read."""
    if all(finding.origin is Origin.CHECK for finding in batch):
        return ()
    paths = {finding.path for finding in batch}
    near = (f for f in known if f.origin is not Origin.CHECK and f.path in paths)
    read = (f for f in near if len(standing(f.evidence, lines)) == len(f.evidence))
    return tuple(islice(read, _MOST_KNOWN))


def _unverified(batch: _Batch, outcome: Outcome[VerifyAnswer]) -> tuple[str, ...]:
    """What has no verdict; facts need none."""
    asked, why = set(range(batch.first, batch.first + len(batch.claims))), outcome.failure
    if outcome.value is not None:
        asked -= {word.number for word in outcome.value.results}
        why = "no verdict came back"
    return (f"{_findings(len(asked))} not be verified: {why}",) if asked else ()


def _findings(count: int) -> str:
    return "1 finding could" if count == 1 else f"{count} findings could"


def _question(
    batch: _Batch, look: Look, unframed: Callable[[Finding], Finding]
) -> Question[VerifyAnswer]:
    prompts, claims = [load_prompt("verify")], [unframed(finding) for finding in batch.claims]
    known = _listed([unframed(finding) for finding in batch.known], 1, look.change)
    besides = "\n\n".join(
        _in_short(number, unframed(finding))
        for number, finding in enumerate(batch.besides.values(), len(batch.known) + 1)
    )
    before = _KNOWN.format(known=known) if known else ""
    before += _BESIDES.format(besides=besides) if besides else ""
    put = "\n\n".join(
        as_put(number, claim, look.change) + _doubt(look.unknown(claim))
        for number, claim in enumerate(claims, batch.first)
    )
    texts = [prompts[0].render(findings=put or _NO_CLAIMS, known=before)]
    if batch.about:
        prompts.append(load_prompt("taught"))
        facts = _listed(batch.facts, batch.first + len(claims), look.change)
        texts.append(second_question(prompts[1], batch.about, facts))
    return Question(
        room="verify",
        purpose=f"verify {len(claims)} findings",
        messages=(*prefix(batch.pack), Message("user", "\n\n".join(texts))),
        answer=WeighedAnswer if batch.about else VerifyAnswer,
        prompt_version="+".join(prompt.tag for prompt in prompts),
        tier="main" if claims else "fast",
        tools=bool(claims),
        max_rounds=LIMITS[look.effort].verify_rounds,
    )


def _listed(findings: Sequence[Finding], first: int, change: ChangeSet) -> str:
    return "\n\n".join(as_put(number, f, change) for number, f in enumerate(findings, first))


def as_put(number: int, finding: Finding, change: ChangeSet) -> str:
    """A finding as another model reads it: the claim and its quotes, no origin, no confidence."""
    rows = [
        f"## {number}. {finding.title}",
        f"{finding.severity.value}, {finding.category.value}, {_at(finding)}",
        finding.body,
    ]
    if finding.trigger:
        rows.append(f"Happens when: {finding.trigger}")
    rows += (_cited(item, change) for item in finding.evidence)
    return "\n".join(rows)


def _doubt(unknown: Sequence[str]) -> str:
    """What plain code did not find, for whoever may know where it is from."""
    if not unknown:
        return ""
    names = ", ".join(f"`{one}`" for one in unknown)
    return (
        f"\nPlain code finds {names} nowhere in this repository. If that is made up, refute. If it "
        "is a library's, or is made at run time, name it in `checked`, with the path:line here "
        "that shows where it comes from."
    )


def _in_short(number: int, finding: Finding) -> str:
    """A finding to be told from others, not to be verified."""
    return f"## {number}. {finding.title}\n{_at(finding)}\n{finding.body[:_MOST_OF_A_BODY]}"


def _at(finding: Finding) -> str:
    return f"{finding.path}:{finding.line} ({'head' if finding.side == 'RIGHT' else 'base'})"


def _cited(item: Evidence, change: ChangeSet) -> str:
    at = "head" if item.commit == change.head else "base"
    return f"> {item.path}:{item.line} ({at})\n" + "\n".join(
        f">     {row}" for row in item.quote.split("\n")
    )


def _applied(batch: _Batch, answer: VerifyAnswer | None, look: Look) -> list[Finding]:
    words = {word.number: word for word in answer.results} if answer else {}
    done: dict[int, Finding] = dict(enumerate(batch.known, 1))
    for number, finding in enumerate(batch.claims, batch.first):
        word = words.get(number)
        kept = _kept(number, words)
        if word is None:
            done[number] = replace(finding, fate=Fate.UNSURE, reason="it could not be verified")
        elif kept <= len(batch.known) and done[kept].severity.at_least(Severity(word.severity)):
            done[number] = duplicate(finding, done[kept])
        elif batch.first <= kept < number:
            first = _with_evidence(done[kept], finding.evidence)
            done[kept] = replace(first, promise_id=first.promise_id or finding.promise_id)
            done[number] = duplicate(finding, first)
        else:
            done[number] = _judged(finding, word, look)
    return [finding for number, finding in done.items() if number >= batch.first]


def _repeats(batch: _Batch, answer: VerifyAnswer | None, before: int) -> dict[int, int]:
    """Which are called the same as an earlier one, both by their place among all claims.

    `before`: how many claims the batches before this one have.
    """
    words = {word.number: word for word in answer.results} if answer else {}
    places = dict(enumerate(batch.besides, len(batch.known) + 1))
    places |= {batch.first + at: before + at for at in range(len(batch.claims))}
    kept = {number: _kept(number, words) for number in places}
    return {
        places[number]: places[first]
        for number, first in kept.items()
        if number >= batch.first and first != number and first in places
    }


def _kept(number: int, words: Mapping[int, Checked]) -> int:
    """The first finding of a chain of repeats: each names an earlier one."""
    word = words.get(number)
    if word is None or word.same_as is None or not 1 <= word.same_as < number:
        return number
    return _kept(word.same_as, words)


def _with_evidence(finding: Finding, more: Sequence[Evidence]) -> Finding:
    return replace(finding, evidence=without_repeats((*finding.evidence, *more)))


def _judged(finding: Finding, word: Checked, look: Look) -> Finding:
    confidence = min(max(word.confidence, 0.0), 1.0)
    more = standing(evidence_of(word.evidence, look.change), look.lines)
    looked = replace(
        _with_evidence(retold(finding, word.restated), more),
        confidence=confidence,
        severity=Severity(word.severity),
        verification=" ".join(word.checked.split()),
    )
    why = " ".join(word.why.split())
    if word.verdict == "refuted":
        return replace(looked, fate=Fate.REFUTED, reason=why)
    if word.verdict == "unsure" or confidence < _CONFIRMED_AT:
        return replace(looked, fate=Fate.UNSURE, reason=why)
    if not looked.verification:
        return replace(looked, fate=Fate.UNSURE, reason=_NOTHING_CHECKED)
    return looked
