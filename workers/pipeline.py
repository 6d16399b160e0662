"""The review of one pull request, top to bottom. There is only this one.

App, terminal, demo and evaluation all run it; they differ in who reads the pull request and in who
publishes the review. It raises Superseded, TransientError and PermanentError; a model's failure is
no exception but a review that says what was not done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.diff import ChangeSet
from bot.domain.hindsight import NO_HINDSIGHT, Hindsight
from bot.domain.jobs import Trigger, review_key
from bot.domain.learning import Learning
from bot.domain.policy import Effort, Policy
from bot.domain.pull_request import PullRef, PullRequest
from bot.domain.review import Review
from bot.ports import (
    Code,
    KnownLearnings,
    Model,
    Outcomes,
    PullRequests,
    Records,
    Releases,
    Repositories,
    Trace,
    Watch,
)
from workers.repository.dependencies.broken_names import with_broken_names
from workers.repository.dependencies.noted_releases import NotedReleases
from workers.repository.knowledge import Knowledge, understand, with_companions
from workers.review.assignment import Assignment
from workers.review.budgets import Budgets, why_stopped
from workers.review.composing import Bill, Done, composed, not_reviewed, with_proposal
from workers.review.dedup import merge
from workers.review.judge import calibrated, judge
from workers.review.noted_learnings import NotedLearnings
from workers.review.open_findings import as_ruled, known_findings, posted_inline, with_carried
from workers.review.plain_facts import fit_to_show
from workers.review.reading_policy import PolicyOverrides, path_rule, read_policy
from workers.review.rooms import NO_MODEL, Rooms
from workers.review.run_steps import begun, held_against, looked_back, used_up
from workers.review.said_before import as_said_before
from workers.review.scope import Scope, as_read, only_asked
from workers.review.since import Since, marked_late, what_is_new
from workers.review.taught import Silenced
from workers.review.triage import (
    Selection,
    choose_effort,
    paused,
    select,
    skip_reason,
    skipped_paths,
    unwanted_event,
)


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """What to review, and what the person who asks wants otherwise than the policy.

    `asked`: a person asked for it, so neither the policy's skip rules nor a pause hold.
    `paused_by`: who paused automatic reviews, if somebody did.
    """

    ref: PullRef
    trigger: Trigger
    asked: bool = False
    effort: Effort | None = None
    scope: Scope = field(default_factory=Scope)
    paused_by: str = ""
    overrides: PolicyOverrides = field(default_factory=PolicyOverrides)


@dataclass(frozen=True, slots=True)
class Deps:
    """The outside world of one review. `model` is None when none is asked, for `no_model`.

    `releases` is None where the operator named no package index; `learnings` and `outcomes` where
    nobody teaches or reacts: in a terminal.
    """

    pulls: PullRequests
    repositories: Repositories
    model: Model | None
    records: Records
    watch: Watch
    no_model: str = NO_MODEL
    releases: Releases | None = None
    learnings: KnownLearnings | None = None
    budgets: Budgets = field(default_factory=Budgets)
    outcomes: Outcomes | None = None


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
    deps.watch.begin(pull, key)
    trace = deps.records.begin(key, pull)
    limits, releases = deps.budgets.limits, deps.releases is not None
    trace.add(begun(request, limits, deps.model is not None, deps.no_model, releases))
    noted = NotedLearnings(deps.learnings, trace)
    compared = deps.releases and NotedReleases(deps.releases, trace)
    deps = replace(deps, releases=compared, learnings=noted)
    deps.watch.stage("fetching")
    with deps.repositories.open(pull) as code:
        policy = read_policy(code, pull, request.overrides)
        change = code.changes()
        skip = (
            paused(request.paused_by)
            or unwanted_event(request.trigger, policy)
            or skip_reason(pull, policy)
            or skipped_paths(change, policy)
        )
        if skip and not request.asked:
            review = not_reviewed(pull, policy, skip)
        else:
            posted = deps.records.posted_before(pull.ref)
            rulings = deps.records.rulings(pull.ref)
            trace.add(held_against(posted, rulings))
            earlier = as_ruled(posted, rulings)
            since = what_is_new(earlier, change, again=_all_again(request, pull, earlier))
            known = tuple(noted.known(pull.ref.repository))
            hindsight = _hindsight(pull, trace, deps)
            held = posted_inline(posted)
            read = _Read(pull, policy, code, change, since, held, known, hindsight)
            review = _reviewed(request, read, trace, deps)
    usage = replace(review.usage, seconds=time.monotonic() - began)
    review = replace(review, usage=usage)
    deps.records.keep(key, review)
    return Reviewed(key, pull, review)


def _all_again(request: ReviewRequest, pull: PullRequest, earlier: Sequence[Review]) -> bool:
    """A person wants the whole change read again: in words, or by re-running the check."""
    rerun = request.trigger.kind == "rerequest"
    return request.scope.again or (rerun and any(one.head == pull.head for one in earlier))


def _hindsight(pull: PullRequest, trace: Trace, deps: Deps) -> Hindsight:
    if deps.outcomes is None:
        return NO_HINDSIGHT
    hindsight = deps.outcomes.hindsight(pull.ref.repository)
    if hindsight != NO_HINDSIGHT:
        trace.add(looked_back(hindsight))
    return hindsight


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read before anything is thought about. `posted`: see `posted_inline`."""

    pull: PullRequest
    policy: Policy
    code: Code
    change: ChangeSet
    since: Since
    posted: tuple[int, int]
    learnings: tuple[Learning, ...]
    hindsight: Hindsight


def _known(read: _Read, deps: Deps, ignored: Callable[[str], bool]) -> Knowledge:
    """What hangs on the change, fit to be shown; without an index nothing is asked of releases."""
    knowledge = understand(read.code, read.change, read.pull.base_tip, ignored)
    code, head = read.code, read.change.head
    moved = with_broken_names(knowledge.dependencies, deps.releases, code, head, ignored)
    return fit_to_show(replace(knowledge, dependencies=moved))


def _used_up(read: _Read, selection: Selection, trace: Trace, deps: Deps) -> str:
    """Why the day's budget lets no model be asked; "" when it does, or when none would be."""
    if deps.model is None or read.since.nothing or not selection.read:
        return ""
    caps = deps.budgets.used_up(read.pull.ref, read.policy)
    if caps:
        trace.add(used_up(caps))
    return why_stopped(caps)


def _note_use(request: ReviewRequest, read: _Read, heeded: Silenced, deps: Deps) -> None:
    """Learnings are counted by the review that was given them."""
    if deps.learnings is not None:
        key = review_key(read.pull.ref, read.pull.head, request.trigger)
        deps.learnings.used(key, heeded.given, heeded.by)


def _reviewed(request: ReviewRequest, read: _Read, trace: Trace, deps: Deps) -> Review:
    policy, change, since = read.policy, read.change, read.since
    ignored, hidden = path_rule(policy.ignore), path_rule(policy.never_send)
    selection = only_asked(select(change, ignored, hidden), request.scope)
    deps.watch.stage("understanding")
    knowledge = _known(read, deps, ignored)
    choice = choose_effort(selection, knowledge, request.effort, policy, since)
    stopped = _used_up(read, selection, trace, deps)
    model = None if since.nothing or stopped else deps.model
    if model is not None and choice.effort != "light":
        knowledge = with_companions(knowledge, read.code, change, ignored)
    work = Assignment(
        read.pull,
        policy,
        read.code,
        change,
        selection,
        knowledge,
        choice,
        since,
        request.scope,
        read.learnings,
    )
    no_model = stopped or deps.no_model
    rooms = Rooms(work, model, trace, deps.watch, no_model, deps.budgets)

    packing = rooms.pack()
    if packing.packs:
        deps.watch.stage("reviewing")
    asked = rooms.ask(packing)
    cited = rooms.check_citations(asked)
    if packing.packs:
        deps.watch.stage("verifying")
    verified = rooms.verify(cited, asked.packing)
    known = known_findings(since.earlier)
    merged = marked_late(merge(verified.findings, known), since, change)
    announced = rooms.fold_announced(merged, asked.packing)
    weighed = calibrated(announced, read.hindsight.calibration)
    heeded = rooms.heed_learnings(weighed, asked.packing)
    _note_use(request, read, heeded, deps)
    final = judge(heeded.findings, policy, *read.posted)
    spent = Bill(rooms.spent, rooms.models, stopped or rooms.stopped, rooms.caps)
    done = Done(rooms.no_model, asked, verified, spent, rooms.notes, rooms.cut)
    review = composed(work, done, with_carried(final, asked.carried.findings))
    review = as_read(review, request.scope, since.earlier, change)
    review = as_said_before(review, since, base_moved=request.trigger.kind == "retargeted")
    return with_proposal(review, read.hindsight.proposal)
