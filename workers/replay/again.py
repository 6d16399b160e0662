"""A recorded review made once more by the pipeline itself, and held against the record."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.budget import Limits
from bot.domain.conversation import Step
from bot.domain.policy import Effort
from bot.domain.record_codec import decode
from bot.domain.review import Review
from bot.domain.ruling import Ruling
from bot.errors import UserError
from bot.ports import Model, Repositories, Watch
from workers.model.prompts import PromptError, load_prompt
from workers.pipeline import Deps, ReviewRequest, review_pull_request
from workers.replay.differences import differences
from workers.replay.export import Export
from workers.replay.recorded import RecordedModel, RecordedReviews, RecordedSpending
from workers.repository.dependencies.noted_releases import RecordedReleases
from workers.review.budgets import Budgets
from workers.review.known_pull import KnownPull
from workers.review.noted_learnings import RecordedLearnings
from workers.review.noted_outcomes import RecordedOutcomes
from workers.review.reading_policy import PolicyOverrides
from workers.review.run_steps import BEGIN, EARLIER


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What is to be other than it was. `model` None: the recorded answers are used.

    Another model spends anew, within `budgets`.
    """

    policy: PolicyOverrides | None = None
    effort: Effort | None = None
    model: Model | None = None
    budgets: Budgets = field(default_factory=Budgets)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it. `missing`: questions to which no answer is on record, by purpose.

    `stale` are prompts that have changed since, as `hunt@3 is hunt@4 now`.
    """

    review: Review
    differences: tuple[str, ...]
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()


def replay(
    export: Export, repositories: Repositories, watch: Watch, otherwise: Otherwise
) -> Replayed:
    """Run the pipeline over the export.

    With recorded answers, times and the use of caps are the recorded ones too: everything else must
    come out again.

    Raises:
        UserError: the record lacks what a replay needs.
        PlumblineError: as `review_pull_request`.
    """
    begun = _begun(export)
    try:
        recorded = RecordedModel(export.steps)
        releases = RecordedReleases(export.steps)
        learnings = RecordedLearnings(export.steps)
        budgets = Budgets(begun.limits, RecordedSpending(export.steps), forbids=False)
        outcomes = RecordedOutcomes(export.steps)
    except ValueError as error:
        raise UserError(f"the export cannot be replayed: {error}.") from error
    model = otherwise.model or (recorded if begun.model else None)
    deps = Deps(
        pulls=KnownPull(export.pull),
        repositories=repositories,
        model=model,
        records=RecordedReviews(export.earlier, _rulings(export)),
        watch=watch,
        no_model=begun.no_model,
        releases=releases if begun.compared else None,
        learnings=learnings,
        budgets=otherwise.budgets if otherwise.model else budgets,
        outcomes=outcomes,
    )
    review = review_pull_request(_request(begun.request, otherwise), deps).review
    if otherwise.model is None:
        review = _with_times(review, export.review)
    return Replayed(
        review=review,
        differences=tuple(differences(export.review, review)),
        missing=tuple(recorded.missing),
        stale=_stale(export.steps),
    )


def _rulings(export: Export) -> tuple[Ruling, ...]:
    """Those of the last attempt; a record of an earlier version has none."""
    steps = [step for step in export.steps if step.kind == "stage" and step.name == EARLIER]
    raw = steps[-1].response.get("rulings", ()) if steps else ()
    return tuple(decode(Ruling, one) for one in raw)


@dataclass(frozen=True, slots=True)
class _Begun:
    request: ReviewRequest
    limits: Limits
    model: bool
    no_model: str
    compared: bool


def _begun(export: Export) -> _Begun:
    steps = [step for step in export.steps if step.kind == "stage" and step.name == BEGIN]
    try:
        said: Any = steps[0].response
        return _Begun(
            request=decode(ReviewRequest, steps[0].request["request"]),
            limits=decode(Limits, steps[0].request["limits"]),
            model=bool(said["model"]),
            no_model=str(said["no_model"]),
            compared=bool(said["releases"]),
        )
    except (IndexError, KeyError, ValueError) as error:
        raise UserError(
            "the export does not say how its review was begun: an earlier version recorded it. "
            "Review the change again, and export that."
        ) from error


def _request(recorded: ReviewRequest, otherwise: Otherwise) -> ReviewRequest:
    overrides = recorded.overrides
    if otherwise.policy is not None:
        overrides = replace(otherwise.policy, operator=overrides.operator)
    effort = otherwise.effort or recorded.effort
    return replace(recorded, overrides=overrides, effort=effort)


def _with_times(review: Review, recorded: Review) -> Review:
    """No clock runs alike twice, and the caps of a day tell what others spent on it."""
    usage = replace(review.usage, seconds=recorded.usage.seconds)
    return replace(review, usage=usage, caps=recorded.caps)


def _stale(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """Each prompt that has changed since; a question of two names both: `verify@7+taught@2`."""
    tags = dict.fromkeys(tag for step in steps for tag in step.prompt_version.split("+") if tag)
    return tuple(told for told in map(_now, tags) if told)


def _now(tag: str) -> str:
    """What became of a prompt; "" when it is as it was."""
    name = tag.partition("@")[0]
    try:
        now = load_prompt(name).tag if name.isidentifier() else ""
    except PromptError:
        now = ""
    if now == tag:
        return ""
    return f"{tag} is {now} now" if now else f"{tag} is gone"
