"""A pull request is opened, and reviewed."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

from typing import Any

from inline_snapshot import snapshot

from bot.domain.conversation import ModelRequest
from tests.fakes.answers import NO_DEFECT, NO_PROMISE, checked, quote, rooms
from tests.stories.projects import (
    BODY,
    BREAKS_A_CALLER,
    COUNTS_ONE_LESS,
    HARMLESS,
    SKIPS_THE_FIRST,
    TOTAL_STAYS,
    WRONG_BOTH,
    WRONG_TOTAL,
)
from tests.stories.world import World


def test_without_a_model_a_broken_caller_is_found(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER, "Drop the tenant", "Nobody passes one.")
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
    assert world.failures == []


def test_the_check_tells_the_state_from_the_first_second(world: World) -> None:
    seen: list[list[str]] = []

    def look(_request: ModelRequest) -> dict[str, Any]:
        seen.append(world.page(pull).checks())
        return NO_DEFECT

    world.model = rooms(hunt=look)
    pull = world.open(HARMLESS)
    world.drain_now("acknowledge")
    seen.append(world.page(pull).checks())
    world.drain()
    seen.append(world.page(pull).checks())
    assert seen == snapshot(
        [
            [
                """\
=== check of HEAD1 queued: Waiting for a free worker
Waiting for a free worker.\
"""
            ],
            [
                """\
=== check of HEAD1 in_progress: Reading the change
Reading the change.\
"""
            ],
            [
                """\
=== check of HEAD1 completed success: Clean: nothing found
No issues found.\
"""
            ],
        ]
    )


def test_a_clean_change_without_a_model_is_no_review_and_an_honest_check(world: World) -> None:
    pull = world.open(HARMLESS)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: Plain checks found nothing; intent not judged: no model
Plain checks found nothing. No model is configured: defects were not hunted and intent was not judged.\
""")


def test_a_clean_change_that_keeps_its_promises_is_one_green_check(world: World) -> None:
    proof = quote("shop/cart.py", 2, "    return sum(iter(prices))")
    kept = {**TOTAL_STAYS, "verdict": "kept", "why": "It sums the same.", "evidence": [proof]}
    world.model = rooms(intent={"promises": [kept], "unasked": []})
    pull = world.open(HARMLESS, body=BODY)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed success: Clean: 1 promise kept
No issues found. 1 promise kept.\
""")


def test_a_finding_is_posted_with_its_proof_beside_the_contract(world: World) -> None:
    world.model = rooms(
        hunt={"defects": [SKIPS_THE_FIRST], "sites": []},
        intent={"promises": [TOTAL_STAYS], "unasked": []},
    )
    pull = world.open(WRONG_TOTAL, body=BODY)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at
1 finding to look at and 1 promise broken. 0 of 1 promises kept.

=== plumbline[bot] reviews
**1 finding to look at and 1 promise broken. 0 of 1 promises kept.**

| The author promises | Verdict | Proof |
|---|---|---|
| The total stays what it is<br><sub>body: The total stays what it is.</sub> | broken | The first price is left out. [`shop/cart.py:2`](https://github.test/acme/shop/blob/HEAD1/shop/cart.py#L2) |

<details><summary>Considered, not posted: 1</summary>

- **P2** Not as promised: The total stays what it is (`shop/cart.py:2`) - said already: the same defect as "The total leaves out the first price"

</details>

Read 1 of 1 file.

<sub>`HEAD1` | light: 2 changed lines of code in 1 file, 0 callers of changed contracts | scripted | N s | record `HEAD1/auto`</sub>

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


def test_a_refuted_finding_is_not_posted_and_the_summary_tells_why(world: World) -> None:
    refuted = checked(2, "refuted", why="An empty cart is never counted.")
    world.model = rooms(
        hunt={"defects": [SKIPS_THE_FIRST, COUNTS_ONE_LESS], "sites": []},
        intent=NO_PROMISE,
        verify={"results": [checked(1), refuted]},
    )
    pull = world.open(WRONG_BOTH)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at
1 finding to look at.

=== plumbline[bot] reviews
**1 finding to look at.**

<details><summary>Considered, not posted: 1</summary>

- **P1** The count is one too low (`shop/cart.py:6`) - refuted: An empty cart is never counted.

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


def test_the_calls_of_one_review(world: World) -> None:
    """The last one looks, a minute later, what became of the finding."""
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    world.open(WRONG_TOTAL)
    world.drain()
    cold = world.calls()
    assert cold == snapshot(
        [
            "POST /app/installations/ID/access_tokens",
            "POST /repos/acme/shop/check-runs",
            "POST /app/installations/ID/access_tokens",
            "POST /graphql",
            "GET /repos/acme/shop/compare/SHA...SHA",
            "PATCH /repos/acme/shop/check-runs/ID",
            "PATCH /repos/acme/shop/check-runs/ID",
            "POST /repos/acme/shop/pulls/1/reviews",
            "POST /graphql",
            "POST /repos/acme/shop/pulls/1/reviews/ID/events",
            "PATCH /repos/acme/shop/check-runs/ID",
            "POST /graphql",
        ]
    )
    since = len(world.github.requests)
    world.open(WRONG_TOTAL)
    world.drain()
    warm = world.calls(since)
    assert warm == snapshot(
        [
            "POST /repos/acme/shop/check-runs",
            "POST /graphql",
            "GET /repos/acme/shop/compare/SHA...SHA",
            "PATCH /repos/acme/shop/check-runs/ID",
            "PATCH /repos/acme/shop/check-runs/ID",
            "POST /repos/acme/shop/pulls/2/reviews",
            "POST /graphql",
            "POST /repos/acme/shop/pulls/2/reviews/ID/events",
            "PATCH /repos/acme/shop/check-runs/ID",
            "POST /graphql",
        ]
    )
    assert (len(cold) <= 12, len(warm) <= 10) == (True, True), (cold, warm)
