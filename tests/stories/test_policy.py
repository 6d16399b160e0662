"""The repository's policy decides what is posted, what is skipped and what fails the check."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot

from tests.fakes.answers import rooms
from tests.stories.projects import (
    BREAKS_A_CALLER,
    COUNTS_ONE_LESS,
    HARMLESS,
    SKIPS_THE_FIRST,
    WRONG_BOTH,
    WRONG_TOTAL,
)
from tests.stories.world import World

POLICY = ".github/plumbline.yml"
MINOR = {**SKIPS_THE_FIRST, "severity": "P2"}


def confirmed_as(severity: str, number: int = 1, confidence: float = 0.9) -> dict[str, Any]:
    """A verification that puts every finding at this severity."""
    return {
        "results": [
            {
                "number": at,
                "checked": "read it",
                "verdict": "confirmed",
                "confidence": confidence,
                "severity": severity,
                "why": "It fails as told.",
                "evidence": [],
                "same_as": None,
            }
            for at in range(1, number + 1)
        ]
    }


def reviewed_under(world: World, policy: str, severity: str = "P3", confidence: float = 0.9) -> str:
    """What people see of a finding of this severity under a policy."""
    world.shop({POLICY: policy})
    found = {"defects": [{**SKIPS_THE_FIRST, "severity": severity}], "sites": []}
    world.model = rooms(hunt=found, verify=confirmed_as(severity, confidence=confidence))
    pull = world.open(WRONG_TOTAL)
    world.drain()
    return world.page(pull).glance()


def test_below_the_threshold_nothing_is_posted(world: World) -> None:
    assert reviewed_under(world, "version: 1\n") == snapshot(
        "=== check of HEAD1 completed success: Clean: nothing found"
    )


@pytest.mark.parametrize(("confidence", "posted"), [(0.9, True), (0.85, False)])
def test_what_is_wrong_in_a_corner_is_posted_where_it_is_surer(
    world: World, confidence: float, posted: bool
) -> None:
    shown = reviewed_under(world, "version: 1\n", "P2", confidence)
    assert (shown.count("on shop/cart.py:2") == 1) == posted


def test_a_path_may_ask_for_more(world: World) -> None:
    policy = 'version: 1\npaths: [{match: ["shop/**"], thresholds: {severity: P3}}]\n'
    assert reviewed_under(world, policy) == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at
plumbline[bot] reviews
on shop/cart.py:2\
""")


def test_a_category_may_ask_for_less(world: World) -> None:
    assert reviewed_under(world, "version: 1\ncategories: {correctness: off}\n", "P1") == snapshot(
        "=== check of HEAD1 completed success: Clean: nothing found"
    )


@pytest.mark.parametrize("bar", ["none", "P2", "P3"])
def test_what_fails_the_check(world: World, bar: str) -> None:
    shown = reviewed_under(world, f"version: 1\ncheck: {{fail_on: {bar}}}\n")
    assert (
        shown
        == {
            "none": snapshot("=== check of HEAD1 completed success: Clean: nothing found"),
            "P2": snapshot("=== check of HEAD1 completed success: Clean: nothing found"),
            "P3": snapshot(
                "=== check of HEAD1 completed failure: 1 finding at or above P3, below the threshold"
            ),
        }[bar]
    )


def test_the_cap_folds_what_is_over_it(world: World) -> None:
    world.shop({POLICY: "version: 1\nthresholds: {per_review: 1}\n"})
    found = {"defects": [SKIPS_THE_FIRST, COUNTS_ONE_LESS], "sites": []}
    world.model = rooms(hunt=found)
    pull = world.open(WRONG_BOTH)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: 2 findings to look at
2 findings to look at.

=== plumbline[bot] reviews
**2 findings to look at.**

<details><summary>Not inline: 1</summary>

- **P1** The count is one too low (`shop/cart.py:6`) - over the cap: the cap thresholds.per_review of 1 (.github/plumbline.yml)
  `len(prices) - 1` counts one price too few. **Fix:** Count all of `prices`. [`shop/cart.py:6`](https://github.test/acme/shop/blob/HEAD1/shop/cart.py#L6)

</details>

Read 1 of 1 file.

<sub>`HEAD1` | light: 4 changed lines of code in 1 file, 0 callers of changed contracts | scripted | N s | record `HEAD1/auto`</sub>

=== on shop/cart.py:2
--- plumbline[bot]
**P1: The total leaves out the first price**

`prices[1:]` drops the first price, so every total is too low.

**Fix:** Sum all of `prices`.

When: a cart with one price.

[`shop/cart.py:2`](https://github.test/acme/shop/blob/HEAD1/shop/cart.py#L2) at `HEAD1`

```suggestion
    return sum(prices)
```

<sub>Found by reading the code without the description, then verified at confidence 0.90.</sub>\
""")


def test_an_unusable_policy_is_told_with_its_line_and_the_defaults_hold(world: World) -> None:
    world.shop({POLICY: "version: 1\nthresholds:\n  severty: P3\n"})
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
1 finding to look at. No model is configured: defects were not hunted and intent was not judged.

=== plumbline[bot] reviews
**1 finding to look at. No model is configured: defects were not hunted and intent was not judged.**

<details><summary>Call sites of changed contracts: 1, 1 broken</summary>

- `find_user`: no longer takes `tenant`; 1 site in 1 file: 1 broken
  - `shop/views.py:5` broken: it passes 2 positional arguments, at most 1 are taken

</details>

<details><summary>Plain checks ran on 1 file; no model read it</summary>

- not done: No model is configured: defects were not hunted, and intent was not judged.
- `shop/users.py` listed: source: contract checks only, no model read it

</details>

The policy file cannot be used; the defaults hold instead:
- .github/plumbline.yml:3: 'thresholds.severty' is not a setting. Did you mean 'severity'?

<sub>`HEAD1` | standard: 4 changed lines of code in 1 file, 2 callers of changed contracts | no model | N s | record `HEAD1/auto`</sub>

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


def test_an_unusable_policy_is_told_by_the_check_where_there_is_no_review(world: World) -> None:
    world.shop({POLICY: "version: 1\nthresholds:\n  severty: P3\n"})
    pull = world.open(HARMLESS)
    world.drain()
    assert world.github.reviews(pull) == []
    assert "plumbline.yml:3: 'thresholds.severty'" in (
        world.github.checks(pull)[0].output["text"] or ""
    )


def test_the_policy_of_the_pull_request_itself_does_not_count(world: World) -> None:
    world.shop()
    off = {POLICY: "version: 1\ncategories: {contract: off}\n"}
    pull = world.open({**BREAKS_A_CALLER, **off})
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
plumbline[bot] reviews
on shop/users.py:1\
""")


def test_what_is_ignored_is_not_reviewed(world: World) -> None:
    world.shop({POLICY: 'version: 1\nignore: ["shop/cart.py"]\n'})
    world.model = model = rooms()
    pull = world.open(WRONG_TOTAL)
    world.drain()
    assert model.asked("hunt") == []
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: Plain checks found nothing; intent not judged
Plain checks found nothing. No changed file was read by a model: defects were not hunted and intent was not judged.\
""")


def test_a_label_skips_and_a_person_may_ask_all_the_same(world: World) -> None:
    world.shop({POLICY: "version: 1\nreview: {skip: {labels: [no-review]}}\n"})
    pull = world.open(BREAKS_A_CALLER, labels=("no-review",))
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: Not reviewed: review.skip leaves out the label 'no-review' (pattern 'no-review')
Not reviewed: review.skip leaves out the label 'no-review' (pattern 'no-review').\
""")
    world.github.comment(pull, "@plumbline review", by="alice")
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: Not reviewed: review.skip leaves out the label 'no-review' (pattern 'no-review')
check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
plumbline[bot] reviews
on shop/users.py:1
alice comments\
""")


def test_pushes_may_be_left_to_mentions(world: World) -> None:
    world.shop({POLICY: "version: 1\nreview: {on: [opened]}\n"})
    pull = world.open(HARMLESS)
    world.drain()
    world.github.push(pull, BREAKS_A_CALLER)
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: Plain checks found nothing; intent not judged: no model
check of HEAD2 completed neutral: Not reviewed: review.on does not name 'pushed'\
""")


def test_nothing_starts_by_itself_where_the_policy_names_no_event(world: World) -> None:
    world.shop({POLICY: "version: 1\nreview: {on: []}\n"})
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    world.github.close(pull)
    world.github.reopen(pull)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: Not reviewed: review.on does not name 'opened'
Not reviewed: review.on does not name 'opened'.\
""")
