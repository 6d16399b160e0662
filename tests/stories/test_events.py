"""Everything else that GitHub tells an App."""

from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.domain.conversation import ModelRequest
from tests.fakes.answers import NO_DEFECT, rooms
from tests.stories.projects import BREAKS_A_CALLER, HARMLESS, WRONG_TOTAL
from tests.stories.world import World


def test_the_same_delivery_twice_is_one_review(world: World) -> None:
    world.model = model = rooms()
    pull = world.open(WRONG_TOTAL)
    first = world.last_delivery("pull_request")
    world.github.redeliver(first)
    world.drain()
    world.github.redeliver(first)
    world.drain()
    sent = [each for each in world.github.deliveries if each.event == "pull_request"]
    assert [each.status_code for each in sent] == [202, 200, 200]
    assert len(model.asked("hunt")) == 1
    assert len(world.github.checks(pull)) == 1


def test_a_check_is_run_again(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    world.github.rerequest(world.github.checks(pull)[0])
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
check of HEAD1 completed neutral: 1 finding still stands; intent not judged: no model
plumbline[bot] reviews
on shop/users.py:1\
""")


def test_all_checks_are_run_again_while_the_head_moves(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    world.github.rerequest_all(pull)
    world.github.push(pull, HARMLESS)
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
check of HEAD2 completed neutral: 1 finding still stands; intent not judged: no model
check of HEAD2 completed neutral: 1 finding still stands; intent not judged: no model
plumbline[bot] reviews
on shop/users.py:1\
""")


@pytest.mark.parametrize("pressed", ["one check", "all checks"])
def test_a_check_of_a_fork_is_run_again(world: World, pressed: str) -> None:
    """GitHub names no pull request of a fork beside its checks."""
    pull = world.open(BREAKS_A_CALLER, fork=True, author="mallory")
    world.drain()
    (check,) = world.github.checks(pull)
    if pressed == "one check":
        world.github.rerequest(check)
    else:
        world.github.rerequest_all(pull)
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
check of HEAD1 completed neutral: 1 finding still stands; intent not judged: no model
plumbline[bot] reviews
on shop/users.py:1\
""")


def test_a_merge_group_is_passed_at_once(world: World) -> None:
    pull = world.open(HARMLESS)
    world.drain()
    sha = world.github.enqueue(pull)
    world.drain()
    (check,) = world.github.checks(pull, sha)
    assert (check.name, check.status, check.conclusion, check.output) == snapshot(
        (
            "Plumbline",
            "completed",
            "success",
            {
                "title": "Reviewed on its pull requests",
                "summary": "Nothing is checked again in a merge queue.",
                "text": None,
            },
        )
    )


def test_when_the_app_is_removed_nothing_of_it_is_kept(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    review = world.record(pull)
    clones = sorted(path.name for path in world.settings.data_dir.glob("repositories/*/*"))
    assert (review.status, len(clones), _kept(world)) == ("complete", 1, ["token", "token"])
    key = f"{world.ref(pull).key}/{pull.head_sha}/auto"
    world.github.uninstall("acme")
    world.drain()
    assert world.app.jobs.records.review(key) is None
    assert list(world.settings.data_dir.glob("repositories/*/*/*.git")) == []
    assert _kept(world) == []


def test_when_one_repository_is_removed_only_its_own_is_forgotten(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER)
    other = world.github.create_repository("acme/other", {"a.py": "x = 1\n"})
    second = world.github.open_pull_request(other, "two", {"a.py": "x = 2\n"})
    world.drain()
    key = f"{world.ref(pull).key}/{pull.head_sha}/auto"
    world.github.select_repositories("acme", removed=[world.shop()])
    world.drain()
    assert world.app.jobs.records.review(key) is None
    assert world.record(second).status == "complete"
    assert _kept(world) == ["token", "token"]


def test_the_app_is_removed_in_mid_review(world: World) -> None:
    def leave(_request: ModelRequest) -> dict[str, Any]:
        world.github.uninstall("acme")
        world.github.wait_for_deliveries()
        return NO_DEFECT

    world.model = rooms(hunt=leave)
    world.open(WRONG_TOTAL)
    world.drain()
    assert [line.partition(":")[0] for line in world.failures] == snapshot(
        ["publish_review attempt 1"]
    )
    assert _kept(world) == []


def test_no_token_stands_in_redis_as_it_is(world: World) -> None:
    world.model = rooms()
    world.open(WRONG_TOTAL)
    world.drain()
    issued = [token.value for token in world.github.world.tokens.of_installations()]
    kept = [
        world.redis.get(name) or b"" for name in world.redis.scan_iter(match="plumbline:token:*")
    ]
    assert len(kept) == 2
    assert issued
    assert [token for token in issued if any(token.encode() in text for text in kept)] == []


def _kept(world: World) -> list[str]:
    """What Redis holds of the installation's secrets."""
    return ["token" for _ in world.redis.scan_iter(match="plumbline:token:*")]
