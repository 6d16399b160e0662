"""How long a review or an answer may take: longer with a slow model, never as long as its job."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.domain.budget import Allowance, Limits
from bot.domain.commands import Command
from bot.domain.jobs import AnswerMention, Job, Mention, ReviewPull, Trigger
from bot.domain.policy import Effort, Policy
from bot.store.rq_jobs import prepare
from tests.fakes.pulls import PULL
from workers.review.budgets import Budgets


def _seconds(effort: Effort, limits: Limits) -> float:
    """What a review that begins now has for its first call."""
    return Budgets(limits).of(PULL, Policy(), effort).start_call()


@pytest.mark.parametrize(
    ("limits", "effort", "seconds"),
    [
        (Limits(), "light", 300),
        (Limits(answer_seconds=60), "light", 300),
        (Limits(answer_seconds=900), "light", 1_500),
        (Limits(answer_seconds=900), "standard", 3_000),
        (Limits(Allowance(seconds=60), answer_seconds=900), "light", 60),
    ],
)
def test_a_slow_model_gives_a_review_more_time(
    limits: Limits, effort: Effort, seconds: float
) -> None:
    assert _seconds(effort, limits) == pytest.approx(seconds, abs=1)


@pytest.mark.parametrize("effort", get_args(Effort))
@pytest.mark.parametrize(
    "job",
    [
        ReviewPull(PULL, Trigger("event")),
        AnswerMention(PULL, Mention("issue_comment", 1, "ann", Command("ask", "Why?"))),
    ],
    ids=lambda job: job.kind,
)
def test_the_work_ends_by_itself_before_its_job_is_killed(job: Job, effort: Effort) -> None:
    """Ten minutes are left for fetching, for knowing the repository and for the record."""
    fields = prepare(job).fields
    seconds = int(fields[fields.index("timeout") + 1])
    assert _seconds(effort, Limits(answer_seconds=1_800)) <= seconds - 600
