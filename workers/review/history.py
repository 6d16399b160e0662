"""What was said, ruled and taught before a review begins, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.hindsight import Hindsight
from bot.domain.learning import Learning
from bot.ports import Trace
from workers.review.open_findings import as_ruled, posted_inline
from workers.review.request import Opened
from workers.review.reworded import is_reworded
from workers.review.run_steps import held_against
from workers.review.since import Since, what_is_new
from workers.review.world import Deps


@dataclass(frozen=True, slots=True)
class History:
    """What earlier reviews and people leave to this one. `posted`: see `posted_inline`."""

    since: Since
    posted: tuple[int, int]
    learnings: tuple[Learning, ...]
    hindsight: Hindsight


def read_history(opened: Opened, trace: Trace, deps: Deps) -> History:
    """From the records; what is read is noted in the trace. Raises StoreUnavailable."""
    ref = opened.pull.ref
    posted, rulings = deps.records.posted_before(ref), deps.records.rulings(ref)
    trace.add(held_against(posted, rulings))
    earlier = as_ruled(posted, rulings)
    seen_before = any(one.head == opened.pull.head for one in earlier)
    since = what_is_new(earlier, opened.change, again=_all_again(opened, seen_before))
    since = since.at_the_same_head() if opened.request.trigger.kind == "edited" else since
    return History(
        since=replace(since, reworded=is_reworded(opened.pull, earlier)),
        posted=posted_inline(posted),
        learnings=tuple(deps.learnings.known(ref.repository)),
        hindsight=deps.outcomes.hindsight(ref.repository),
    )


def _all_again(opened: Opened, seen_before: bool) -> bool:
    """A person wants the whole change read again: in words, or by re-running the check."""
    request = opened.request
    return request.scope.again or (request.trigger.kind == "rerequest" and seen_before)
