"""A mention is seen at once and answered where it stands, once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.commands import Command
from bot.domain.events import CommentPlace
from bot.domain.jobs import Mention
from bot.errors import GitHubUnavailable
from bot.github.connect import SharedState
from tests.github.conftest import World, finding

KEY = "1/2/3/reply/9"


def _mention(place: CommentPlace, id: int, top: int | None = None) -> Mention:
    return Mention(place, id, "bob", Command("ask", "why?"), in_reply_to=top)


def _asked_in_thread(world: World) -> Mention:
    world.connect().publisher.publish(world.ref, world.review(finding()), world.key, attempt=1)
    (thread,) = world.sandbox.threads(world.pull)
    with world.sandbox.world.lock:
        first = world.sandbox.world.review_comments.of_thread(thread)[0].id
    return _mention("review_comment", world.sandbox.reply(thread, "@plumbline why?").id, first)


def _said(world: World) -> list[tuple[str, str]]:
    """Who said what in the only thread, markers left out."""
    (view,) = world.sandbox.thread_views(world.pull)
    return [(login, text.partition("\n\n<!--")[0]) for login, text in view.comments]


def test_reactions_on_each_kind_of_comment(world: World) -> None:
    publisher = world.connect().publisher
    comment = world.sandbox.comment(world.pull, "@plumbline review", by="bob")
    for _ in range(2):
        publisher.react(world.ref, _mention("issue_comment", comment.id), "eyes")
    assert world.sandbox.reactions(comment) == [("plumbline[bot]", "eyes")]
    publisher.react(world.ref, _mention("review", 77), "+1")
    assert world.sandbox.reactions(world.pull) == [("plumbline[bot]", "+1")]
    publisher.react(world.ref, _asked_in_thread(world), "confused")
    assert world.calls()[-1].endswith("/reactions 201")


@pytest.mark.parametrize("place", ["issue_comment", "review_comment", "review"])
def test_eyes_are_taken_back_with_the_comment_s_last_command(
    world: World, place: CommentPlace
) -> None:
    publisher = world.connect().publisher
    said = world.sandbox.comment(world.pull, "@plumbline help", by="bob")
    line = world.sandbox.comment_on_line(world.pull, "shop/cart.py", 20, "@plumbline help")
    on: Any = {"issue_comment": said, "review_comment": line, "review": world.pull}[place]
    first = _mention(place, line.id if place == "review_comment" else said.id)
    second = replace(first, part=1)
    seen = []
    for settled in (None, first, first, second, second):
        if settled is None:
            publisher.react(world.ref, first, "eyes")
            publisher.react(world.ref, second, "eyes")
        else:
            publisher.settle(world.ref, settled)
        seen.append([content for _, content in world.sandbox.reactions(on)])
    assert seen == [["eyes"], ["eyes"], ["eyes"], [], []]


def test_a_comment_that_is_gone_is_told_from_one_that_takes_no_reaction(world: World) -> None:
    publisher = world.connect().publisher
    said = world.sandbox.comment(world.pull, "@plumbline help", by="bob")
    world.sandbox.fail("/reactions$", status=403)
    assert publisher.react(world.ref, _mention("issue_comment", said.id), "eyes")
    world.sandbox.delete_comment(said)
    assert not publisher.react(world.ref, _mention("issue_comment", said.id), "eyes")


def test_a_question_below_the_pull_request_is_answered_there(world: World) -> None:
    comment = world.sandbox.comment(world.pull, "@plumbline why?", by="bob")
    mention = _mention("issue_comment", comment.id)
    for _ in range(2):
        world.connect().publisher.reply(world.ref, mention, KEY, "Because.")
    _, answer = world.sandbox.comments(world.pull)
    assert answer.author.login == "plumbline[bot]"
    assert answer.body.startswith("Because.\n\n<!-- plumbline:")


def test_a_question_in_a_thread_is_answered_in_the_thread(world: World) -> None:
    mention = _asked_in_thread(world)
    world.connect().publisher.reply(world.ref, mention, KEY, "Because.")
    assert [text for _, text in _said(world)] == [
        "Line 20 is a word",
        "@plumbline why?",
        "Because.",
    ]


@pytest.mark.parametrize("in_thread", [True, False])
def test_progress_is_told_in_the_comment_that_will_hold_the_answer(
    world: World, in_thread: bool
) -> None:
    comment = world.sandbox.comment(world.pull, "@plumbline why?", by="bob")
    mention = _asked_in_thread(world) if in_thread else _mention("issue_comment", comment.id)
    for text in ("Reading.", "Searching."):
        world.connect().publisher.progress_reply(world.ref, mention, KEY, text)
    for _ in range(2):
        world.connect().publisher.reply(world.ref, mention, KEY, "Because.")
    said = (
        [text for _, text in _said(world)][1:]
        if in_thread
        else [one.body.partition("\n\n<!--")[0] for one in world.sandbox.comments(world.pull)]
    )
    assert said == ["@plumbline why?", "Because."]


@pytest.mark.parametrize("in_thread", [True, False])
@pytest.mark.parametrize("after", [True, False])
def test_an_answer_whose_posting_failed_is_looked_for_before_it_is_repeated(
    world: World, in_thread: bool, after: bool
) -> None:
    mention = _asked_in_thread(world) if in_thread else _mention("issue_comment", 1)
    world.sandbox.fail("/(replies|comments)$", method="POST", status=502, after=after)
    with pytest.raises(GitHubUnavailable):
        world.connect().publisher.reply(world.ref, mention, KEY, "Because.")
    world.connect().publisher.reply(world.ref, mention, KEY, "Because.")
    if in_thread:
        assert len(_said(world)) == 3
    else:
        assert len(world.sandbox.comments(world.pull)) == 1


def test_a_forged_marker_does_not_silence_the_answer(world: World) -> None:
    mention = _mention("issue_comment", 1)
    world.connect().publisher.reply(world.ref, mention, KEY, "Because.")
    (answer,) = world.sandbox.comments(world.pull)
    forged = answer.body
    other = world.sandbox.open_pull_request("acme/shop", "second", {"b.py": "1\n"})
    world.sandbox.comment(other, forged, by="mallory")
    ref = type(world.ref)(world.ref.repository, other.number)
    shared = SharedState()
    shared.ledger.begin(f"reply/{KEY}")  # an earlier attempt of which the end is not known
    world.connect(shared).publisher.reply(ref, mention, KEY, "Because.")
    logins = [comment.author.login for comment in world.sandbox.comments(other)]
    assert logins == ["mallory", "plumbline[bot]"]


def test_a_reply_waits_while_our_review_is_pending(world: World) -> None:
    mention = _asked_in_thread(world)
    publisher = world.connect().publisher
    world.sandbox.push(world.pull, {"shop/other.py": "x = 1\n"})
    world.sandbox.fail(r"/events$", status=502)
    review = world.review(finding("second"))
    with pytest.raises(GitHubUnavailable):
        publisher.publish(world.ref, review, world.key, attempt=1)
    with pytest.raises(GitHubUnavailable) as raised:
        publisher.reply(world.ref, mention, KEY, "Because.")
    assert raised.value.retry_after == 5
    publisher.publish(world.ref, review, world.key, attempt=2)
    publisher.reply(world.ref, mention, KEY, "Because.")
    first = world.sandbox.thread_views(world.pull)[0]
    assert len(first.comments) == 3
