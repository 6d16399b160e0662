"""What became of a finding after it was posted: signals of people and code, and one word for them.

Signals are what a look at the pull request shows now, each with the time when it was first seen; a
signal that is gone is forgotten. The word follows from them by the order of `Became`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum

from bot.domain.finding import Category, Origin, Severity
from bot.domain.identifiers import Sha
from bot.domain.pull_request import PullState


class Became(StrEnum):
    """What became of it, the first that holds: people's plain words, then deeds, then silence."""

    WITHDRAWN = "withdrawn"
    """A dispute showed that it was wrong."""
    DISMISSED = "dismissed"
    """A person took it off the table."""
    FIXED = "fixed"
    """Its lines changed, and a later review looked and found it gone."""
    DISLIKED = "disliked"
    """More people gave it a thumb down than up."""
    LIKED = "liked"
    """More people gave it a thumb up than down."""
    RESOLVED_WITH_CHANGE = "resolved_with_change"
    """Somebody closed its thread, and its lines changed; no review looked."""
    DISPUTED = "disputed"
    """A person contradicted it and it was not withdrawn; nothing was mended."""
    RESOLVED = "resolved"
    """Somebody closed its thread and its lines stayed: done elsewhere, or brushed aside."""
    CHANGED = "changed"
    """Merged with other lines in its place; no review looked whether it is gone."""
    IGNORED = "ignored"
    """Merged as it was, and nobody said a word."""
    CLOSED = "closed"
    """The pull request was closed without being merged."""
    OPEN = "open"
    """The pull request is open, and nothing is known yet."""


ADDRESSED = frozenset({Became.FIXED, Became.LIKED, Became.RESOLVED_WITH_CHANGE})
"""It was worth a person's time: the code was mended, or somebody said so."""

UNSETTLED = frozenset({Became.OPEN, Became.CLOSED})
"""Nobody had to decide about it (yet): it counts neither for nor against."""

CONFIRMED = frozenset({Became.FIXED, Became.LIKED})
"""It was right: a later look found it mended, or people said so."""


@dataclass(frozen=True, slots=True)
class Posting:
    """A finding as it was posted on a line; `finding` is its name in its pull request.

    `confidence` is the verifier's own, 0..1, before any calibration. `posted_at` is when it was
    first looked at, a minute or so after it was posted; aware, UTC, as all times here.
    """

    finding: str
    title: str
    path: str
    kind: str
    category: Category
    severity: Severity
    origin: Origin
    confidence: float
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Signals:
    """When each was first seen; None: it is not so, or is so no more."""

    withdrawn: datetime | None = None
    dismissed: datetime | None = None
    disputed: datetime | None = None
    fixed: datetime | None = None
    changed: datetime | None = None
    resolved: datetime | None = None
    liked: datetime | None = None
    disliked: datetime | None = None
    merged: datetime | None = None
    closed: datetime | None = None


@dataclass(frozen=True, slots=True)
class ThreadSeen:
    """The thread of one comment of ours, as GitHub shows it now.

    `changed`: GitHub calls the thread outdated, its lines are others now. `resolved`: somebody
    closed it, `by_us` at a person's word or because the finding was mended. `ups`, `downs`: thumbs
    of people; bots are not counted.
    """

    changed: bool = False
    resolved: bool = False
    by_us: bool = False
    ups: int = 0
    downs: int = 0


@dataclass(frozen=True, slots=True)
class PullSeen:
    """A pull request as GitHub shows it now. `threads`: ours, by the mark that each has."""

    state: PullState
    head: Sha
    threads: Mapping[str, ThreadSeen]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look shows. `thread` None: it is gone or was not read; what it showed last stays."""

    thread: ThreadSeen | None = None
    fixed: bool = False
    withdrawn: bool = False
    dismissed: bool = False
    disputed: bool = False
    merged: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """One posted finding, and what is known of it by now."""

    posting: Posting
    signals: Signals = field(default_factory=Signals)
    ups: int = 0
    downs: int = 0

    @property
    def became(self) -> Became:
        """One word for all signals: see `Became` for their order."""
        s = self.signals
        changed, resolved = s.changed is not None, s.resolved is not None
        held = {
            Became.WITHDRAWN: s.withdrawn is not None,
            Became.DISMISSED: s.dismissed is not None,
            Became.FIXED: s.fixed is not None,
            Became.DISLIKED: self.downs > self.ups,
            Became.LIKED: self.ups > self.downs,
            Became.RESOLVED_WITH_CHANGE: resolved and changed,
            Became.DISPUTED: s.disputed is not None,
            Became.RESOLVED: resolved,
            Became.CHANGED: s.merged is not None and changed,
            Became.IGNORED: s.merged is not None,
            Became.CLOSED: s.closed is not None,
            Became.OPEN: True,
        }
        return next(word for word in Became if held[word])


def looked_at(outcome: Outcome, seen: Seen, now: datetime) -> Outcome:
    """The outcome after a look; the same look again changes nothing."""
    thread = seen.thread
    if thread is None:
        before = outcome.signals
        thread = ThreadSeen(
            changed=before.changed is not None,
            resolved=before.resolved is not None,
            ups=outcome.ups,
            downs=outcome.downs,
        )
    shown = {
        "withdrawn": seen.withdrawn,
        "dismissed": seen.dismissed,
        "disputed": seen.disputed,
        "fixed": seen.fixed,
        "changed": thread.changed,
        "resolved": thread.resolved,
        "liked": thread.ups > 0,
        "disliked": thread.downs > 0,
        "merged": seen.merged,
        "closed": seen.closed,
    }
    signals = Signals(
        **{
            part.name: (getattr(outcome.signals, part.name) or now) if shown[part.name] else None
            for part in fields(Signals)
        }
    )
    return Outcome(outcome.posting, signals, thread.ups, thread.downs)
