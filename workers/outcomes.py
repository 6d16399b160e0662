"""Looks again at what was posted: what became of each finding, from GitHub and from the records.

Level-triggered: a look reads everything anew, so any number of looks, in any order, ends the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from bot.domain.finding import SHOWN, Fate, Finding
from bot.domain.identifiers import Sha
from bot.domain.jobs import LookAtOutcomes
from bot.domain.outcome import Outcome, Posting, PullSeen, Seen, ThreadSeen, looked_at
from bot.domain.pull_request import PullRef
from bot.domain.review import Review
from bot.domain.ruling import Ruling, closed_by, rounds
from bot.errors import InstallationGone, TransientError
from bot.github.markers import marker_of_finding
from bot.ports import Onlooker, Outcomes, Records, Wanted

LOOK_AFTER_SECONDS = 60.0
"""What happens within a minute is seen by one look."""

_WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Looking:
    """What looks need. `show` makes the counts public, where there is somebody to show them to."""

    onlooker: Onlooker
    outcomes: Outcomes
    show: Callable[[], None]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Posted:
    """A finding as it was first posted, and what later reviews said of it.

    `fixed`: the last one that looked found it gone; `was_fixed`: one of them did. `stood_at`: the
    last head at which a review saw it.
    """

    finding: Finding
    stood_at: Sha
    fixed: bool = False
    was_fixed: bool = False


def look(
    job: LookAtOutcomes, looking: Looking, records: Records, wanted: Wanted, last: bool
) -> None:
    """See and keep what became of the pull request's posted findings; without any, ask nobody.

    Raises:
        TransientError: try again later; also while the last push is still judged, unless `last`.
        PermanentError: GitHub refuses us.
    """
    if job.cause == "closed" and not last and wanted.reviewing(job.pull):
        raise TransientError("a review of the last push is being made", _WAIT_SECONDS)
    posted = posted_findings(records.posted_before(job.pull))
    if not posted:
        return
    try:
        seen = looking.onlooker.look(job.pull)
    except InstallationGone:
        return  # and so are the records, soon
    outcomes = looked(job.pull, posted, seen, records.rulings(job.pull), looking)
    looking.outcomes.keep(job.pull, outcomes)
    looking.show()


def posted_findings(reviews: Iterable[Review]) -> tuple[Posted, ...]:
    """What the published reviews posted on lines, oldest first, each finding once."""
    posted: dict[str, Posted] = {}
    for review in reviews:
        for finding in review.findings:
            known = posted.get(finding.name)
            if known is None and finding.fate is Fate.POSTED:
                posted[finding.name] = Posted(finding, review.head)
            elif known is not None and finding.fixed:
                posted[finding.name] = replace(known, fixed=True, was_fixed=True)
            elif known is not None and (finding.standing or finding.fate in SHOWN):
                posted[finding.name] = replace(known, fixed=False, stood_at=review.head)
    return tuple(posted.values())


def looked(
    ref: PullRef,
    posted: Sequence[Posted],
    seen: PullSeen,
    rulings: Sequence[Ruling],
    looking: Looking,
) -> tuple[Outcome, ...]:
    """Each finding's outcome after this look."""
    now, heard = looking.clock(), partial(looking.onlooker.may_write, ref)
    known = {outcome.posting.finding: outcome for outcome in looking.outcomes.known(ref)}
    return tuple(
        looked_at(
            known.get(one.finding.name) or Outcome(_posting(one.finding, now)),
            _seen(one, seen, rulings, heard),
            now,
        )
        for one in posted
    )


def _seen(
    posted: Posted, seen: PullSeen, rulings: Sequence[Ruling], heard: Callable[[str], bool]
) -> Seen:
    """Mere words count of people who are `heard`; what a second look bore out counts of anybody."""
    name = posted.finding.name
    closed = closed_by(rulings, name)
    argued = [ruling for ruling in rulings if rounds((ruling,), name)]
    return Seen(
        thread=_thread(posted, seen),
        fixed=posted.fixed,
        withdrawn=closed is not None and closed.kind == "withdrawn",
        dismissed=closed is not None and closed.kind == "dismissed" and heard(closed.by),
        disputed=any(heard(ruling.by) for ruling in argued),
        merged=seen.state == "merged",
        closed=seen.state == "closed",
    )


def _thread(posted: Posted, seen: PullSeen) -> ThreadSeen | None:
    """Less what says nothing: other lines around a defect that a review saw at this very head, and
    a thread that we closed because the defect was gone for a while.
    """
    thread = seen.threads.get(marker_of_finding(posted.finding))
    if thread is None:
        return None
    return replace(
        thread,
        changed=thread.changed and posted.stood_at != seen.head,
        resolved=thread.resolved and not (thread.by_us and posted.was_fixed),
    )


def _posting(finding: Finding, now: datetime) -> Posting:
    return Posting(
        finding=finding.name,
        title=finding.title,
        path=finding.path,
        kind=finding.kind,
        category=finding.category,
        severity=finding.severity,
        origin=finding.origin,
        confidence=finding.stated_confidence,
        posted_at=now,
    )
