"""People talk to the bot where they work."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

from typing import Any

from inline_snapshot import snapshot

from bot.domain.conversation import ModelRequest
from sandbox.state.pulls import PullRequest
from tests.fakes.answers import NO_DEFECT, quote, rooms
from tests.fakes.scripted_model import ScriptedModel
from tests.stories.projects import BREAKS_A_CALLER, HARMLESS
from tests.stories.world import World

ANSWER = {
    "answer": "It sums an iterator over all prices.",
    "evidence": [quote("shop/cart.py", 2, "    return sum(iter(prices))")],
}


def test_help(world: World, pull: PullRequest) -> None:
    world.github.comment(pull, "@plumbline help")
    world.drain()
    assert world.page(pull).after_the_first_check() == snapshot("""\
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


def test_a_mistyped_command_is_pointed_out(world: World, pull: PullRequest) -> None:
    world.github.comment(pull, "@plumbline reveiw deep")
    world.drain()
    assert world.page(pull).after_the_first_check() == snapshot("""\
=== bob comments [confused]
@plumbline reveiw deep

=== plumbline[bot] comments
Did you mean `@plumbline review`?\
""")


def test_a_refused_reaction_costs_no_answer(world: World, pull: PullRequest) -> None:
    world.github.fail("/reactions$", status=403, times=None)
    world.github.comment(pull, "@plumbline is this slower?")
    world.drain()
    assert world.page(pull).after_the_first_check() == snapshot("""\
=== bob comments
@plumbline is this slower?

=== plumbline[bot] comments
No model is configured here, so questions cannot be answered. Plain checks still run.\
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
    for queues in (("acknowledge",), ("command",), ("publish",)):
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


def test_what_needs_no_review_is_answered_on_a_merged_pull_request(
    world: World, pull: PullRequest
) -> None:
    world.model = ScriptedModel([ANSWER])
    world.github.merge(pull)
    world.github.comment(pull, "@plumbline what was summed?\n\n@plumbline why not shop/cart.py:2")
    world.drain()
    assert world.page(pull).after_the_first_check() == snapshot("""\
=== bob comments
@plumbline what was summed?

@plumbline why not shop/cart.py:2

=== plumbline[bot] comments
No review had a finding near `shop/cart.py:2`, not even one that was left out.

=== plumbline[bot] comments
It sums an iterator over all prices.

See [`shop/cart.py:2`](https://github.test/acme/shop/blob/HEAD1/shop/cart.py#L2).\
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
