"""A review reaches the pull request once, whatever happens on the way."""

from __future__ import annotations

import re
from threading import Barrier, Thread

import pytest
from inline_snapshot import snapshot

from bot.domain.jobs import Trigger, review_key
from bot.errors import GitHubUnavailable, Superseded, UserError
from bot.github.connect import Pauses, SharedState, connect_app, words_of
from bot.github.markers import marker_of
from bot.settings import GitHubSettings
from tests.github.conftest import World, finding

REVIEWS = r"/pulls/\d+/reviews$"
EVENTS = r"/reviews/\d+/events$"


def test_a_whole_review_costs_ten_calls_and_eight_once_tokens_are_known(world: World) -> None:
    world.sandbox.open_issue("acme/shop", "unrelated")
    for expected in (10, 8):
        before = len(world.sandbox.requests)
        github = world.connect()
        github.publisher.acknowledge(world.ref, world.head, world.key)
        pull = github.pulls.read(world.ref)
        github.publisher.progress(pull.ref, pull.head, world.key, "Reading the change")
        found = finding(f"Found at {world.head}")
        github.publisher.publish(pull.ref, world.review(found), world.key, attempt=1)
        calls = world.calls(before)
        edits = [call for call in calls if call.startswith("PUT")]
        assert len(calls) - len(edits) == expected, calls
        assert len(edits) == (0 if expected == 10 else 1)  # the first review's body
        world.sandbox.push(world.pull, {"shop/other.py": f"x = {expected}\n"})


def test_the_first_review_is_the_summary_and_is_edited_in_place(world: World) -> None:
    publisher = world.connect().publisher
    first = publisher.publish(world.ref, world.review(finding("one")), world.key, attempt=1)
    world.sandbox.push(world.pull, {"shop/other.py": "x = 1\n"})
    review = world.review(finding("two"), finding("rest", line=None))
    second = publisher.publish(world.ref, review, world.key, attempt=1)
    assert first != second
    assert world.reviews() == snapshot(
        [("COMMENTED", "Summary\n- two\n- rest (listed)"), ("COMMENTED", "more")]
    )
    assert [text for _, _, text in world.comments()] == ["one", "two"]

    world.sandbox.push(world.pull, {"shop/other.py": "x = 2\n"})
    assert publisher.publish(world.ref, world.review(), world.key, attempt=1) is None
    assert world.reviews() == snapshot([("COMMENTED", "All clear now."), ("COMMENTED", "more")])


def test_a_summary_whose_edit_failed_is_edited_by_the_next_attempt(world: World) -> None:
    publisher = world.connect().publisher
    publisher.publish(world.ref, world.review(finding("one")), world.key, attempt=1)
    world.sandbox.push(world.pull, {"shop/other.py": "x = 1\n"})
    world.sandbox.fail(r"/reviews/\d+$", method="PUT", status=502)
    review = world.review(finding("two"))
    with pytest.raises(GitHubUnavailable):
        publisher.publish(world.ref, review, world.key, attempt=1)
    publisher.publish(world.ref, review, world.key, attempt=2)
    assert world.reviews() == snapshot([("COMMENTED", "Summary\n- two"), ("COMMENTED", "more")])


def test_nothing_to_say_is_no_review_and_a_green_check(world: World) -> None:
    publisher = world.connect().publisher
    assert publisher.publish(world.ref, world.review(), world.key, attempt=1) is None
    assert world.reviews() == []
    (check,) = world.sandbox.checks(world.pull)
    assert (check.name, check.external_id, check.status, check.conclusion) == (
        "Plumbline",
        world.key,
        "completed",
        "success",
    )


@pytest.mark.parametrize("path", [REVIEWS, EVENTS, r"/check-runs/\d+$"])
@pytest.mark.parametrize(
    "fault",
    [{"status": 502, "after": True}, {"status": 502}, {"reset": True, "after": True}],
    ids=["work done, 502", "502", "work done, connection lost"],
)
def test_a_write_that_fails_is_made_up_for_and_nothing_is_posted_twice(
    world: World, path: str, fault: dict[str, object]
) -> None:
    publisher = world.connect().publisher
    publisher.acknowledge(world.ref, world.head, world.key)
    world.sandbox.fail(path, **fault)
    review = world.review(finding())
    with pytest.raises(GitHubUnavailable):
        publisher.publish(world.ref, review, world.key, attempt=1)
    posted = world.connect().publisher.publish(world.ref, review, world.key, attempt=2)
    assert world.slept == [10.0]
    assert world.reviews() == [("COMMENTED", "Summary\n- Line 20 is a word")]
    assert [review.id for review in world.sandbox.reviews(world.pull)] == [posted]
    assert world.comments() == [("shop/cart.py", 20, "Line 20 is a word")]
    assert world.sandbox.reviews(world.pull, pending=True) == []
    (check,) = world.sandbox.checks(world.pull)
    assert (check.status, check.conclusion) == ("completed", "neutral")


def test_two_executors_of_one_review_post_it_once(world: World) -> None:
    review, together, posted = world.review(finding()), Barrier(2), []

    def execute() -> None:
        publisher = world.connect(SharedState()).publisher
        for attempt in (1, 2, 3):
            together.wait(10) if attempt == 1 else None
            try:
                posted.append(publisher.publish(world.ref, review, world.key, attempt))
                return
            except GitHubUnavailable:
                continue

    threads = [Thread(target=execute) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    (one,) = world.sandbox.reviews(world.pull)
    assert posted == [one.id, one.id]
    assert len(world.comments()) == 1


def test_a_leftover_of_the_same_key_is_adopted(world: World) -> None:
    publisher, review = world.connect().publisher, world.review(finding())
    world.sandbox.fail(EVENTS, status=502)
    with pytest.raises(GitHubUnavailable):
        publisher.publish(world.ref, review, world.key, attempt=1)
    (left,) = world.sandbox.reviews(world.pull, pending=True)
    assert publisher.publish(world.ref, review, world.key, attempt=2) == left.id


def test_a_leftover_of_another_key_is_cleared_away(world: World) -> None:
    other = review_key(world.ref, world.head, Trigger("mention", id="7"))
    github = world.connect()
    world.sandbox.fail(EVENTS, status=502)
    with pytest.raises(GitHubUnavailable):
        github.publisher.publish(world.ref, world.review(finding("left")), other, attempt=1)
    github.publisher.publish(world.ref, world.review(finding("new")), world.key, attempt=1)
    assert world.reviews() == [("COMMENTED", "Summary\n- new")]
    assert world.slept == [10.0]


def test_a_persons_pending_review_is_left_alone(world: World) -> None:
    github = world.connect_person("alice")
    ref = github.pulls.pull_of_url(f"https://github.com/acme/shop/pull/{world.pull.number}")
    world.post_as("alice", "/reviews", {"body": "my own thoughts"})
    with pytest.raises(UserError) as raised:
        github.publisher.publish(ref, world.review(finding()), world.key, attempt=1)
    assert re.sub(r"id \d+", "id N", str(raised.value)) == snapshot(
        "acme/shop#1 holds a pending review that Plumbline did not begin (id N); submit or discard"
        " it on GitHub, then try again"
    )
    assert [one.body for one in world.sandbox.reviews(world.pull, pending=True)] == [
        "my own thoughts"
    ]


@pytest.mark.parametrize("happens", ["push", "close", "merge"])
def test_a_pull_request_that_moved_on_gets_no_stale_review(world: World, happens: str) -> None:
    review, key = world.review(finding()), world.key
    if happens == "push":
        world.sandbox.push(world.pull, {"shop/other.py": "x = 1\n"})
    else:
        getattr(world.sandbox, happens)(world.pull)
    with pytest.raises(Superseded):
        world.connect().publisher.publish(world.ref, review, key, attempt=1)
    assert world.reviews() == []
    assert world.sandbox.reviews(world.pull, pending=True) == []


def test_a_line_that_github_refuses_moves_all_comments_into_the_body(world: World) -> None:
    review = world.review(finding("good"), finding("bad", line=2))
    world.connect().publisher.publish(world.ref, review, world.key, attempt=1)
    assert world.comments() == []
    assert world.reviews() == snapshot([("COMMENTED", "Summary\n- good (listed)\n- bad (listed)")])


def test_refused_comments_are_not_lost_in_a_later_review_either(world: World) -> None:
    publisher = world.connect().publisher
    publisher.publish(world.ref, world.review(finding("one")), world.key, attempt=1)
    world.sandbox.push(world.pull, {"shop/other.py": "x = 1\n"})
    review = world.review(finding("bad", line=2))
    assert publisher.publish(world.ref, review, world.key, attempt=1) is not None
    assert world.reviews() == snapshot(
        [("COMMENTED", "Summary\n- bad (listed)"), ("COMMENTED", "Summary\n- bad (listed)")]
    )


def test_the_real_words_are_posted(world: World) -> None:
    """The words themselves are tested where they are written; here, that they arrive."""
    app = world.sandbox.app
    settings = GitHubSettings(app_id=app.id, private_key=app.private_key, api_url=world.sandbox.url)
    github = connect_app(settings, world.shared, world.options, Pauses(world.slept.append))
    review, key = world.review(finding()), world.key
    posted = github.publisher.publish(world.ref, review, key, attempt=1)
    composed = words_of(settings)(review, world.ref, True, marker_of(key), key)
    (made,) = world.sandbox.reviews(world.pull)
    assert (made.id, made.body) == (posted, composed.body)
    assert world.comments() == [("shop/cart.py", 20, composed.comments[0].body)]
    (check,) = world.sandbox.checks(world.pull)
    assert (check.conclusion, (check.output or {})["title"]) == ("neutral", composed.check.title)


def test_several_lines_are_commented_as_a_range(world: World) -> None:
    review = world.review(finding("range", line=19, end_line=21))
    world.connect().publisher.publish(world.ref, review, world.key, attempt=1)
    (view,) = world.sandbox.thread_views(world.pull)
    assert (view.start_line, view.line, view.side) == (19, 21, "RIGHT")


def test_lagging_replicas_cost_one_look_and_no_second_review(world: World) -> None:
    world.sandbox.lag(3600)
    publisher = world.connect().publisher
    publisher.publish(world.ref, world.review(finding()), world.key, attempt=1)
    assert world.reviews() == [("COMMENTED", "Summary\n- Line 20 is a word")]
