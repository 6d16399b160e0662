"""The model's part of one review: both rooms and the verification, under one budget.

Without a model every step is the identity: the contract checks' findings pass, and the contract
says that it was not judged.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from bot.domain.finding import Finding, Origin
from bot.domain.intent import IntentContract
from bot.domain.review import ReviewUsage
from bot.ports import Model, Trace, Watch
from workers.context.budget import LIMITS
from workers.context.pack import (
    Packing,
    applicable_guidelines,
    pack_change,
    policy_guidelines,
)
from workers.context.sources import Sources
from workers.model.budget import Budget
from workers.model.conversation import Session
from workers.model.tools import Toolbox
from workers.review.anchors import anchor
from workers.review.announced import fold_announced
from workers.review.assignment import Assignment
from workers.review.authors_words import authors_words
from workers.review.dedup import merge
from workers.review.evidence import check_citations
from workers.review.hunt import Hunted, hunt
from workers.review.promises import Judged, read_promises
from workers.review.reading_policy import path_rule
from workers.review.room import both
from workers.review.triage import only_documents
from workers.review.verify import Verified, verify

NO_MODEL = "No model is configured"


class Rooms:
    """Everything that one review asks of a model.

    `model` is None when none is to be asked; `no_model` then says why.
    """

    def __init__(
        self,
        work: Assignment,
        model: Model | None,
        trace: Trace,
        watch: Watch,
        no_model: str = NO_MODEL,
    ) -> None:
        self.no_model = no_model if model is None else ""
        hidden = path_rule(work.policy.never_send)
        limits = LIMITS[work.effort]
        self._work = work
        self._shown = Sources(work.code, hidden)
        self._all = Sources(work.code, hidden=lambda _path: False)
        self._budget = Budget(limits.calls, limits.tokens, time.monotonic() + limits.seconds)
        toolbox = Toolbox(work.code, work.change.base, work.change.head, hidden)
        self._session = Session(model, toolbox, self._budget, trace, watch) if model else None

    @property
    def spent(self) -> ReviewUsage:
        """The cost until now."""
        return self._budget.spent

    @property
    def models(self) -> tuple[str, ...]:
        """The models that answered."""
        return self._budget.models

    def pack(self) -> Packing:
        """What the rooms are given to read; nothing where no model reads it."""
        work = self._work
        if self._session is None or not work.selection.read:
            return Packing((), ())
        paths = [file.path for file in work.selection.read]
        tip = work.pull.base_tip
        rules = (
            *policy_guidelines(paths, work.policy),
            *applicable_guidelines(paths, work.policy.guidelines, self._shown, tip),
        )
        return pack_change(
            work.change,
            work.selection.read,
            work.knowledge,
            self._shown,
            rules,
            LIMITS[work.effort],
        )

    def hunt_and_judge(self, packing: Packing) -> tuple[Hunted, Judged]:
        """Both rooms at once: defects, blind to the author's words; and the intent contract.

        Raises:
            Superseded: nobody wants the review any more.
        """
        work, session = self._work, self._session
        hunted = Hunted((), work.knowledge.ledger)
        if session is None:
            return hunted, Judged(IntentContract(judged=False, note=self.no_model))
        if not packing.packs:
            note = "No changed file was read by a model"
            return hunted, Judged(IntentContract(judged=False, note=note))
        words, lines = authors_words(work.pull), self._shown.lines
        judging = partial(
            read_promises, words, packing.packs[0], work.change, lines, work.effort, session
        )
        if only_documents(work.selection):
            return hunted, judging()
        hunting = partial(
            hunt, packing.packs, work.change, work.knowledge.ledger, work.effort, session
        )
        return both(hunting, judging)

    def check_citations(self, hunted: Hunted, judged: Judged) -> list[Finding]:
        """All findings with the quotes that stand, on lines that can carry them, repeats marked.

        Plain code's findings may cite files that no model may read.
        """
        head = self._work.change.head
        facts = check_citations(self._work.knowledge.findings, self._all.lines, head)
        claims = check_citations((*hunted.findings, *judged.findings), self._shown.lines, head)
        anchored = anchor((*facts, *claims), self._work.change)
        return merge([f for f in anchored if f.origin is not Origin.INTENT], ()) + [
            f for f in anchored if f.origin is Origin.INTENT
        ]

    def verify(self, cited: Sequence[Finding], packing: Packing) -> Verified:
        """A fresh look at each open finding of a model.

        Raises:
            Superseded: nobody wants the review any more.
        """
        work = self._work
        if self._session is None or not packing.packs:
            return Verified(tuple(cited))
        lines = self._shown.lines
        return verify(cited, packing.packs, work.change, lines, work.effort, self._session)

    def fold_announced(self, merged: Sequence[Finding], packing: Packing) -> list[Finding]:
        """What the author plainly announces as wanted gets the fate `intended`.

        Raises:
            Superseded: nobody wants the review any more.
        """
        work = self._work
        if self._session is None or not packing.packs or work.effort == "light":
            return list(merged)
        words, lines = authors_words(work.pull), self._shown.lines
        return fold_announced(merged, words, packing.packs[0], work.change, lines, self._session)
