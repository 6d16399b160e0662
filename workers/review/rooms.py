"""The model's part of one review: both rooms and the verification, under one budget.

Without a model every step is the identity: the contract checks' findings pass, and the contract
says that it was not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from bot.domain.budget import LEAST_WINDOW
from bot.domain.finding import Finding
from bot.domain.intent import IntentContract
from bot.domain.learning import Learning
from bot.domain.undone import NOTHING_CHANGED
from bot.ports import Trace
from workers.context.budget import EffortLimits, fitted, in_one_large_prompt, limits_of
from workers.context.guidelines import Rules, applicable_guidelines, policy_guidelines
from workers.context.learnings import matching, offered
from workers.context.pack import Packing, pack_change
from workers.context.sources import Sources
from workers.model.conversation import Session
from workers.model.tools import Toolbox
from workers.model.window import Window
from workers.review.anchors import anchor
from workers.review.announced import fold_announced
from workers.review.assignment import Assignment
from workers.review.authors_words import AuthorsWords, authors_words
from workers.review.budgets import Bill
from workers.review.dedup import merge
from workers.review.description_template import read_templates
from workers.review.evidence import check_citations
from workers.review.former_contract import Former
from workers.review.former_verdicts import with_former_verdicts
from workers.review.hunt import SECURITY, Hunted, Push, hunt
from workers.review.judge import is_shown
from workers.review.named_code import NamedCode
from workers.review.open_findings import known_findings, open_findings
from workers.review.promises import Judged, most_named, read_promises, unframed
from workers.review.reading_policy import path_rule
from workers.review.recheck import Carried, Checked, Doubts, Settled, settle
from workers.review.room import SecondQuestion, both
from workers.review.since import told_to_hunters
from workers.review.taught import Excuses, Memory, Silenced, Weighing, silence
from workers.review.triage import only_documents
from workers.review.verify import Look, Verified, verify
from workers.review.withdrawn import without_withdrawn
from workers.review.world import Deps

_MOST_REFITS = 2
"""How often all is asked again in smaller prompts; a server that names its window needs one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of the first questions: both rooms, and the look at what was said before.

    `packing` is what was read in the end.
    """

    packing: Packing
    hunted: Hunted
    judged: Judged
    carried: Carried


class Rooms:
    """Everything that one review asks of a model. `no_model`: why it asks none, "" if it does."""

    def __init__(self, work: Assignment, trace: Trace, deps: Deps) -> None:
        model = None if work.asks_nobody else deps.model
        self.no_model = (work.stopped or deps.no_model) if model is None else ""
        hidden = path_rule(work.policy.never_send)
        self._work = work
        self._budgets = deps.budgets
        self._shown = Sources(work.code, hidden)
        self._all = Sources(work.code, hidden=lambda _path: False)
        commits = (work.change.head, work.change.base, work.pull.base_tip)
        said = authors_words(work.pull).vocabulary
        self._named = NamedCode(work.code, commits, self._all.lines, said)
        self._budget = self._budgets.of(work.pull.ref, work.policy, work.effort)
        toolbox = Toolbox(work.code, work.change.base, work.change.head, hidden)
        self._window = Window(self._budgets.limits.window)
        self._session = None
        if model is not None:
            self._session = Session(model, toolbox, self._budget, trace, deps.watch, self._window)
        self._offered = matching(_taught_before(work), work.change) if model else ()

    @property
    def bill(self) -> Bill:
        """The cost until now."""
        work, budget = self._work, self._budget
        caps = (*budget.caps, *self._budgets.near(work.pull.ref, work.policy))
        return Bill(budget.spent, budget.models, work.stopped or budget.stopped, caps)

    @property
    def notes(self) -> tuple[str, ...]:
        """That the model holds less than a review of this effort would read at once."""
        if fitted(self._limits, self._window) is self._limits:
            return ()
        how = "a smaller prompt" if self._limits.packs == 1 else "smaller prompts"
        return (
            f"The model holds {self._window.tokens:,} tokens at once: "
            f"the change was read in {how}.",
        )

    @property
    def cut(self) -> tuple[str, ...]:
        """That the model's server did not read all that it was sent."""
        return tuple(filter(None, (self._window.cut,)))

    @cached_property
    def _limits(self) -> EffortLimits:
        """Of a model that holds enough."""
        return limits_of(self._work.effort, only_documents(self._work.unread))

    @cached_property
    def _words(self) -> AuthorsWords:
        """The author's, less those of the repository's template; room 2's alone."""
        work = self._work
        return authors_words(work.pull, read_templates(work.code, self._all, work.change.base))

    def pack(self) -> Packing:
        """What the rooms are given to read; nothing where no model reads it.

        A light review has one prompt, a larger one where the usual would not hold the change.
        """
        work = self._work
        if self._session is None or not work.selection.read:
            return Packing(())
        packing = self._packed(self._limits)
        if work.effort == "light" and packing.cut:
            return self._packed(in_one_large_prompt(self._limits))
        return packing

    def _packed(self, limits: EffortLimits) -> Packing:
        work = self._work
        unread = {file.path for file in work.unread}
        paths = [file.path for file in work.selection.read]
        tip = work.pull.base_tip
        guidelines = (
            *policy_guidelines(paths, work.policy),
            *applicable_guidelines(paths, work.policy.guidelines, self._shown, tip),
        )
        return pack_change(
            work.change,
            work.selection.read,
            work.knowledge,
            self._shown,
            Rules(guidelines, offered(self._offered, work.pull.ref.repository.id)),
            fitted(limits, self._window),
            read_before={file.path for file in work.selection.read} - unread,
        )

    def ask(self, packing: Packing) -> Asked:
        """All at once: defects, blind to the author's words; the intent contract; what was said.

        Where a prompt was more than the model holds, all is asked again in smaller ones.

        Raises:
            Superseded: nobody wants the review any more.
        """
        asked = self._asked(packing)
        for _ in range(_MOST_REFITS):
            lost = self._window.adopt()
            if not lost or (self._window.tokens or 0) < LEAST_WINDOW:
                break
            asked = self._asked(self.pack())
        return asked

    def _asked(self, packing: Packing) -> Asked:
        settled = self._settled()
        doubts = Doubts(settled.in_doubt, self._work.change, self._shown.lines, self._unframed())
        if self._work.effort == "light" and self._hunts(packing):
            hunted, judged = self._hunt_and_judge(packing, doubts.beside_the_hunt())
            looked_at = doubts.decided(hunted.rechecked)
        else:
            pack = next(iter(packing.packs), None)
            rooms = partial(self._hunt_and_judge, packing)
            looking = partial(doubts.asked, pack, self._work.effort, self._session)
            (hunted, judged), looked_at = both(rooms, looking)
        carried = replace(looked_at, findings=(*settled.carried, *looked_at.findings))
        since = self._work.since
        if since.reworded:
            carried = without_withdrawn(carried, judged, self._words, since)
        return Asked(packing, hunted, judged, carried)

    def _hunts(self, packing: Packing) -> bool:
        """Whether there is somebody to ask, and code to hunt in."""
        work = self._work
        prose = only_documents(work.unread)
        return bool(self._session and packing.packs) and not (work.since.only_words or prose)

    def _hunt_and_judge(
        self, packing: Packing, second: SecondQuestion | None = None
    ) -> tuple[Hunted, Judged]:
        work, session = self._work, self._session
        unhunted = Hunted((), work.knowledge.ledger)
        unread = self._why_unread(packing)
        if session is None or unread:
            return unhunted, Judged(IntentContract(judged=False, note=unread))
        judging = partial(self._judge, packing, session)
        if work.since.only_words:
            return unhunted, judging()
        if not self._hunts(packing):
            return replace(unhunted, files=frozenset(packing.packs[0].files)), judging()
        hunting = partial(
            hunt,
            packing.packs,
            work.change,
            work.knowledge.ledger,
            work.effort,
            session,
            Push(told_to_hunters(work.since, work.change), second),
            SECURITY if work.scope.security else None,
        )
        return both(hunting, judging)

    def _why_unread(self, packing: Packing) -> str:
        """Why no model reads the change; "" where one does."""
        if not self._work.change.files:
            return NOTHING_CHANGED
        if self._session is None:
            return self.no_model
        return "" if packing.packs else "No changed file was read by a model"

    def _judge(self, packing: Packing, session: Session) -> Judged:
        work, words = self._work, self._words
        told = work.since.told if work.since.partial else None
        return read_promises(
            words,
            most_named(packing.packs, work.knowledge, words),
            work.change,
            self._shown.lines,
            work.effort,
            session,
            None if told is None else Former(told, work.since, work.change),
        )

    def _settled(self) -> Settled:
        """What plain code says of what earlier reviews showed and nobody called fixed."""
        work = self._work
        checked = Checked(
            frozenset(finding.fingerprint for finding in work.knowledge.findings),
            frozenset(work.knowledge.unparsed),
        )
        opened = open_findings(work.since.earlier)
        return settle(opened, work.since, work.change, self._shown.lines, checked)

    def check_citations(self, asked: Asked) -> list[Finding]:
        """New findings with the quotes that stand, on lines that can carry them, repeats marked.

        What both rooms report is one finding, told by room 1, before anybody looks again; what was
        verified before, and is as it was, has its verdict. Plain code's findings may cite files
        that no model may read.
        """
        head = self._work.change.head
        facts = check_citations(self._work.knowledge.findings, self._all.lines, head)
        claimed = (*asked.hunted.findings, *asked.judged.findings)
        claims = check_citations(claimed, self._shown.lines, head)
        claims = [self._named.struck(finding) for finding in claims]
        anchored = anchor((*facts, *claims), self._work.change)
        since = self._work.since
        known = known_findings(since.earlier, asked.carried.findings)
        merged = merge(anchored, known, asked.carried.mended)
        shown = partial(is_shown, policy=self._work.policy)
        return with_former_verdicts(merged, since, self._work.change, shown)

    def verify(self, cited: Sequence[Finding], asked: Asked) -> Verified:
        """A fresh look at each open finding of a model; which of them the team taught not to raise.

        Raises:
            Superseded: nobody wants the review any more.
        """
        work, packs = self._work, asked.packing.packs
        if self._session is None or not packs:
            return Verified(tuple(cited))
        lines, session = self._shown.lines, self._session
        weighing = Weighing(self._offered, partial(is_shown, policy=work.policy), lines)
        look = Look(work.change, lines, work.effort, session, self._named.unknown)
        opened = [finding for finding in asked.carried.findings if not finding.fixed]
        verified = verify(cited, packs, look, self._unframed(), weighing, opened)
        return replace(verified, findings=tuple(map(self._named.held_to, verified.findings)))

    def _unframed(self) -> Callable[[Finding], Finding]:
        """Takes the author's words out of a finding, those of earlier reviews too."""
        before = (one for review in self._work.since.earlier for one in review.intent.promises)
        words = self._words.with_quotes(one.source.quote for one in before)
        return partial(unframed, words=words)

    def fold_announced(self, merged: Sequence[Finding], packing: Packing) -> list[Finding]:
        """What the author plainly announces as wanted gets the fate `intended`.

        Raises:
            Superseded: nobody wants the review any more.
        """
        work = self._work
        if self._session is None or not packing.packs or work.effort == "light":
            return list(merged)
        words, lines = self._words, self._shown.lines
        return fold_announced(merged, words, packing.packs[0], work.change, lines, self._session)

    def heed_learnings(
        self, findings: Sequence[Finding], said: Excuses, packing: Packing
    ) -> Silenced:
        """What the team taught not to raise gets the fate `dismissed`."""
        work = self._work
        shown = partial(is_shown, policy=work.policy)
        memory = Memory(work.learnings, work.pull.ref.repository.id, shown)
        silenced = silence(findings, memory, said)
        given = self._offered if packing.packs else ()
        return replace(silenced, given=_each_once((*given, *silenced.by)))


def _taught_before(work: Assignment) -> tuple[Learning, ...]:
    """What was taught outside of this pull request: no look at its code hears its people."""
    ref = work.pull.ref
    apart = (one.apart_from(ref.repository, ref.number) for one in work.learnings)
    return tuple(one for one in apart if one is not None)


def _each_once(learnings: Sequence[Learning]) -> tuple[Learning, ...]:
    return tuple({one.key: one for one in learnings}.values())
