"""A person asks for a review: what they hear, and what undoes it."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.domain.conversation import ModelRequest
from sandbox.state.pulls import PullRequest
from tests.fakes.answers import rooms
from tests.stories.projects import SKIPS_THE_FIRST, WRONG_TOTAL
from tests.stories.world import World


def test_a_review_that_was_asked_for_and_finds_nothing_says_so(
    world: World, pull: PullRequest
) -> None:
    world.github.comment(pull, "@plumbline review")
    world.drain()
    assert world.page(pull).after_the_first_check() == snapshot("""\
=== check of HEAD1 completed neutral: Plain checks found nothing; intent not judged: no model
Plain checks found nothing. No model is configured: defects were not hunted and intent was not judged.

=== bob comments [+1]
@plumbline review

=== plumbline[bot] comments
Looked at `HEAD1`: plain checks found nothing. No model is configured: defects were not hunted and intent was not judged. [Details](https://github.test/acme/shop/pull/1/checks).\
""")


def test_a_review_is_asked_for_and_finds_something(world: World, pull: PullRequest) -> None:
    world.github.push(pull, WRONG_TOTAL)
    world.drain()
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    world.github.comment(pull, "Please look deeper.\n\n@plumbline review deep", by="alice")
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: Plain checks found nothing; intent not judged: no model
check of HEAD2 completed neutral: Plain checks found nothing; intent not judged: no model
check of HEAD2 completed neutral: 1 finding to look at
plumbline[bot] reviews
on shop/cart.py:2
alice comments\
""")


BY_MENTION_ONLY = {".github/plumbline.yml": "version: 1\nreview: {on: []}\n"}


def test_a_push_does_not_undo_a_review_that_was_asked_for(world: World) -> None:
    world.shop(BY_MENTION_ONLY)
    pull = world.open(WRONG_TOTAL)
    world.drain()
    pushed: list[str] = []

    def push_once(_request: ModelRequest) -> dict[str, Any]:
        if not pushed:
            pushed.append(world.github.push(pull, {"README.md": "More.\n"}))
            world.github.wait_for_deliveries()
        return {"defects": [SKIPS_THE_FIRST], "sites": []}

    world.model = rooms(hunt=push_once)
    world.github.comment(pull, "@plumbline review")
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: Not reviewed: review.on does not name 'opened'
check of HEAD1 completed cancelled: Stopped: the head moved to HEAD2
check of HEAD2 completed neutral: Not reviewed: review.on does not name 'pushed'
check of HEAD2 completed neutral: 1 finding to look at
plumbline[bot] reviews
on shop/cart.py:2
bob comments\
""")
    assert [review.commit_id for review in world.github.reviews(pull)] == pushed


def test_a_push_between_the_review_that_was_asked_for_and_its_posting(world: World) -> None:
    world.shop(BY_MENTION_ONLY)
    pull = world.open(WRONG_TOTAL)
    world.drain()
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    world.github.comment(pull, "@plumbline review")
    world.drain_now("acknowledge", "review")
    pushed = world.github.push(pull, {"README.md": "More.\n"})
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: Not reviewed: review.on does not name 'opened'
check of HEAD1 completed cancelled: Stopped: the head moved to HEAD2
check of HEAD2 completed neutral: Not reviewed: review.on does not name 'pushed'
check of HEAD2 completed neutral: 1 finding to look at
plumbline[bot] reviews
on shop/cart.py:2
bob comments\
""")
    assert [review.commit_id for review in world.github.reviews(pull)] == [pushed]


@pytest.mark.parametrize("word", ["review", "resume"])
def test_a_review_of_a_closed_pull_request_cannot_be_had(
    world: World, pull: PullRequest, word: str
) -> None:
    world.app.jobs.wanted.pause(world.ref(pull), "bob")
    world.github.close(pull)
    world.github.comment(pull, f"@plumbline {word}")
    world.drain()
    assert world.page(pull).after_the_first_check().replace(
        f"@plumbline {word}", "@plumbline WORD"
    ) == snapshot("""\
=== bob comments [confused]
@plumbline WORD

=== plumbline[bot] comments
This was not reviewed: the pull request is closed.\
""")
