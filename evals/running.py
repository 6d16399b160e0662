"""Runs a reviewer over cases: several at a time, a result file each; goes on where it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.jobs import Trigger, review_key
from bot.domain.policy import Effort, Policy
from bot.domain.pull_request import PullRequest
from bot.domain.review import Review, Stage
from bot.domain.review_json import review_to_json
from bot.errors import UserError
from bot.ports import Model, Records
from evals.baselines.asking import Baseline, Subject, baseline_review
from evals.case import Case
from evals.repositories import CaseRepositories
from evals.result import MOST_DIFF_CHARACTERS, Result, ResultFolder
from evals.unified_diff import unified_diff
from workers.cli.local_change import LocalRepositories, Words, local_pull_request
from workers.pipeline import Deps, ReviewRequest, review_pull_request
from workers.review.budgets import Budgets
from workers.review.known_pull import KnownPull

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who reviews: the whole method, or a baseline. `model` is None for the plain checks alone.

    `budgets` hold the operator's caps on one review and the prices; no day is counted.
    """

    model: Model | None
    model_name: str = ""
    effort: Effort | None = None
    baseline: Baseline | None = None
    budgets: Budgets = field(default_factory=Budgets)

    @property
    def by(self) -> tuple[str, str, str]:
        """What the results call it: reviewer, model, effort."""
        return self.baseline or "plumbline", self.model_name, self.effort or "auto"


class QuietWatch:
    """`ports.Watch` of a case: progress is told by whole cases, and nobody supersedes one."""

    def begin(self, pull: PullRequest, key: str) -> None:
        """Nothing."""

    def stage(self, name: Stage) -> None:
        """Nothing."""

    def check(self) -> None:
        """Ctrl-C ends the run."""


@dataclass(frozen=True, slots=True)
class Run:
    """One reviewer over some cases; `records` keeps every step, for `plumbline trace`."""

    reviewer: Reviewer
    folder: ResultFolder
    records: Records
    repositories: CaseRepositories

    def over(self, cases: Sequence[Case], jobs: int, say: Say) -> list[Result]:
        """Review what is not done yet, keep each result at once, and give all, in the cases' order.

        A case that cannot be reviewed is a result with an error; the others go on.

        Raises:
            UserError: the folder holds results of another reviewer.
        """
        earlier = self._earlier()
        kept = {case.id: _still_good(earlier.get(case.id), case) for case in cases}
        waiting = [case for case in cases if kept[case.id] is None]
        if len(waiting) < len(cases):
            say(f"{len(cases) - len(waiting)} of {len(cases)} cases are done already")
        pool = ThreadPoolExecutor(max_workers=jobs)
        try:
            futures = [pool.submit(self._one, case) for case in waiting]
            for number, future in enumerate(as_completed(futures), start=1):
                result = future.result()
                kept[result.case.id] = result
                say(f"[{number}/{len(waiting)}] {_told(result)}")
        finally:
            pool.shutdown(cancel_futures=True)
        return [result for result in kept.values() if result is not None]

    def _earlier(self) -> dict[str, Result]:
        earlier = self.folder.kept()
        for result in earlier.values():
            if result.by != self.reviewer.by:
                raise UserError(
                    f"{str(self.folder.path)!r} holds results of {', '.join(result.by)}, not of "
                    f"{', '.join(self.reviewer.by)}. Name another folder with --out."
                )
        return earlier

    def _one(self, case: Case) -> Result:
        began = time.monotonic()
        review, diff, error = None, "", ""
        try:
            place, commits = self.repositories.open(case)
            pull = local_pull_request(place, commits, Words(case.title, case.body))
            with LocalRepositories(place).open(pull) as code:
                diff = unified_diff(code.changes(), MOST_DIFF_CHARACTERS)
            review = self._review(pull, place, case)
        except Exception as failure:  # a crash is a result too, and the other cases go on
            error = f"{type(failure).__name__}: {failure}"
        reviewer, model, effort = self.reviewer.by
        result = Result(
            reviewer=reviewer,
            model=model,
            effort=effort,
            case=case,
            diff=diff,
            review=None if review is None else review_to_json(review),
            error=error,
            seconds=round(time.monotonic() - began, 3),
        )
        self.folder.keep(result)
        return result

    def _review(self, pull: PullRequest, place: Path, case: Case) -> Review:
        trigger = Trigger("rerequest", id=f"eval-{case.id}-{time.time_ns() // 1_000_000}")
        reviewer, repositories = self.reviewer, LocalRepositories(place)
        if reviewer.baseline is None:
            request = ReviewRequest(pull.ref, trigger, asked=True, effort=reviewer.effort)
            pulls = KnownPull(pull)
            deps = Deps(
                pulls,
                repositories,
                reviewer.model,
                self.records,
                QuietWatch(),
                budgets=reviewer.budgets,
            )
            return review_pull_request(request, deps).review
        if reviewer.model is None:
            raise ValueError(f"the baseline {reviewer.baseline!r} needs a model")
        key = review_key(pull.ref, pull.head, trigger)
        trace = self.records.begin(key, pull)
        budget = reviewer.budgets.of(pull.ref, Policy(), "deep")
        with repositories.open(pull) as code:
            subject = Subject(pull, code, budget)
            review = baseline_review(
                reviewer.baseline, subject, reviewer.model, trace, QuietWatch()
            )
        self.records.keep(key, review)
        return review


def _still_good(found: Result | None, case: Case) -> Result | None:
    """A result that is done, of the case as it stands now."""
    return found if found is not None and found.done and found.case == case else None


def _told(result: Result) -> str:
    if not result.done:
        return f"{result.case.id}: not done: {result.why_not}"
    posted = sum(comment.fate == "posted" for comment in result.comments)
    status = (result.review or {}).get("status", "")
    return f"{result.case.id}: {status}, {posted} to post, {result.seconds:.1f} s"
