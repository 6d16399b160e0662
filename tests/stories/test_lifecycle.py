"""Drafts, closing, reopening, other bases, forks and branches that go away."""

from __future__ import annotations

from typing import Any

from inline_snapshot import snapshot

from bot.domain.conversation import ModelRequest
from tests.fakes.answers import NO_DEFECT, rooms
from tests.stories.projects import BREAKS_A_CALLER, HARMLESS, SKIPS_THE_FIRST, WRONG_TOTAL
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
=== check of HEAD1 completed cancelled: the pull request was closed
the pull request was closed\
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
    shop = world.shop()
    calls = {"shop/late.py": "from shop.users import find_user\n\nfind_user(3, 4)\n"}
    world.github.push_to_branch(shop, "release", calls)
    world.model = rooms()
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    before = len(world.model.requests)
    world.github.edit(pull, base="release")
    world.drain()
    assert len(world.model.requests) == before
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: an unexpected error (NameError); it is in the logs
check of HEAD1 completed neutral: an unexpected error (NameError); it is in the logs\
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
