"""A look at a pull request: our threads, what people did with them, in one query."""

from __future__ import annotations

import pytest

from bot.domain.finding import Finding
from bot.domain.outcome import PullSeen, ThreadSeen
from bot.errors import GitHubRefused, GitHubUnavailable
from bot.github.connect import Pauses, connect_app
from bot.github.markers import marker_of_finding
from bot.settings import GitHubSettings
from sandbox.state.comments import ReviewComment
from tests.github.conftest import AFTER, World, finding

WORD = finding()
MARK = marker_of_finding(WORD)


@pytest.fixture(name="comment")
def _posted(world: World) -> ReviewComment:
    """Our comment on line 20."""
    publish(world, WORD)
    (thread,) = world.sandbox.threads(world.pull)
    return world.sandbox.world.review_comments.of_thread(thread)[0]


def publish(world: World, *findings: Finding) -> None:
    """In the App's own words: each comment carries the mark of its finding."""
    app = world.sandbox.app
    settings = GitHubSettings(app_id=app.id, private_key=app.private_key, api_url=world.sandbox.url)
    pauses = Pauses(sleep=world.slept.append)
    github = connect_app(settings, world.shared, world.options, pauses)
    github.publisher.publish(world.ref, world.review(*findings), world.key, 1)


def answer(world: World, threads: object) -> dict[str, object]:
    """What GitHub says, with other threads."""
    pull = {"state": "OPEN", "headRefOid": world.head, "reviewThreads": threads}
    viewer = {"login": "plumbline[bot]"}
    return {"data": {"viewer": viewer, "repository": {"pullRequest": pull}}}


def look(world: World) -> PullSeen:
    return world.connect().onlooker.look(world.ref)


def test_nothing_was_done_yet(world: World, comment: ReviewComment) -> None:
    """Two connections: the first needs a token, so the second one's look is a single request."""
    assert comment.author.login == "plumbline[bot]"
    assert look(world) == PullSeen("open", world.head, {MARK: ThreadSeen()})
    before = len(world.sandbox.requests)
    look(world)
    assert world.calls(before) == ["POST /graphql 200"]


def test_what_people_did_is_seen_and_what_bots_did_is_not(
    world: World, comment: ReviewComment
) -> None:
    github = world.sandbox
    for login in ("alice", "bob", "some-app[bot]", "plumbline[bot]"):
        github.react(comment, "+1", by=login)
    github.react(comment, "-1", by="mallory")
    github.react(comment, "heart", by="carol")
    github.resolve(comment.thread, by="bob")
    github.push(world.pull, {"shop/cart.py": AFTER["shop/cart.py"].replace("twenty", "XX")})
    assert look(world) == PullSeen(
        "open", world.head, {MARK: ThreadSeen(changed=True, resolved=True, ups=2)}
    )


def test_people_who_react_are_looked_up_once_in_ten_minutes_and_no_crowd_of_them(
    world: World, comment: ReviewComment
) -> None:
    onlooker = world.connect().onlooker
    for number in range(40):
        world.sandbox.react(comment, "-1", by=f"puppet{number}")
    world.sandbox.react(comment, "+1", by="bob")
    assert onlooker.look(world.ref).threads == {MARK: ThreadSeen(ups=1)}
    before = len(world.sandbox.requests)
    assert onlooker.look(world.ref).threads == {MARK: ThreadSeen(ups=1)}
    assert world.calls(before) == ["POST /graphql 200"]


def test_threads_of_people_are_not_ours_whatever_they_quote(
    world: World, comment: ReviewComment
) -> None:
    stolen = world.sandbox.comment_on_line(world.pull, "shop/cart.py", 20, comment.body, by="bob")
    world.sandbox.react(stolen, "-1", by="bob")
    assert look(world) == PullSeen("open", world.head, {MARK: ThreadSeen()})


def test_how_the_pull_request_ended(world: World, comment: ReviewComment) -> None:
    assert comment.in_reply_to is None
    world.sandbox.close(world.pull)
    assert look(world).state == "closed"
    world.sandbox.reopen(world.pull)
    world.sandbox.merge(world.pull)
    assert look(world).state == "merged"


def test_a_hundred_threads_and_more_are_read_page_by_page(world: World) -> None:
    lines = "".join(f"word {n}\n" for n in range(1, 131))
    world.sandbox.push(world.pull, {"shop/cart.py": lines})
    many = [finding(f"Word {n}", n, symbol=f"w{n}") for n in range(1, 121)]
    publish(world, *many)
    seen = look(world)
    assert seen.threads == {marker_of_finding(one): ThreadSeen() for one in many}


def test_what_github_does_not_show_is_said(world: World, comment: ReviewComment) -> None:
    del comment.pull.repository.pulls[world.pull.number]
    with pytest.raises(GitHubRefused, match="GitHub does not show acme/shop#1: Could not resolve"):
        look(world)


def test_threads_that_are_withheld_are_asked_for_later(
    world: World, comment: ReviewComment
) -> None:
    assert comment.body
    world.sandbox.fail("/graphql", status=200, body=answer(world, None))
    with pytest.raises(GitHubUnavailable, match="did not give the review threads of acme/shop#1"):
        look(world)


def test_reactions_that_are_withheld_are_none(world: World, comment: ReviewComment) -> None:
    thread = {
        "isResolved": False,
        "isOutdated": False,
        "resolvedBy": None,
        "comments": {
            "nodes": [
                {
                    "body": comment.body,
                    "author": {"login": "plumbline", "__typename": "Bot"},
                    "reactionGroups": None,
                }
            ]
        },
    }
    page = {"hasNextPage": False, "endCursor": None}
    threads = {"pageInfo": page, "nodes": [None, thread]}
    world.sandbox.fail("/graphql", status=200, body=answer(world, threads))
    assert look(world) == PullSeen("open", world.head, {MARK: ThreadSeen()})


def test_a_thread_that_we_close_is_told_from_one_that_people_close(
    world: World, comment: ReviewComment
) -> None:
    world.sandbox.resolve(comment.thread, by="plumbline[bot]")
    ours = ThreadSeen(resolved=True, by_us=True)
    assert look(world) == PullSeen("open", world.head, {MARK: ours})
    world.sandbox.unresolve(comment.thread)
    assert look(world) == PullSeen("open", world.head, {MARK: ThreadSeen()})
