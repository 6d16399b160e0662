"""Drafts, closing, reopening, other bases, forks and branches that go away."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

from typing import Any

from inline_snapshot import snapshot

from bot.domain.conversation import ModelRequest
from tests.fakes.answers import NO_DEFECT, NO_PROMISE, rooms
from tests.stories.projects import (
    BODY,
    BREAKS_A_CALLER,
    HARMLESS,
    SKIPS_THE_FIRST,
    TOTAL_STAYS,
    WRONG_TOTAL,
)
from tests.stories.world import World


def test_a_draft_waits_until_it_is_ready(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER, draft=True)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: Not reviewed: the pull request is a draft
Not reviewed: the pull request is a draft.\
""")
    world.github.mark_ready(pull)
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
plumbline[bot] reviews
on shop/users.py:1\
""")


def test_closing_in_mid_review_stops_it(world: World) -> None:
    def close(_request: ModelRequest) -> dict[str, Any]:
        world.github.close(pull)
        world.github.wait_for_deliveries()
        return {"defects": [SKIPS_THE_FIRST], "sites": []}

    world.model = model = rooms(hunt=close)
    pull = world.open(WRONG_TOTAL)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed cancelled: Stopped: the pull request was closed
Stopped: the pull request was closed.\
""")
    assert model.asked("verify") == []


def test_closing_before_any_worker_is_free_reviews_nothing(world: World) -> None:
    pull = world.open(WRONG_TOTAL)
    world.github.close(pull)
    world.drain()
    assert world.page(pull).whole() == snapshot("")


def test_merging_leaves_the_conclusion_of_the_review(world: World) -> None:
    world.model = rooms()
    pull = world.open(HARMLESS)
    world.drain()
    reviewed = world.page(pull).whole()
    world.github.merge(pull)
    world.drain()
    assert (
        world.page(pull).whole()
        == reviewed
        == snapshot("""\
=== check of HEAD1 completed success: Clean: nothing found
No issues found.\
""")
    )


def test_reopened_at_the_same_head_nothing_is_said_twice(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    before = world.page(pull).whole()
    world.github.close(pull)
    world.github.reopen(pull)
    world.drain()
    assert world.page(pull).whole() == before


def test_reopened_after_it_was_closed_unreviewed(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER)
    world.github.close(pull)
    world.drain()
    world.github.reopen(pull)
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
plumbline[bot] reviews
on shop/users.py:1\
""")


def test_another_base_runs_the_contract_checks_again_and_asks_no_model(world: World) -> None:
    calls = {"shop/late.py": "from shop.users import find_user\n\nfind_user(3, 4)\n"}
    world.github.push_to_branch(world.shop(), "release", calls)
    world.model = model = rooms(
        hunt={"defects": [SKIPS_THE_FIRST], "sites": []},
        intent={"promises": [TOTAL_STAYS], "unasked": []},
    )
    pull = world.open({**BREAKS_A_CALLER, **WRONG_TOTAL}, body=BODY)
    world.drain()
    before = len(model.requests)
    world.github.edit(pull, base="release")
    world.drain()
    assert len(model.requests) == before
    said = world.page(pull).whole().partition("\n\n=== on ")[0]
    assert said == snapshot("""\
=== check of HEAD1 completed neutral: 2 findings to look at
2 findings to look at and 1 promise broken. 0 of 1 promises kept.

=== check of HEAD1 completed neutral: Partial: 2 findings still stand
2 findings still stand and 1 promise broken. Incomplete: The base branch changed, so only the contract checks ran again: defects were not hunted, and intent was not judged.

=== plumbline[bot] reviews
**2 findings still stand and 1 promise broken. Incomplete: The base branch changed, so only the contract checks ran again: defects were not hunted, and intent was not judged.**

| The author promises | Verdict | Proof |
|---|---|---|
| The total stays what it is<br><sub>body: The total stays what it is.</sub> | broken | The first price is left out. [`shop/cart.py:2`](https://github.test/acme/shop/blob/HEAD1/shop/cart.py#L2) |

Still open:
- **P1** `find_user` changed its parameters, 2 places still call it the old way (`shop/users.py:1`)
- **P1** The total leaves out the first price (`shop/cart.py:2`)

<details><summary>Call sites of changed contracts: 2, 2 broken</summary>

- `find_user`: no longer takes `tenant`; 2 sites in 2 files: 2 broken
  - `shop/late.py:3` broken: it passes 2 positional arguments, at most 1 are taken
  - `shop/views.py:5` broken: it passes 2 positional arguments, at most 1 are taken

</details>

<details><summary>Read 2 of 2 files; not everything was done</summary>

- not done: The base branch changed, so only the contract checks ran again: defects were not hunted, and intent was not judged.

</details>

<sub>`HEAD1` | standard: 6 changed lines of code in 2 files, 2 callers of changed contracts | no model | N s | record `HEAD1/retargeted-GUID`</sub>\
""")
    assert len(world.github.threads(pull)) == 2


def test_a_new_title_is_judged_against_the_same_code_and_nothing_is_hunted(world: World) -> None:
    world.model = rooms()
    pull = world.open(WRONG_TOTAL)
    world.drain()
    world.model = model = rooms(intent={"promises": [TOTAL_STAYS], "unasked": []})
    world.github.edit(pull, body="To be written.")
    world.github.edit(pull, title="The total stays what it is.")
    world.drain()
    assert [asked.purpose for asked in model.requests] == ["intent contract", "verify 1 findings"]
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed success: Clean: nothing found
No issues found.

=== check of HEAD1 completed neutral: 1 finding to look at
1 finding to look at and 1 promise broken. 0 of 1 promises kept.

=== plumbline[bot] reviews
**1 finding to look at and 1 promise broken. 0 of 1 promises kept.**

| The author promises | Verdict | Proof |
|---|---|---|
| The total stays what it is<br><sub>title: The total stays what it is.</sub> | broken | The first price is left out. [`shop/cart.py:2`](https://github.test/acme/shop/blob/HEAD1/shop/cart.py#L2) |

Read 1 of 1 file.

<sub>`HEAD1` | light: only the title or the description is new | scripted | N s | record `HEAD1/edited-GUID`</sub>

=== on shop/cart.py:2
--- plumbline[bot]
**P1: Not as promised: The total stays what it is**

Promised: The total stays what it is

The first price is left out.

[`shop/cart.py:2`](https://github.test/acme/shop/blob/HEAD1/shop/cart.py#L2) at `HEAD1`

<sub>Found by holding the code against the description, then verified at confidence 0.90.</sub>\
""")


def test_an_edit_that_promises_nothing_new_leaves_the_check_alone(world: World) -> None:
    world.model = model = rooms()
    pull = world.open(WRONG_TOTAL)
    world.drain()
    asked, shown, calls = len(model.requests), world.page(pull).whole(), len(world.github.requests)
    world.github.edit(pull, body="<!-- a hint -->\n- [x] tests")
    world.drain()
    assert (len(model.requests), world.page(pull).whole()) == (asked, shown)
    writes = [call for call in world.calls(calls) if not call.startswith("GET ")]
    assert writes == ["POST /graphql"]  # which reads what the linked issues say


def test_words_that_change_while_they_are_judged_are_judged_once_more(world: World) -> None:
    titles = ["The total stays what it was.", "The total stays what it is."]

    def edit(_request: ModelRequest) -> dict[str, Any]:
        if not titles:
            return {"promises": [TOTAL_STAYS], "unasked": []}
        world.github.edit(pull, title=titles.pop(0))
        world.github.wait_for_deliveries()
        return NO_PROMISE

    world.model = model = rooms(intent=edit)
    pull = world.open(WRONG_TOTAL)
    world.drain()
    assert len(model.asked("intent")) == 3
    assert len(model.asked("hunt")) == 1
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed success: Clean: nothing found
check of HEAD1 completed success: Clean: nothing found
check of HEAD1 completed neutral: 1 finding to look at
plumbline[bot] reviews
on shop/cart.py:2\
""")


def test_a_pull_request_from_a_fork_is_reviewed_like_any_other(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER, fork=True, author="stranger")
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
plumbline[bot] reviews
on shop/users.py:1\
""")


def test_a_branch_that_was_deleted_is_still_reviewed(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER)
    pull.head_repository.git.delete_ref(f"refs/heads/{pull.head_ref}")
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
plumbline[bot] reviews
on shop/users.py:1\
""")


def test_nothing_hangs_on_a_model_that_finds_nothing(world: World) -> None:
    world.model = rooms(hunt=NO_DEFECT)
    pull = world.open({"README.md": "Read me.\n"})
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed success: Clean: nothing found
No issues found.\
""")
