"""Changes that hold nothing, or cannot be told from their base."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

from inline_snapshot import snapshot

from tests.fakes.answers import rooms
from tests.stories.projects import HARMLESS, SHOP, SKIPS_THE_FIRST, WRONG_TOTAL
from tests.stories.world import World


def test_a_push_that_undoes_everything_says_so(world: World) -> None:
    world.model = model = rooms()
    pull = world.open(HARMLESS)
    world.drain()
    asked = len(model.requests)
    world.github.push(pull, {"shop/cart.py": SHOP["shop/cart.py"]})
    world.drain()
    assert len(model.requests) == asked
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed success: Clean: nothing found
No issues found.

=== check of HEAD2 completed neutral: Nothing to review: no file is changed
Nothing to review. The head changes no file against its merge base.\
""")


def test_a_push_that_undoes_what_was_found_ends_the_finding(world: World) -> None:
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    pull = world.open(WRONG_TOTAL)
    world.drain()
    world.model = rooms()
    world.github.push(pull, {"shop/cart.py": SHOP["shop/cart.py"]})
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at
1 finding to look at.

=== check of HEAD2 completed neutral: Nothing to review: no file is changed
Nothing to review. The head changes no file against its merge base. 1 earlier finding is fixed.

=== plumbline[bot] reviews
**Nothing to review. The head changes no file against its merge base. 1 earlier finding is fixed.**

<details><summary>Fixed since an earlier review: 1</summary>

- The total leaves out the first price: the change that it was about is undone

</details>

<sub>`HEAD2` | light: new since the last review: 0 changed lines of code in 0 files, 0 callers of changed contracts | N s | record `HEAD2/auto`</sub>

=== on shop/cart.py:None resolved outdated
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


def test_a_head_without_a_common_ancestor_is_told_in_words_that_help(world: World) -> None:
    world.model = rooms()
    pull = world.open(HARMLESS)
    world.drain()
    world.github.force_push(pull, SHOP, orphan=True)
    world.drain()
    assert [why.partition(": ")[0] for why in world.failures] == ["review_pull attempt 1"]
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed success: Clean: nothing found
No issues found.

=== check of HEAD2 completed neutral: Not completed: HEAD2 shares no commit with its base branch, so there is no...
Not completed: HEAD2 shares no commit with its base branch, so there is no change to read. Push a branch that begins at the base branch.\
""")
