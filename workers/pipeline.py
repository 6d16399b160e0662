"""The review of one pull request, top to bottom. There is only this one.

App, terminal, demo and evaluation all run it; they differ in who reads the pull request and in who
publishes the review. It raises Superseded, TransientError and PermanentError; a model's failure is
no exception but a review that says what was not done.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from bot.domain.jobs import review_key
from bot.domain.pull_request import PullRequest
from bot.domain.review import Review
from bot.errors import Superseded
from bot.ports import Trace
from workers.review.assignment import assign
from workers.review.composing import Done, composed, not_reviewed, with_proposal
from workers.review.dedup import merge
from workers.review.history import read_history
from workers.review.judge import calibrated, judge
from workers.review.open_findings import known_findings, with_carried
from workers.review.reading_policy import read_policy
from workers.review.request import Opened, ReviewRequest
from workers.review.reworded import refuse_needless
from workers.review.rooms import Rooms
from workers.review.run_steps import begun
from workers.review.said_before import as_said_before
from workers.review.scope import as_read
from workers.review.since import marked_late
from workers.review.triage import paused, skip_reason, skipped_paths, unwanted_event
from workers.review.world import Deps

__all__ = ["Deps", "ReviewRequest", "Reviewed", "review_pull_request"]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A finished review, recorded under its key."""

    key: str
    pull: PullRequest
    review: Review


def review_pull_request(request: ReviewRequest, deps: Deps) -> Reviewed:
    """Read, think, record; a review on record is not made again. Publishing is another job.

    What was skipped or gave nothing is tried again: a draft becomes ready at the same head.

    Raises:
        Superseded, TransientError, PermanentError, RangeError: see `bot.errors`.
    """
    began = time.monotonic()
    pull = deps.pulls.read(request.ref)
    key = review_key(pull.ref, pull.head, request.trigger)
    kept = deps.records.review(key)
    if kept is not None and kept.status != "failed" and not kept.skipped:
        return Reviewed(key, pull, kept)
    refuse_needless(request, pull, deps.records)
    deps.watch.begin(pull, key)
    trace = deps.records.begin(key, pull)
    trace.add(begun(request, deps))
    deps.watch.stage("fetching")
    with deps.repositories.open(pull) as code:
        policy = read_policy(code, pull, request.overrides)
        opened = Opened(request, key, pull, policy, code, code.changes())
        skip = _why_skipped(opened)
        if skip:
            review = not_reviewed(pull, policy, skip)
        else:
            review = _reviewed(opened, trace, deps.noted_in(trace))
    usage = replace(review.usage, seconds=time.monotonic() - began)
    review = replace(review, usage=usage)
    deps.records.keep(key, review)
    return Reviewed(key, pull, review)


def _why_skipped(opened: Opened) -> str:
    """Why nothing is reviewed; "" where something is: always, when a person asked.

    Raises Superseded where only words were edited: what was said of this head stands.
    """
    request, pull, policy = opened.request, opened.pull, opened.policy
    if request.asked:
        return ""
    why = (
        paused(request.paused_by)
        or unwanted_event(request.trigger, policy)
        or skip_reason(pull, policy)
        or skipped_paths(opened.change, policy)
    )
    if why and request.trigger.kind == "edited":
        raise Superseded(why)
    return why


def _reviewed(opened: Opened, trace: Trace, deps: Deps) -> Review:
    """Look back, understand, ask, check, verify; nothing is dropped: each finding is judged."""
    history = read_history(opened, trace, deps)
    deps.watch.stage("understanding")
    work = assign(opened, history, trace, deps)
    since, change, rooms = work.since, work.change, Rooms(work, trace, deps)

    packing = rooms.pack()
    if packing.packs:
        deps.watch.stage("reviewing")
    asked = rooms.ask(packing)
    cited = rooms.check_citations(asked)
    if packing.packs:
        deps.watch.stage("verifying")
    verified = rooms.verify(cited, asked)

    carried = asked.carried
    known = known_findings(since.earlier, carried.findings)
    merged = marked_late(merge(verified.findings, known, carried.mended), since, change)
    announced = rooms.fold_announced(merged, asked.packing)
    weighed = calibrated(announced, history.hindsight.calibration)
    heeded = rooms.heed_learnings(weighed, verified.excuses, asked.packing)
    deps.learnings.used(opened.key, heeded.given, heeded.by)
    judged = judge(heeded.findings, work.policy, *history.posted)

    done = Done(rooms.no_model, asked, verified, rooms.bill, rooms.notes, rooms.cut)
    review = composed(work, done, with_carried(judged, carried.findings))
    review = as_read(review, work.scope, since.earlier, change)
    moved = opened.request.trigger.kind == "retargeted"
    review = as_said_before(review, since, base_moved=moved)
    return with_proposal(review, history.hindsight.proposal)
