"""The check run tells the state of a review from the first second to the end."""

from __future__ import annotations

import pytest

from bot.domain.identifiers import Sha
from bot.domain.pull_request import PullRef
from bot.errors import GitHubUnavailable
from tests.github.conftest import World, finding


def _check(world: World) -> tuple[str, str | None, str]:
    (run,) = world.sandbox.checks(world.pull)
    output = run.output or {}
    return run.status, run.conclusion, str(output.get("title") or "")


def test_a_check_is_queued_then_in_progress_then_completed(world: World) -> None:
    publisher = world.connect().publisher
    publisher.acknowledge(world.ref, world.head, world.key)
    assert _check(world) == ("queued", None, "Waiting for a free worker")
    publisher.progress(world.ref, world.head, world.key, "Reading the change.")
    assert _check(world) == ("in_progress", None, "Reading the change")
    publisher.publish(world.ref, world.review(finding()), world.key, attempt=1)
    assert _check(world) == ("completed", "neutral", "1 findings")


@pytest.mark.parametrize(
    ("superseded", "conclusion", "state"),
    [(True, "cancelled", "Stopped"), (False, "neutral", "Not completed")],
)
def test_giving_up_says_why(world: World, superseded: bool, conclusion: str, state: str) -> None:
    publisher = world.connect().publisher
    publisher.acknowledge(world.ref, world.head, world.key)
    publisher.give_up(world.ref, world.head, world.key, "because of\n" + "x" * 100, superseded)
    status, concluded, title = _check(world)
    assert (status, concluded) == ("completed", conclusion)
    assert (title.startswith(f"{state}: because of xxx"), len(title)) == (True, 80)


def test_an_error_is_told_in_words_that_do_nothing_with_the_next_step(world: World) -> None:
    told = "the server said: ask @bob, see http://203.0.113.5/x <b>now</b>"
    world.connect().publisher.give_up(world.ref, world.head, world.key, told, False)
    (run,) = world.sandbox.checks(world.pull)
    assert (run.output or {})["summary"] == (
        "Not completed: the server said: ask `@bob`, see `http://203.0.113.5/x` \\<b>now\\</b>."
        "\n\nPress **Re-run** to try again."
    )


def test_acknowledging_twice_creates_one_check(world: World) -> None:
    for _ in range(2):
        world.connect().publisher.acknowledge(world.ref, world.head, world.key)
    assert len(world.sandbox.checks(world.pull)) == 1


@pytest.mark.parametrize("after", [True, False])
def test_a_check_whose_creation_failed_is_looked_for_before_another_is_made(
    world: World, after: bool
) -> None:
    world.sandbox.fail("/check-runs$", method="POST", status=502, after=after)
    with pytest.raises(GitHubUnavailable):
        world.connect().publisher.acknowledge(world.ref, world.head, world.key)
    world.connect().publisher.acknowledge(world.ref, world.head, world.key)
    assert [run.external_id for run in world.sandbox.checks(world.pull)] == [world.key]


def test_a_merge_group_passes_once(world: World) -> None:
    group = PullRef(world.ref.repository, 0)
    sha = Sha(world.sandbox.enqueue(world.pull))
    for _ in range(2):
        world.connect().publisher.pass_merge_group(group, sha)
    (run,) = world.sandbox.checks(world.pull, sha)
    assert (run.name, run.status, run.conclusion) == ("Plumbline", "completed", "success")


def test_a_person_writes_reviews_and_no_checks(world: World) -> None:
    github = world.connect_person("bob")
    ref = github.pulls.pull_of_url(f"https://github.com/acme/shop/pull/{world.pull.number}")
    github.publisher.acknowledge(ref, world.head, world.key)
    github.publisher.publish(ref, world.review(finding()), world.key, attempt=1)
    assert world.sandbox.checks(world.pull) == []
    assert [(one.author.login, one.state) for one in world.sandbox.reviews(world.pull)] == [
        ("bob", "COMMENTED")
    ]


def test_a_newer_head_cancels_the_checks_of_those_that_it_replaces(world: World) -> None:
    publisher = world.connect().publisher
    publisher.acknowledge(world.ref, world.head, world.key)
    passed_over, old = world.key, world.head
    world.sandbox.push(world.pull, {"README.md": "more\n"})
    publisher.acknowledge(world.ref, world.head, world.key)
    (run,) = world.sandbox.checks(world.pull, old)
    title = (run.output or {}).get("title")
    assert (run.external_id, run.conclusion, title) == (
        passed_over,
        "cancelled",
        f"Stopped: the head moved to {world.head[:12]}",
    )
    assert _check(world) == ("queued", None, "Waiting for a free worker")


def test_what_is_superseded_after_its_review_keeps_the_conclusion(world: World) -> None:
    publisher = world.connect().publisher
    publisher.publish(world.ref, world.review(finding()), world.key, attempt=1)
    since = len(world.sandbox.requests)
    publisher.give_up(world.ref, world.head, world.key, "the pull request was closed", True)
    assert (_check(world), world.calls(since)) == (("completed", "neutral", "1 findings"), [])


def test_what_never_had_a_check_gets_none_to_cancel_it(world: World) -> None:
    world.connect().publisher.give_up(world.ref, world.head, world.key, "closed", True)
    assert world.sandbox.checks(world.pull) == []
