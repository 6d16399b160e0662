"""People talk to the bot where they work."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.domain.conversation import ModelRequest
from sandbox.state.pulls import PullRequest
from tests.fakes.answers import NO_DEFECT, quote, rooms
from tests.fakes.scripted_model import ScriptedModel
from tests.stories.projects import BREAKS_A_CALLER, HARMLESS, SKIPS_THE_FIRST, WRONG_TOTAL
from tests.stories.world import World

ANSWER = {
    "answer": "It sums an iterator over all prices.",
    "evidence": [quote("shop/cart.py", 2, "    return sum(iter(prices))")],
}


@pytest.fixture(name="pull")
def _clean(world: World) -> PullRequest:
    """A pull request that was reviewed and found clean."""
    opened = world.open(HARMLESS)
    world.drain()
    return opened


def said_since(world: World, pull: PullRequest) -> str:
    """What stands on the page after the first check."""
    return world.page(pull).whole().partition("\n\n")[2]


def test_help(world: World, pull: PullRequest) -> None:
    world.github.comment(pull, "@plumbline help")
    world.drain()
    assert said_since(world, pull) == snapshot("""\
=== bob comments
@plumbline help

=== plumbline[bot] comments
| write | and this happens |
|---|---|
| `@plumbline review [full\\|light\\|standard\\|deep\\|security\\|paths]` | Reviews what is new; with a word, all of the change again, or the part that you name. |
| `@plumbline explain [path:line]` | Shows a finding with its evidence and how it was verified. |
| `@plumbline why [not path:line]` | Tells why a finding was posted, or what became of everything near a line. |
| `@plumbline dismiss [reason]` | Strikes out a finding, in its thread; it is not raised again. |
| `@plumbline resolve` | Resolves a finding's thread; outside of threads, those of all findings. |
| `@plumbline reopen [reason]` | Takes a dismissal or withdrawal back, in the thread. |
| `@plumbline config` | Shows the settings that hold here and where each comes from. |
| `@plumbline pause` | Stops automatic reviews of this pull request. |
| `@plumbline resume` | Goes on, with what was pushed meanwhile. |
| `@plumbline stop` | Cancels the review that is running. |
| `@plumbline remember TEXT [for paths]` | Keeps a rule or a fact about this repository, or some of its paths, for later reviews. |
| `@plumbline memory` | Lists what is remembered, each with its number. |
| `@plumbline forget N` | Forgets what is remembered as N. |
| `@plumbline help` | Shows this list. |
| `@plumbline <question>` | Answers a question about this change. |

Write access is needed; who opened the pull request may also write `explain`, `why`, `config` and `help`, and dispute findings in their threads. Others get 😕, unless `mentions.allow` of `.github/plumbline.yml` lets them.\
""")


def test_a_review_that_was_asked_for_and_finds_nothing_says_so(
    world: World, pull: PullRequest
) -> None:
    world.github.comment(pull, "@plumbline review")
    world.drain()
    assert said_since(world, pull) == snapshot("""\
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


def test_a_question_is_answered_from_the_code(world: World, pull: PullRequest) -> None:
    world.model = model = ScriptedModel([ANSWER])
    world.github.comment(pull, "@plumbline does this still sum all prices?")
    world.drain()
    assert said_since(world, pull) == snapshot("""\
=== bob comments
@plumbline does this still sum all prices?

=== plumbline[bot] comments
It sums an iterator over all prices.

See [`shop/cart.py:2`](https://github.test/acme/shop/blob/HEAD1/shop/cart.py#L2).\
""")
    assert [request.purpose for request in model.requests] == ["answer a question"]


def test_a_question_without_a_model_is_answered_honestly(world: World, pull: PullRequest) -> None:
    world.github.comment(pull, "@plumbline why?")
    world.drain()
    assert said_since(world, pull) == snapshot("""\
=== bob comments [confused]
@plumbline why?

=== plumbline[bot] comments
Write this in the thread of a finding, or name a place: `@plumbline why path:line`.\
""")


def test_a_mistyped_command_is_pointed_out(world: World, pull: PullRequest) -> None:
    world.github.comment(pull, "@plumbline reveiw deep")
    world.drain()
    assert said_since(world, pull) == snapshot("""\
=== bob comments [confused]
@plumbline reveiw deep

=== plumbline[bot] comments
Did you mean `@plumbline review`?\
""")


def test_a_refused_reaction_costs_no_answer(world: World, pull: PullRequest) -> None:
    world.github.fail("/reactions$", status=403, times=None)
    world.github.comment(pull, "@plumbline is this slower?")
    world.drain()
    assert said_since(world, pull) == snapshot("""\
=== bob comments
@plumbline is this slower?

=== plumbline[bot] comments
No model is configured here, so questions cannot be answered. Plain checks still run.\
""")


def test_a_question_on_a_line_is_answered_in_its_thread(world: World, pull: PullRequest) -> None:
    world.model = ScriptedModel([ANSWER])
    asked = world.github.comment_on_line(pull, "shop/cart.py", 2, "@plumbline is this slower?")
    world.drain()
    assert said_since(world, pull) == snapshot("""\
=== on shop/cart.py:2
--- bob
@plumbline is this slower?
--- plumbline[bot]
It sums an iterator over all prices.

See [`shop/cart.py:2`](https://github.test/acme/shop/blob/HEAD1/shop/cart.py#L2).\
""")
    assert world.github.reactions(asked) == []


def test_a_thread_on_a_file_that_no_model_may_read_is_not_shown_to_it(world: World) -> None:
    world.shop({".github/plumbline.yml": 'version: 1\nnever_send: ["shop/cart.py"]\n'})
    pull = world.open(HARMLESS)
    world.drain()
    world.model = model = ScriptedModel([{"answer": "That is not told.", "evidence": []}])
    world.github.comment_on_line(pull, "shop/cart.py", 2, "@plumbline is this slower?")
    world.drain()
    assert "iter(prices)" not in str(model.requests[0].messages)


def test_a_question_in_a_thread_of_ours_is_answered_there(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    world.model = ScriptedModel([{"answer": "Because it passes two arguments.", "evidence": []}])
    asked = world.github.reply(world.github.threads(pull)[0], "@plumbline why is it broken?")
    world.drain()
    (thread,) = world.github.thread_views(pull)
    assert [
        (login, world.page(pull).plain(text)) for login, text in thread.comments[1:]
    ] == snapshot(
        [
            ("bob", "@plumbline why is it broken?"),
            (
                "plumbline[bot]",
                """\
Because it passes two arguments.

This answer could not be checked: it quotes no code.\
""",
            ),
        ]
    )
    assert world.github.reactions(asked) == []


def test_an_answer_that_quotes_nothing_that_stands_says_so(world: World, pull: PullRequest) -> None:
    invented = quote("shop/cart.py", 2, "    return 0")
    world.model = ScriptedModel(
        [{"answer": "The code does not tell.", "evidence": []}, {**ANSWER, "evidence": [invented]}]
    )
    for question in ("who wrote it?", "what does it sum?"):
        world.github.comment(pull, f"@plumbline {question}")
        world.drain()
    assert world.page(pull).comments()[1::2] == snapshot(
        [
            """\
=== plumbline[bot] comments
The code does not tell.

This answer could not be checked: it quotes no code.\
""",
            """\
=== plumbline[bot] comments
It sums an iterator over all prices.

This answer could not be checked: what it quotes does not stand in the code.\
""",
        ]
    )


def test_a_question_in_a_thread_whose_line_is_outdated(world: World, pull: PullRequest) -> None:
    """It is put with the thread, and answered from the code as it is now."""
    world.github.comment_on_line(pull, "shop/cart.py", 2, "Is it faster?", by="alice")
    world.github.push(pull, WRONG_TOTAL)
    world.drain()
    (thread,) = world.github.threads(pull)
    now = {"answer": "No.", "evidence": [quote("shop/cart.py", 2, "    return sum(prices[1:])")]}
    world.model = model = ScriptedModel([now])
    world.github.reply(thread, "@plumbline is it?")
    world.drain()
    assert world.page(pull).whole().partition("=== on ")[2] == snapshot("""\
shop/cart.py:None outdated
--- alice
Is it faster?
--- bob
@plumbline is it?
--- plumbline[bot]
No.

See [`shop/cart.py:2`](https://github.test/acme/shop/blob/HEAD2/shop/cart.py#L2).\
""")
    put = model.requests[0].messages[-2].content.partition("[written on")[2]
    assert put.partition("\n\n[title]")[0] == snapshot("""\
 the last line of]
shop/cart.py
@@ -1,5 +1,5 @@
 def total(prices):
-    return sum(prices)
+    return sum(iter(prices))

[thread]
alice: Is it faster?
bob: @plumbline is it?\
""")


def test_a_mention_in_the_body_of_a_review(world: World, pull: PullRequest) -> None:
    world.github.review(pull, "COMMENT", "Fine by me. @plumbline help", by="bob")
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: Plain checks found nothing; intent not judged: no model
bob reviews
plumbline[bot] comments\
""")
    assert world.github.reactions(pull) == []


def test_several_commands_in_one_comment_are_all_done(world: World, pull: PullRequest) -> None:
    world.github.comment(pull, "@plumbline help\n\n@plumbline review\n\n@plumbline why?")
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: Plain checks found nothing; intent not judged: no model
check of HEAD1 completed neutral: Plain checks found nothing; intent not judged: no model
bob comments [confused] [+1]
plumbline[bot] comments
plumbline[bot] comments
plumbline[bot] comments\
""")


def test_without_write_access_nothing_is_done_and_no_model_is_asked(
    world: World, pull: PullRequest
) -> None:
    world.model = model = rooms()
    since = len(world.github.requests)
    asked = world.github.comment(pull, "@plumbline review", by="mallory")
    world.github.comment(pull, "@plumbline what is the secret?", by="mallory")
    world.drain()
    assert world.github.reactions(asked) == [("plumbline[bot]", "confused")]
    assert (model.requests, world.calls(since)) == snapshot(
        (
            [],
            [
                "GET /repos/acme/shop/collaborators/mallory/permission",
                "GET /repos/acme/shop/pulls/1",
                "GET /repos/acme/shop/pulls/1",
                "GET /repos/acme/.github/contents/.github/plumbline.yml",
                "GET /repos/acme/shop/contents/.github/plumbline.yml",
                "POST /repos/acme/shop/issues/comments/ID/reactions",
                "GET /repos/acme/shop/collaborators/mallory/permission",
                "GET /repos/acme/shop/pulls/1",
                "GET /repos/acme/shop/pulls/1",
                "GET /repos/acme/.github/contents/.github/plumbline.yml",
                "GET /repos/acme/shop/contents/.github/plumbline.yml",
                "POST /repos/acme/shop/issues/comments/ID/reactions",
            ],
        )
    )
    assert len(world.github.comments(pull)) == 2


def test_bots_and_edits_command_nothing(world: World, pull: PullRequest) -> None:
    since = len(world.github.requests)
    world.github.comment(pull, "@plumbline review", by="dependabot[bot]")
    said = world.github.comment(pull, "Looks fine.")
    world.github.edit_comment(said, "@plumbline review")
    world.drain()
    assert world.calls(since) == []


def test_eyes_stand_on_a_comment_until_all_that_it_asked_for_is_done(
    world: World, pull: PullRequest
) -> None:
    asked = world.github.comment(pull, "@plumbline help\n\n@plumbline config")
    seen = []
    for queues in (("acknowledge",), ("mention",), ("publish",)):
        world.drain_now(*queues)
        seen.append([content for _, content in world.github.reactions(asked)])
    assert seen == [["eyes"], ["eyes"], []]


def test_a_mention_is_seen_while_a_review_runs(world: World) -> None:
    seen: list[list[tuple[str, str]]] = []

    def ask(_request: ModelRequest) -> dict[str, Any]:
        asked = world.github.comment(pull, "@plumbline help")
        world.drain_now("acknowledge")
        seen.append(world.github.reactions(asked))
        return NO_DEFECT

    world.model = rooms(hunt=ask)
    pull = world.open(HARMLESS)
    world.drain()
    assert seen == [[("plumbline[bot]", "eyes")]]
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed success: Clean: nothing found
bob comments
plumbline[bot] comments\
""")


def test_a_reply_waits_while_a_review_of_ours_is_pending(world: World) -> None:
    pull = world.open(BREAKS_A_CALLER)
    world.drain_now("acknowledge", "review")
    asked = world.github.comment_on_line(pull, "shop/users.py", 1, "@plumbline help")
    world.github.fail("/reviews/[0-9]+/events$", method="POST", status=503)
    world.drain()
    assert world.failures == snapshot(
        [
            "publish_review attempt 1: GitHubUnavailable: GitHub answered 503 to POST /repos/acme/shop/pulls/1/reviews/1000017/events: Server Error",
            "publish_reply attempt 1: GitHubUnavailable: a review of acme/shop#1 is being posted; the reply waits for it",
            "publish_reply attempt 2: GitHubUnavailable: a review of acme/shop#1 is being posted; the reply waits for it",
        ]
    )
    assert world.github.reactions(asked) == []
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at; intent not judged: no model
plumbline[bot] reviews
on shop/users.py:1
on shop/users.py:1\
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
    assert said_since(world, pull).replace(f"@plumbline {word}", "@plumbline WORD") == snapshot("""\
=== bob comments [confused]
@plumbline WORD

=== plumbline[bot] comments
This was not reviewed: the pull request is closed.\
""")


def test_what_needs_no_review_is_answered_on_a_merged_pull_request(
    world: World, pull: PullRequest
) -> None:
    world.model = ScriptedModel([ANSWER])
    world.github.merge(pull)
    world.github.comment(pull, "@plumbline what was summed?\n\n@plumbline why not shop/cart.py:2")
    world.drain()
    assert said_since(world, pull) == snapshot("""\
=== bob comments
@plumbline what was summed?

@plumbline why not shop/cart.py:2

=== plumbline[bot] comments
It sums an iterator over all prices.

See [`shop/cart.py:2`](https://github.test/acme/shop/blob/HEAD1/shop/cart.py#L2).

=== plumbline[bot] comments
No review had a finding near `shop/cart.py:2`, not even one that was left out.\
""")


def test_a_comment_that_is_taken_back_before_it_was_read_asks_for_nothing(
    world: World, pull: PullRequest
) -> None:
    world.model = model = ScriptedModel([])
    asked = world.github.comment(pull, "@plumbline is this slower?")
    world.github.delete_comment(asked)
    world.drain()
    assert (world.failures, model.requests, world.github.comments(pull)) == ([], [], [])


def test_an_answer_that_finds_no_place_ends_calmly(world: World, pull: PullRequest) -> None:
    """Its thread was deleted meanwhile, or the conversation is locked."""
    for number, status in enumerate((403, 404, 410), start=1):
        path = "/issues/1/comments$" if status == 403 else "/replies$"
        world.github.fail(path, method="POST", status=status)
        if status == 403:
            world.github.comment(pull, "@plumbline help")
        else:
            world.github.comment_on_line(pull, "shop/cart.py", 2, f"@plumbline help {number}")
        world.drain()
    assert world.failures == []
    assert [len(view.comments) for view in world.github.thread_views(pull)] == [1, 1]


def test_a_comment_on_an_issue_is_no_mention(world: World, pull: PullRequest) -> None:
    number = world.github.open_issue(pull.repository, "It is slow", "Sometimes.").number
    since = len(world.github.requests)
    world.github.comment((pull.repository, number), "@plumbline review")
    world.drain()
    assert world.calls(since) == []


def test_each_comment_of_a_review_is_answered_in_its_place(world: World, pull: PullRequest) -> None:
    """The body below the pull request, each comment on a line in its own thread."""
    lines = [("shop/cart.py", 2, "@plumbline help"), ("shop/cart.py", 1, "@plumbline why")]
    world.github.review(pull, "COMMENT", "@plumbline config", lines=lines)
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: Plain checks found nothing; intent not judged: no model
bob reviews
on shop/cart.py:2
on shop/cart.py:1
plumbline[bot] comments\
""")


def test_the_description_of_a_pull_request_asks_for_nothing(world: World) -> None:
    world.open(HARMLESS, body="@plumbline review full\n")
    world.drain()
    assert len(world.github.checks(world.shop().pulls[1])) == 1
