"""GitHub, the model or Redis have a bad day: nothing is lost, nothing is said twice."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.domain.conversation import ModelAnswer
from bot.errors import ModelUnavailable
from tests.fakes.answers import rooms
from tests.fakes.scripted_model import ScriptedModel
from tests.stories.projects import SKIPS_THE_FIRST, WRONG_TOTAL
from tests.stories.world import World

FOUND: dict[str, Any] = {"defects": [SKIPS_THE_FIRST], "sites": []}


def test_github_is_down_while_a_review_is_posted(world: World) -> None:
    world.model = model = rooms(hunt=FOUND)
    pull = world.open(WRONG_TOTAL)
    world.github.fail("/pulls/1/reviews$", method="POST", status=503, times=4)
    world.drain()
    assert len(model.asked("hunt")) == 1
    assert len(world.failures) == 4
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at
plumbline[bot] reviews
on shop/cart.py:2\
""")


@pytest.mark.parametrize(
    "path", ["/pulls/1/reviews$", "/reviews/[0-9]+/events$", "/check-runs$", "/check-runs/[0-9]+$"]
)
@pytest.mark.parametrize("after", [False, True])
def test_an_answer_that_was_lost_costs_no_second_review(
    world: World, path: str, after: bool
) -> None:
    world.model = model = rooms(hunt=FOUND)
    pull = world.open(WRONG_TOTAL)
    world.github.fail(path, status=502, after=after)
    world.drain()
    assert len(model.asked("hunt")) == 1
    assert (len(world.github.reviews(pull)), len(world.github.checks(pull))) == (1, 1)
    assert world.github.reviews(pull, pending=True) == []
    assert world.github.checks(pull)[0].status == "completed"


def test_github_is_down_for_so_long_that_posting_is_given_up(world: World) -> None:
    world.model = model = rooms(hunt=FOUND)
    pull = world.open(WRONG_TOTAL)
    world.github.fail("/pulls/1/reviews$", method="POST", status=503, times=None)
    world.drain()
    assert len(model.asked("hunt")) == 1
    assert len(world.failures) == 24
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: Not completed: the review was made but could not be posted: GitHub answered 5...
Not completed: the review was made but could not be posted: GitHub answered 503 to POST /repos/acme/shop/pulls/1/reviews: Server Error.

Press **Re-run** to try again.\
""")
    world.github.faults.clear()
    world.github.rerequest(world.github.checks(pull)[0])
    world.drain()
    assert len(world.github.reviews(pull)) == 1


def test_reading_fails_for_a_while(world: World) -> None:
    pull = world.open(WRONG_TOTAL)
    world.github.fail("/graphql$", status=502, times=3)
    world.github.fail("/git-upload-pack$", status=503, times=2)
    world.drain()
    assert world.page(pull).glance() == snapshot(
        "=== check of HEAD1 completed neutral: Plain checks found nothing; intent not judged: no model"
    )


def test_a_token_expires_midway(world: World) -> None:
    world.model = rooms(hunt=lambda _request: _expire(world))
    pull = world.open(WRONG_TOTAL)
    world.drain()
    assert (world.failures, world.page(pull).glance()) == snapshot(
        (
            [],
            """\
=== check of HEAD1 completed neutral: 1 finding to look at
plumbline[bot] reviews
on shop/cart.py:2\
""",
        )
    )


def _expire(world: World) -> dict[str, Any]:
    world.github.expire_tokens()
    return FOUND


def test_the_model_is_down(world: World) -> None:
    world.model = ScriptedModel(lambda _request: ModelUnavailable("every model timed out"))
    pull = world.open(WRONG_TOTAL)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: Not completed: the hunt for defects (whole; 1 file) gave no answer: every mod...
The review could not be completed: the hunt for defects (whole; 1 file) gave no answer: every model timed out; the author's promises were not judged: every model timed out\
""")


def test_one_room_fails(world: World) -> None:
    world.model = rooms(hunt=FOUND, intent=ModelUnavailable("every model timed out"))
    pull = world.open(WRONG_TOTAL, body="- The total stays what it is.\n")
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: Partial: 1 finding to look at
plumbline[bot] reviews
on shop/cart.py:2\
""")


def test_the_model_refuses(world: World) -> None:
    world.model = ScriptedModel(lambda _request: ModelAnswer(finish="refusal", text="I will not."))
    pull = world.open(WRONG_TOTAL)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: Not completed: the hunt for defects (whole; 1 file) gave no answer: The answe...
The review could not be completed: the hunt for defects (whole; 1 file) gave no answer: The answer to 'hunt: whole' was refused by the model: 'I will not.'; the author's promises were not judged: The answer to 'intent contract' was refused by the model: 'I will not.'\
""")


@pytest.fixture
def full_redis(world: World) -> Iterator[None]:
    """A Redis that takes no more writes: maxmemory is reached, and nothing is evicted."""
    world.redis.config_set("maxmemory", "1")
    yield
    world.redis.config_set("maxmemory", "0")


def test_redis_refuses_and_the_delivery_is_sent_again(world: World, full_redis: None) -> None:
    world.model = rooms(hunt=FOUND)
    pull = world.open(WRONG_TOTAL)
    refused = world.last_delivery("pull_request")
    assert refused.status_code == 503
    world.redis.config_set("maxmemory", "0")
    world.github.redeliver(refused)
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at
plumbline[bot] reviews
on shop/cart.py:2\
""")
