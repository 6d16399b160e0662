"""Questions about a change are answered from its code, where they were asked."""

from __future__ import annotations

from inline_snapshot import snapshot

from sandbox.state.pulls import PullRequest
from tests.fakes.answers import quote
from tests.fakes.scripted_model import ScriptedModel
from tests.stories.projects import BREAKS_A_CALLER, HARMLESS, WRONG_TOTAL
from tests.stories.world import World

ANSWER = {
    "answer": "It sums an iterator over all prices.",
    "evidence": [quote("shop/cart.py", 2, "    return sum(iter(prices))")],
}


def test_a_question_is_answered_from_the_code(world: World, pull: PullRequest) -> None:
    world.model = model = ScriptedModel([ANSWER])
    world.github.comment(pull, "@plumbline does this still sum all prices?")
    world.drain()
    assert world.page(pull).after_the_first_check() == snapshot("""\
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
    assert world.page(pull).after_the_first_check() == snapshot("""\
=== bob comments [confused]
@plumbline why?

=== plumbline[bot] comments
Write this in the thread of a finding, or name a place: `@plumbline why path:line`.\
""")


def test_a_question_on_a_line_is_answered_in_its_thread(world: World, pull: PullRequest) -> None:
    world.model = ScriptedModel([ANSWER])
    asked = world.github.comment_on_line(pull, "shop/cart.py", 2, "@plumbline is this slower?")
    world.drain()
    assert world.page(pull).after_the_first_check() == snapshot("""\
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
