"""A budget is used up: the review ends with what it has and says so; a new day begins anew."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from inline_snapshot import snapshot

from bot.domain.budget import Allowance, DayCaps, Limits, Price
from bot.domain.conversation import ModelRequest
from bot.domain.jobs import ReviewPull, Trigger
from bot.store.spending import SqlSpending
from tests.fakes.answers import rooms
from tests.fakes.scripted_model import Reply
from tests.stories.projects import (
    BODY,
    BREAKS_A_CALLER,
    HARMLESS,
    SKIPS_THE_FIRST,
    TOTAL_STAYS,
    WRONG_TOTAL,
)
from tests.stories.world import World
from workers.cli.main import run
from workers.jobs.perform import perform
from workers.review.budgets import Budgets

HUNTED = {"defects": [SKIPS_THE_FIRST], "sites": []}
JUDGED = {"promises": [TOTAL_STAYS], "unasked": []}


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def allow(world: World, limits: Limits, clock: Clock | None = None) -> Clock:
    """What the operator of this world allows."""
    clock = clock or Clock()
    world.budgets = Budgets(limits, SqlSpending(world.app.database, clock))
    return clock


def a_day(**repository: float) -> Limits:
    return Limits(day=DayCaps(repository=Allowance(**repository)))  # type: ignore[arg-type]


def test_a_repository_at_its_daily_cap(world: World) -> None:
    clock = allow(world, a_day(calls=2))
    world.model = rooms(hunt=HUNTED, intent=JUDGED)

    first = world.open(WRONG_TOTAL, body=BODY)
    world.drain()
    assert world.page(first).whole() == snapshot("""\
=== check of HEAD1 completed neutral: Stopped by budget: 1 finding could not be verified
1 finding could not be verified. Stopped by budget: 2 of 2 model calls of this repository's day (UTC) are used.\
""")

    second = world.open(BREAKS_A_CALLER, "Drop the tenant", branch="second")
    world.drain()
    assert world.page(second).whole() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: stopped by budget
1 finding to look at. Stopped by budget: 2 of 2 model calls of this repository's day (UTC) are used: defects were not hunted and intent was not judged.

=== plumbline[bot] reviews
**1 finding to look at. Stopped by budget: 2 of 2 model calls of this repository's day (UTC) are used: defects were not hunted and intent was not judged.**

<details><summary>Call sites of changed contracts: 1, 1 broken</summary>

- `find_user`: no longer takes `tenant`; 1 site in 1 file: 1 broken
  - `shop/views.py:5` broken: it passes 2 positional arguments, at most 1 are taken

</details>

<details><summary>Plain checks ran on 1 file; no model read it</summary>

- not done: Stopped by budget: 2 of 2 model calls of this repository's day (UTC) are used: defects were not hunted, and intent was not judged.
- `shop/users.py` listed: source: contract checks only, no model read it

</details>

<sub>`HEAD1` | standard: 4 changed lines of code in 1 file, 2 callers of changed contracts | no model | N s | 2 of 2 model calls of this repository's day (UTC) | record `HEAD1/auto`</sub>

=== on shop/users.py:1
--- plumbline[bot]
**P1: `find_user` changed its parameters, 1 place still calls it the old way**

`find_user` now takes `(user_id)`, before `(user_id, tenant)`. These calls fitted and no longer do; Python raises `TypeError` when they run:

- `shop/views.py:5`: it passes 2 positional arguments, at most 1 are taken

Smallest fix: adapt these calls, or keep taking the old arguments.

When: Python runs shop/views.py:5.

[`shop/views.py:5`](https://github.test/acme/shop/blob/HEAD1/shop/views.py#L5) at `HEAD1`
```
    return find_user(1, 2)
```

<sub>Found by a plain check.</sub>\
""")
    assert len(world.model.requests) == 2

    clock.now += timedelta(hours=12)
    third = world.open(HARMLESS, branch="third")
    world.drain()
    assert world.page(third).checks() == snapshot(
        [
            """\
=== check of HEAD1 completed success: Clean: nothing found
No issues found.\
"""
        ]
    )
    assert world.failures == []


def test_where_no_model_would_read_anything_no_budget_is_missed(world: World) -> None:
    allow(world, a_day(calls=0))
    world.model = rooms()
    pull = world.open({"uv.lock": "version = 1\n"}, "Lock")
    world.drain()
    assert (world.record(pull).status, world.record(pull).stopped) == ("complete", "")


def test_what_was_recorded_is_not_counted_twice(world: World) -> None:
    allow(world, a_day(calls=9))
    world.model = rooms(hunt=HUNTED, intent=JUDGED)
    pull = world.open(WRONG_TOTAL, body=BODY)
    world.drain()
    asked = len(world.model.requests)
    job = ReviewPull(world.ref(pull), Trigger("event"))
    jobs = replace(world.app.jobs, model=world.model, budgets=world.budgets)
    for attempt in (2, 3):  # the worker was killed after it had recorded the review
        perform(job, jobs, attempt, last=False)
    [use] = world.budgets.spending.used(world.ref(pull), a_day(calls=9).day)  # type: ignore[union-attr]
    assert (use.spent, asked) == (3, 3)


def test_money_is_counted_by_the_operators_prices(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = {"scripted": Price(1_000, 1_000, 1_000)}
    allow(world, Limits(review=Allowance(usd=0.50), prices=prices))
    both_asked = Barrier(2, timeout=60)  # else the first answer's cost forbids the second call

    def hunted(_request: ModelRequest) -> Reply:
        both_asked.wait()
        return HUNTED

    def judged(_request: ModelRequest) -> Reply:
        both_asked.wait()
        return JUDGED

    world.model = rooms(hunt=hunted, intent=judged)
    pull = world.open(WRONG_TOTAL, body=BODY)
    world.drain()
    review = world.record(pull)
    assert review.usage.cost_usd is not None
    assert review.usage.cost_usd > 0.50
    assert "of $0.50 of this review are used" in review.stopped
    assert [use.unit for use in review.caps] == ["usd"]
    monkeypatch.setenv("PLUMBLINE_DATA_DIR", str(world.settings.data_dir))
    assert run(["trace", "show", pull.head_sha]) == 0
    spent = f"${review.usage.cost_usd:,.2f} of $0.50 of this review"
    assert spent in " ".join(capsys.readouterr().out.split())
    escaped = spent.replace("$", "\\$")  # what it is in dollars changes with every word of a prompt
    assert world.page(pull).checks() == [
        "=== check of HEAD1 completed neutral: "
        "Stopped by budget: 1 finding could not be verified\n"
        f"1 finding could not be verified. Stopped by budget: {escaped} are used."
    ]


def test_the_policy_may_lower_what_the_operator_allows_and_not_raise_it(world: World) -> None:
    allow(world, Limits(review=Allowance(calls=3, tokens=9_000_000)))
    policy = "budget: {per_review: {calls: 2, tokens: 999999999}}\n"
    world.shop({".github/plumbline.yml": policy})
    world.model = rooms(hunt=HUNTED, intent=JUDGED)
    pull = world.open(WRONG_TOTAL, body=BODY)
    world.drain()
    assert world.record(pull).stopped == (
        "stopped by budget: 2 of 2 model calls of this review are used"
    )


def test_a_question_counts_like_a_review(world: World) -> None:
    allow(world, a_day(calls=0))
    world.model = rooms()
    pull = world.open(HARMLESS)
    world.drain()
    world.github.comment(pull, "@plumbline what does total return?", by="alice")
    world.drain()
    assert "This could not be answered: stopped by budget: 0 of 0 model calls" in (
        world.page(pull).whole()
    )
    assert world.model.requests == []


def test_a_stopped_review_is_replayed_and_stops_at_the_same_call(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    allow(world, a_day(calls=2))
    world.model = rooms(hunt=HUNTED, intent=JUDGED)
    monkeypatch.setenv("PLUMBLINE_DATA_DIR", str(world.settings.data_dir))
    for number, change in enumerate((WRONG_TOTAL, BREAKS_A_CALLER)):
        pull = world.open(change, body=BODY, branch=f"topic-{number}")
        world.drain()
        file = str(tmp_path / f"{number}.zip")
        key = f"{world.ref(pull).key}/{pull.head_sha}"
        assert world.record(pull).stopped
        assert run(["trace", "export", key, "-o", file]) == 0
        capsys.readouterr()
        assert (run(["trace", "replay", file]), capsys.readouterr().out.partition(":")[0]) == (
            0,
            "The same review, byte for byte",
        )
