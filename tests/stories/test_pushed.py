"""More commits: the newest head counts, nothing is said twice, no check stays open."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

from typing import Any

from inline_snapshot import snapshot

from bot.domain.conversation import ModelRequest
from tests.fakes.answers import rooms
from tests.stories.projects import (
    BREAKS_A_CALLER,
    COUNTS_ONE_LESS,
    HARMLESS,
    MENDED,
    SKIPS_THE_FIRST,
    WRONG_BOTH,
    WRONG_TOTAL,
)
from tests.stories.world import World


def hunted(*defects: dict[str, Any]) -> dict[str, Any]:
    return {"defects": list(defects), "sites": []}


def test_a_push_is_reviewed_and_only_what_is_new_is_said(world: World) -> None:
    world.model = rooms(hunt=hunted(SKIPS_THE_FIRST))
    pull = world.open(WRONG_TOTAL)
    world.drain()
    world.model = rooms(hunt=hunted(SKIPS_THE_FIRST, COUNTS_ONE_LESS))
    world.github.push(pull, WRONG_BOTH)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at
1 finding to look at.

=== check of HEAD2 completed neutral: 1 new finding to look at, 1 finding still stands
1 new finding to look at, 1 finding still stands.

=== plumbline[bot] reviews
**1 new finding to look at, 1 finding still stands.**

Still open:
- **P1** The total leaves out the first price (`shop/cart.py:2`)

Read 1 of 1 file.

<sub>`HEAD2` | light: new since the last review: 2 changed lines of code in 1 file, 0 callers of changed contracts | scripted | N s | record `HEAD2/auto`</sub>

=== plumbline[bot] reviews
1 new finding at `HEAD2`. The summary above is up to date.

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

<sub>Found by reading the code without the description, then verified at confidence 0.90.</sub>

=== on shop/cart.py:6
--- plumbline[bot]
**P1: The count is one too low**

`len(prices) - 1` counts one price too few.

**Fix:** Count all of `prices`.

When: a cart with one price.

[`shop/cart.py:6`](https://github.test/acme/shop/blob/HEAD2/shop/cart.py#L6) at `HEAD2`

<sub>Found by reading the code without the description, then verified at confidence 0.90.</sub>\
""")


def test_a_push_that_changes_nothing_of_it_says_nothing_more(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    world.github.push(pull, {"README.md": "A shop.\n"})
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
check of HEAD2 completed neutral: 1 finding still stands; intent not judged: no model
plumbline[bot] reviews
on shop/users.py:1\
""")


def test_what_was_mended_leaves_the_summary(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    world.github.push(pull, MENDED)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
1 finding to look at. No model is configured: defects were not hunted and intent was not judged.

=== check of HEAD2 completed neutral: Plain checks found nothing; intent not judged: no model
Plain checks found nothing. 1 earlier finding is fixed. No model is configured: defects were not hunted and intent was not judged.

=== plumbline[bot] reviews
**Plain checks found nothing. 1 earlier finding is fixed. No model is configured: defects were not hunted and intent was not judged.**

<details><summary>Fixed since an earlier review: 1</summary>

- `find_user` changed its parameters, 1 place still calls it the old way: the check that found it finds it no more

</details>

<details><summary>Call sites of changed contracts: 1</summary>

- `find_user`: 1 site in 1 file: 1 safe

</details>

<details><summary>Plain checks ran on 2 files; no model read them</summary>

- not done: No model is configured: defects were not hunted, and intent was not judged.
- `shop/users.py` listed: source: contract checks only, no model read it
- `shop/views.py` listed: source: contract checks only, no model read it

</details>

<sub>`HEAD2` | standard: 6 changed lines of code in 2 files, 2 callers of changed contracts | no model | N s | record `HEAD2/auto`</sub>

=== on shop/users.py:1 resolved
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


def test_a_push_in_mid_review_stops_it(world: World) -> None:
    pushed: list[str] = []

    def push_once(_request: ModelRequest) -> dict[str, Any]:
        if not pushed:
            pushed.append(world.github.push(pull, WRONG_BOTH))
            world.github.wait_for_deliveries()
        return hunted(SKIPS_THE_FIRST)

    world.model = model = rooms(hunt=push_once)
    pull = world.open(WRONG_TOTAL)
    world.drain()
    assert sorted(request.purpose for request in model.requests) == snapshot(
        ["hunt: whole", "hunt: whole", "intent contract", "intent contract", "verify 1 findings"]
    )
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed cancelled: Stopped: the head moved to HEAD2
check of HEAD2 completed neutral: 1 finding to look at
plumbline[bot] reviews
on shop/cart.py:2\
""")
    assert [review.commit_id for review in world.github.reviews(pull)] == pushed


def test_a_push_just_before_the_posting_stops_it(world: World) -> None:
    world.model = rooms(hunt=hunted(SKIPS_THE_FIRST))
    pull = world.open(WRONG_TOTAL)
    world.drain_now("acknowledge", "review")
    pushed = world.github.push(pull, WRONG_BOTH)
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed cancelled: Stopped: the head moved to HEAD2
check of HEAD2 completed neutral: 1 finding to look at
plumbline[bot] reviews
on shop/cart.py:2\
""")
    assert [review.commit_id for review in world.github.reviews(pull)] == [pushed]


def test_pushes_are_gathered_and_no_check_stays_queued(world: World) -> None:
    pull = world.open(HARMLESS)
    world.drain()
    for text in ("one", "two", "three"):
        world.github.push(pull, {"README.md": f"{text}\n"})
        world.drain_now()
    assert world.page(pull).checks() == snapshot(
        [
            """\
=== check of HEAD1 completed neutral: Plain checks found nothing; intent not judged: no model
Plain checks found nothing. No model is configured: defects were not hunted and intent was not judged.\
""",
            """\
=== check of HEAD2 completed cancelled: Stopped: the head moved to HEAD3
Stopped: the head moved to HEAD3.\
""",
            """\
=== check of HEAD3 completed cancelled: Stopped: the head moved to HEAD4
Stopped: the head moved to HEAD4.\
""",
            """\
=== check of HEAD4 queued: Waiting for a free worker
Waiting for a free worker.\
""",
        ]
    )
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: Plain checks found nothing; intent not judged: no model
check of HEAD2 completed cancelled: Stopped: the head moved to HEAD3
check of HEAD3 completed cancelled: Stopped: the head moved to HEAD4
check of HEAD4 completed neutral: Plain checks found nothing; intent not judged: no model\
""")


def test_a_burst_of_pushes_before_any_worker_is_free(world: World) -> None:
    pull = world.open(HARMLESS)
    for text in ("one", "two", "three"):
        world.github.push(pull, {"README.md": f"{text}\n"})
    world.drain()
    assert world.page(pull).glance() == snapshot(
        "=== check of HEAD4 completed neutral: Plain checks found nothing; intent not judged: no model"
    )


def test_a_force_push_is_reviewed_like_any_other(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    world.github.force_push(pull, {"shop/cart.py": WRONG_TOTAL["shop/cart.py"]})
    world.model = rooms(hunt=hunted(SKIPS_THE_FIRST))
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
check of HEAD2 completed neutral: 1 finding to look at
plumbline[bot] reviews
plumbline[bot] reviews
on shop/users.py:None resolved outdated
on shop/cart.py:2\
""")


def test_a_rebase_without_changes_raises_nothing_twice(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    tip = world.github.push_to_branch(world.shop(), "main", {"README.md": "A shop.\n"})
    world.github.force_push(pull, BREAKS_A_CALLER, onto=tip)
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
check of HEAD2 completed neutral: 1 finding still stands; intent not judged: no model
plumbline[bot] reviews
on shop/users.py:1\
""")


def test_a_model_that_finds_the_same_again_and_again_is_heard_once(world: World) -> None:
    world.model = rooms(hunt=hunted(*[SKIPS_THE_FIRST] * 40))
    pull = world.open(WRONG_TOTAL)
    world.drain()
    for text in ("one", "two"):
        world.github.push(pull, {"README.md": f"{text}\n"})
        world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at
check of HEAD2 completed neutral: 1 finding still stands
check of HEAD3 completed neutral: 1 finding still stands
plumbline[bot] reviews
on shop/cart.py:2\
""")
