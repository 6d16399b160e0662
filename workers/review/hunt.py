"""Room 1: hunt defects, blind to the author's words.

Nothing of title, body, commit messages, branch or author reaches this file: it is given packs of
code. A light or standard review asks one whole question; a deep one asks several distinct ones.
What an earlier review showed may be asked about along with them: see `recheck`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, repeat

from bot.domain.conversation import Message
from bot.domain.diff import ChangeSet
from bot.domain.finding import Finding, Origin
from bot.domain.plural import plural
from bot.domain.policy import Effort
from bot.domain.review import CallSite, LedgerEntry
from workers.context.budget import LIMITS
from workers.context.pack import Pack
from workers.model.conversation import Question, Session, ask
from workers.model.prompts import load_prompt
from workers.review.answers import (
    HuntAnswer,
    JudgedSite,
    Rechecked,
    RecheckingHuntAnswer,
    finding_of,
)
from workers.review.room import SecondQuestion, in_parallel, prefix

_MOST_FINDINGS = 30
_ALL_NEW = "Nobody has reviewed this change yet."
_MOST_SITES = 60
_RELIES = {"T1": "relies on", "T2": "relies on", "T3": "may rely on"}


@dataclass(frozen=True, slots=True)
class Focus:
    """One question of the hunt; `name` is read in the record."""

    name: str
    text: str


WHOLE = Focus(
    "whole",
    "Look at everything: contracts and callers, data, errors, edges, timing, input from outside.",
)
DEEP = (
    Focus(
        "contracts and callers",
        "This time look above all at contracts: what each changed name, signature, result, "
        "default, error and setting promised to code elsewhere, and which of that code is wrong "
        "now. Go several layers into callers and dependencies.",
    ),
    Focus(
        "data, security and concurrency",
        "This time look above all at data that is lost, corrupted or shown to the wrong person; "
        "at input that an attacker controls; at access rights; at state shared between threads, "
        "tasks, processes and transactions; at order and retries.",
    ),
    Focus(
        "errors, edges and resources",
        "This time look above all at error paths, empty, missing, huge and odd inputs, boundaries, "
        "arithmetic, time zones, encodings, resources that are not released, work that grows with "
        "the data, and logic that is simply wrong.",
    ),
)


SECURITY = Focus(
    "security",
    "Look for security defects only: input that an attacker controls and where it ends up, access "
    "rights, secrets, cryptography, data shown to the wrong person. Leave every other defect out.",
)


@dataclass(frozen=True, slots=True)
class Push:
    """What earlier reviews bring to a hunt. `read`: what they have read; "" where that is nothing.

    `second`: about what they showed; it goes along with the first question.
    """

    read: str
    second: SecondQuestion | None


@dataclass(frozen=True, slots=True)
class Hunted:
    """What room 1 found, the ledger with its word on the call sites, and what it could not do.

    `asked` questions were put; `failures` of them got no answer; `unread` is what was not used.
    `files` are those about which every question was answered. `rechecked` answers the second one.
    """

    findings: tuple[Finding, ...]
    ledger: tuple[LedgerEntry, ...]
    failures: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    asked: int = 0
    files: frozenset[str] = frozenset()
    rechecked: tuple[Rechecked, ...] = ()


def hunt(
    packs: Sequence[Pack],
    change: ChangeSet,
    ledger: tuple[LedgerEntry, ...],
    effort: Effort,
    session: Session,
    push: Push,
    only: Focus | None = None,
) -> Hunted:
    """Ask each question of each pack, in parallel.

    `only`: this question instead of those of the effort.

    Raises:
        Superseded: nobody wants the review any more.
    """
    focuses = (only,) if only else DEEP if effort == "deep" else (WHOLE,)
    questions = [(pack, focus) for pack in packs for focus in focuses]
    seconds = chain([push.second], repeat(None))
    sites = _open_sites(ledger)
    places = _sites_text(sites, ledger)
    tasks = [
        partial(ask, _question(pack, focus, places, effort, push.read, second), session)
        for (pack, focus), second in zip(questions, seconds, strict=False)
    ]
    outcomes = in_parallel(tasks)
    answers = [outcome.value for outcome in outcomes if outcome.value is not None]
    found = [_defects(answer, change) for answer in answers]
    silent = [
        (pack, focus, outcome.failure)
        for (pack, focus), outcome in zip(questions, outcomes, strict=True)
        if outcome.value is None
    ]
    missed = {path for pack, _, _ in silent for path in pack.files}
    return Hunted(
        findings=tuple(finding for each in found for finding in each[:_MOST_FINDINGS]),
        ledger=_with_words(ledger, sites, [site for answer in answers for site in answer.sites]),
        failures=tuple(_unanswered(*each) for each in silent),
        unread=tuple(note for each in found for note in _beyond(each)),
        asked=len(questions),
        files=frozenset(path for pack in packs for path in pack.files) - missed,
        rechecked=_rechecked(answers),
    )


def _rechecked(answers: Sequence[HuntAnswer]) -> tuple[Rechecked, ...]:
    said = (answer.rechecked for answer in answers if isinstance(answer, RecheckingHuntAnswer))
    return tuple(word for words in said for word in words)


def _defects(answer: HuntAnswer, change: ChangeSet) -> tuple[Finding, ...]:
    """What one answer reports, each once."""
    return tuple(dict.fromkeys(finding_of(each, Origin.HUNT, change) for each in answer.defects))


def _unanswered(pack: Pack, focus: Focus, failure: str) -> str:
    files = plural(len(pack.files), "file")
    return f"the hunt for defects ({focus.name}; {files}) gave no answer: {failure}"


def _beyond(different: Sequence[Finding]) -> tuple[str, ...]:
    """An answer without measure is cut, and says so."""
    if len(different) <= _MOST_FINDINGS:
        return ()
    return (f"only the first {_MOST_FINDINGS} of {len(different)} reported defects were examined",)


def _question(
    pack: Pack,
    focus: Focus,
    places: str,
    effort: Effort,
    since: str,
    second: SecondQuestion | None,
) -> Question[HuntAnswer]:
    prompt = load_prompt("hunt")
    limits = LIMITS[effort]
    text = prompt.render(focus=focus.text, since=since or _ALL_NEW, sites=places)
    return Question(
        room="hunt",
        purpose=f"hunt: {focus.name}",
        messages=(*prefix(pack), Message("user", f"{text}\n\n{second.text}" if second else text)),
        answer=RecheckingHuntAnswer if second else HuntAnswer,
        prompt_version=f"{prompt.tag}+{second.tag}" if second else prompt.tag,
        tools=limits.rounds > 1,
        max_rounds=limits.rounds,
        max_output_tokens=12_000,
    )


def _open_sites(ledger: Sequence[LedgerEntry]) -> list[CallSite]:
    """The sites on which plain code has no verdict, numbered by their place in this list."""
    sites = [site for entry in ledger for site in entry.sites if site.status == "not_inspected"]
    return list(dict.fromkeys(sites))[:_MOST_SITES]


def _sites_text(sites: Sequence[CallSite], ledger: Sequence[LedgerEntry]) -> str:
    if not sites:
        return "There are no numbered call sites: `sites` is []."
    names: dict[CallSite, list[str]] = {site: [] for site in sites}
    for entry in ledger:
        for site in names.keys() & set(entry.sites):
            names[site].append(entry.symbol)
    rows = [
        f"{number}. {site.path}:{site.line} {_RELIES[site.tier]} {', '.join(names[site])}"
        for number, site in enumerate(sites, 1)
    ]
    return (
        "These places rely on a contract that the change touches. Give each one its status in "
        '`sites`, by number: "broken" (report the defect too), "safe" (say why), or '
        '"not_inspected" if you did not look. People read each `why` without these numbers:\n'
        + "\n".join(rows)
    )


def _with_words(
    ledger: Sequence[LedgerEntry], sites: Sequence[CallSite], judged: Sequence[JudgedSite]
) -> tuple[LedgerEntry, ...]:
    """The ledger with the model's word where plain code had none. "broken" from any answer wins."""
    words: dict[CallSite, CallSite] = {}
    for word in judged:
        if word.status == "not_inspected" or not 1 <= word.number <= len(sites):
            continue
        site = sites[word.number - 1]
        if site not in words or word.status == "broken":
            words[site] = replace(site, status=word.status, why=" ".join(word.why.split())[:300])
    return tuple(
        replace(entry, sites=tuple(words.get(site, site) for site in entry.sites))
        for entry in ledger
    )
