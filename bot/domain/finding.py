"""One defect: what is wrong, where, how it is known, and what became of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.diff import Side
from bot.domain.identifiers import Sha


class Severity(StrEnum):
    """How bad, judged by trigger and reach. P0 is the worst; StrEnum orders "P0" < "P1"."""

    P0 = "P0"
    """Breaks for everyone, loses data or opens a hole: blocks a release."""
    P1 = "P1"
    """Wrong in normal use: should block the merge."""
    P2 = "P2"
    """Wrong in a corner: worth fixing."""
    P3 = "P3"
    """Minor."""

    def at_least(self, bar: Severity) -> bool:
        """P0 is at least P1."""
        return self.value <= bar.value


class Category(StrEnum):
    """The closed list of what a finding is about."""

    CORRECTNESS = "correctness"
    CONTRACT = "contract"
    SECURITY = "security"
    DATA = "data"
    CONCURRENCY = "concurrency"
    PERFORMANCE = "performance"
    INTENT = "intent"
    TESTS = "tests"
    DOCS = "docs"


class Origin(StrEnum):
    """Who raised it."""

    CHECK = "check"
    """Plain code, without a model."""
    HUNT = "hunt"
    """Room 1, blind to the author's words."""
    INTENT = "intent"
    """Room 2, the intent contract."""


class Fate(StrEnum):
    """What became of a finding. Nothing is dropped: each leaves with one of these and a reason."""

    POSTED = "posted"
    LISTED = "listed"
    BELOW_THRESHOLD = "below_threshold"
    OVER_CAP = "over_cap"
    DUPLICATE = "duplicate"
    UNPROVEN = "unproven"
    REFUTED = "refuted"
    UNSURE = "unsure"
    INTENDED = "intended"
    DISMISSED = "dismissed"


SHOWN = (Fate.POSTED, Fate.LISTED, Fate.OVER_CAP)
"""What a person is to see: posted, or kept from it only by a missing line or a cap."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Lines `line`..`end_line` (1-based, inclusive) of one file at one commit, quoted exactly."""

    path: str
    commit: Sha
    line: int
    end_line: int
    quote: str


@dataclass(frozen=True, slots=True)
class Stated:
    """The verifier's own confidence, 0..1, and how many outcomes of earlier findings moved it."""

    confidence: float
    outcomes: int


def same_defect_as(title: str) -> str:
    """Why a finding is a duplicate, told by the title of the one that stays."""
    return f'the same defect as "{title}"'


@dataclass(frozen=True, slots=True)
class Finding:
    """A defect that the change introduces.

    `kind` is a short slug of the defect's class (for checks: the check's name), `symbol` the
    definition it is about ("" when none); with the path they make the fingerprint. `line` is None
    when no line of the diff can carry the finding. `fate` is None while it is still examined.
    `confidence` is what it is judged by, 0..1: the verifier's, or where outcomes moved it a
    calibrated one, and `stated` holds the verifier's. Checks are certain by construction.

    `continues` is the id under which an earlier review of the pull request showed it; then either
    `standing` (it is still there: not said again, but not gone either) or `fixed` is true. `late`:
    it lies wholly in lines that an earlier review read, so that only a P0 may still be raised.
    `remains`: what is left of it where pushes mended a part, "" where none did.
    `silenced_by` is the label of the learning that took it off the table, in this review only.
    """

    title: str
    body: str
    severity: Severity
    category: Category
    origin: Origin
    path: str
    line: int | None
    end_line: int | None = None
    side: Side = "RIGHT"
    confidence: float = 0.0
    kind: str = ""
    symbol: str = ""
    trigger: str = ""
    evidence: tuple[Evidence, ...] = ()
    suggestion: str | None = None
    fate: Fate | None = None
    reason: str = ""
    verification: str = ""
    promise_id: str | None = None
    standing: bool = False
    fixed: bool = False
    late: bool = False
    continues: str = ""
    silenced_by: str = ""
    remains: str = ""
    stated: Stated | None = None

    @property
    def stated_confidence(self) -> float:
        """The verifier's own."""
        return self.confidence if self.stated is None else self.stated.confidence

    @property
    def in_the_same_words(self) -> bool:
        """Whether it repeats another finding of this review under that one's very title."""
        return self.fate is Fate.DUPLICATE and self.reason == same_defect_as(self.title)

    @property
    def name(self) -> str:
        """The id under which people first saw it: the same in every later review."""
        return self.continues or self.id

    @property
    def fingerprint(self) -> str:
        """Same defect, same value: never of wording or line numbers."""
        parts = "\0".join((self.path, self.symbol, self.category.value, self.kind))
        return _digest(parts)[:16]

    @property
    def id(self) -> str:
        """Fingerprint plus what tells apart two findings of one fingerprint: their first quote."""
        quote = self.evidence[0].quote.strip() if self.evidence else self.title
        return f"{self.fingerprint}-{_digest(quote)[:6]}"


def _digest(text: str) -> str:
    """Path names and quotes of files that are not UTF-8 hold lone surrogates."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
