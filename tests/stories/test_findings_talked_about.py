"""A finding's thread: explained from the record, struck out, resolved, reopened."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from sandbox.state.comments import ReviewComment
from sandbox.state.pulls import PullRequest
from tests.fakes.answers import checked, quote, rooms
from tests.fakes.scripted_model import ScriptedModel
from tests.stories.projects import COUNTS_ONE_LESS, SHOP, SKIPS_THE_FIRST, WRONG_BOTH, WRONG_TOTAL
from tests.stories.world import World

MORE = {"README.md": "More words.\n"}


@pytest.fixture(name="pull")
def _with_a_finding(world: World) -> PullRequest:
    """A pull request on which a model found one defect and posted it."""
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    opened = world.open(WRONG_TOTAL)
    world.drain()
    return opened


def says(world: World, pull: PullRequest, text: str, by: str = "bob") -> ReviewComment:
    """Somebody answers in the finding's thread, and all work is done."""
    said = world.github.reply(world.github.threads(pull)[0], text, by=by)
    world.drain()
    return said


def thread(world: World, pull: PullRequest) -> str:
    """The finding's thread as people see it, whole."""
    (view,) = world.github.thread_views(pull)
    state = "resolved" if view.resolved else "open"
    texts = [f"--- {login}\n{world.page(pull).plain(text)}" for login, text in view.comments]
    return "\n".join([state, *texts])


def test_a_finding_is_explained_from_the_record(world: World, pull: PullRequest) -> None:
    world.model = model = ScriptedModel([])
    asked = says(world, pull, "@plumbline explain")
    assert thread(world, pull).partition("--- bob\n")[2] == snapshot("""\
@plumbline explain
--- plumbline[bot]
How it was verified: a second look tried to refute it. read it\
""")
    assert (world.github.reactions(asked), model.requests) == ([], [])


def test_this_is_the_finding_in_its_own_thread(world: World, pull: PullRequest) -> None:
    world.model = model = ScriptedModel([])
    for words in ("explain this", "why is this here?", "why was this posted?"):
        says(world, pull, f"@plumbline {words}")
    assert thread(world, pull).partition("--- bob\n")[2] == snapshot("""\
@plumbline explain this
--- plumbline[bot]
How it was verified: a second look tried to refute it. read it
--- bob
@plumbline why is this here?
--- plumbline[bot]
This is P1, correctness, confidence 0.90. At `HEAD1` it was posted: reaches severity P2 by built-in, confidence 0.7 by built-in.
--- bob
@plumbline why was this posted?
--- plumbline[bot]
This is P1, correctness, confidence 0.90. At `HEAD1` it was posted: reaches severity P2 by built-in, confidence 0.7 by built-in.\
""")
    assert model.requests == []


def test_in_a_thread_of_people_this_is_their_line(world: World, pull: PullRequest) -> None:
    counts = quote("shop/cart.py", 6, "    return len(prices)")
    world.model = model = ScriptedModel([{"answer": "It counts.", "evidence": [counts]}])
    mine = world.github.comment_on_line(pull, "shop/cart.py", 5, "Look here.", by="alice")
    world.github.reply(mine, "@plumbline explain this", by="bob")
    world.drain()
    assert [request.purpose for request in model.requests] == ["answer a question"]


def test_the_author_without_write_access_is_told_what_is_on_record(world: World) -> None:
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    pull = world.open(WRONG_TOTAL, author="mallory", fork=True)
    world.drain()
    world.model = model = ScriptedModel([])
    says(world, pull, "@plumbline explain this please", by="mallory")
    assert thread(world, pull).partition("--- mallory\n")[2] == snapshot("""\
@plumbline explain this please
--- plumbline[bot]
How it was verified: a second look tried to refute it. read it\
""")
    assert model.requests == []


def test_outside_of_its_thread_a_finding_is_explained_whole(
    world: World, pull: PullRequest
) -> None:
    world.github.comment(pull, "@plumbline explain shop/cart.py:2")
    world.drain()
    assert world.page(pull).comments()[-1] == snapshot("""\
=== plumbline[bot] comments
**P1: The total leaves out the first price**

`prices[1:]` drops the first price, so every total is too low.

**Fix:** Sum all of `prices`.

When: a cart with one price.

[`shop/cart.py:2`](https://github.test/acme/shop/blob/HEAD1/shop/cart.py#L2) at `HEAD1`

```suggestion
    return sum(prices)
```

<sub>Found by reading the code without the description, then verified at confidence 0.90.</sub>

How it was verified: a second look tried to refute it. read it\
""")


def test_proofs_that_the_comment_only_links_are_explained_with_their_code(world: World) -> None:
    rows = WRONG_TOTAL["shop/cart.py"].split("\n")
    proofs = [quote("shop/cart.py", at + 1, row) for at, row in enumerate(rows) if row]
    views = SHOP["shop/views.py"].split("\n")
    proofs += [quote("shop/views.py", at + 1, row) for at, row in enumerate(views) if row]
    world.model = rooms(hunt={"defects": [{**SKIPS_THE_FIRST, "evidence": proofs}], "sites": []})
    pull = world.open(WRONG_TOTAL)
    world.drain()
    says(world, pull, "@plumbline explain")
    assert thread(world, pull).partition("--- bob\n")[2] == snapshot("""\
@plumbline explain
--- plumbline[bot]
How it was verified: a second look tried to refute it. read it

[`shop/views.py:4`](https://github.test/acme/shop/blob/HEAD1/shop/views.py#L4) at `HEAD1`
```
def show():
```

[`shop/views.py:5`](https://github.test/acme/shop/blob/HEAD1/shop/views.py#L5) at `HEAD1`
```
    return find_user(1, 2)
```\
""")


def test_a_finding_is_named_by_its_place(world: World, pull: PullRequest) -> None:
    world.github.comment(pull, "@plumbline why `shop/cart.py:2`")
    world.github.comment(pull, "@plumbline explain shop/cart.py:70")
    world.github.comment(pull, "@plumbline explain")
    world.drain()
    assert "\n\n".join(world.page(pull).comments()) == snapshot("""\
=== bob comments
@plumbline why `shop/cart.py:2`

=== bob comments
@plumbline explain shop/cart.py:70

=== bob comments [confused]
@plumbline explain

=== plumbline[bot] comments
| finding | place | at | what became of it | why |
|---|---|---|---|---|
| P1: The total leaves out the first price | `shop/cart.py:2` | `HEAD1` | posted | reaches severity P2 by built-in, confidence 0.7 by built-in |

=== plumbline[bot] comments
No review had a finding near `shop/cart.py:70`, not even one that was left out.

=== plumbline[bot] comments
Write this in the thread of a finding, or name a place: `@plumbline explain path:line`.\
""")


def test_why_it_was_posted(world: World, pull: PullRequest) -> None:
    says(world, pull, "@plumbline why")
    assert thread(world, pull).partition("--- bob\n")[2] == snapshot("""\
@plumbline why
--- plumbline[bot]
This is P1, correctness, confidence 0.90. At `HEAD1` it was posted: reaches severity P2 by built-in, confidence 0.7 by built-in.\
""")


def test_why_a_place_has_no_comment(world: World) -> None:
    world.model = rooms(
        hunt={"defects": [SKIPS_THE_FIRST, COUNTS_ONE_LESS], "sites": []},
        verify={"results": [checked(1), checked(2, "refuted", why="No caller counts prices.")]},
    )
    pull = world.open(WRONG_BOTH)
    world.drain()
    world.github.comment(pull, "@plumbline why not shop/cart.py:6?")
    world.drain()
    assert "\n\n".join(world.page(pull).comments()) == snapshot("""\
=== bob comments
@plumbline why not shop/cart.py:6?

=== plumbline[bot] comments
| finding | place | at | what became of it | why |
|---|---|---|---|---|
| P1: The count is one too low | `shop/cart.py:6` | `HEAD1` | refuted | No caller counts prices. |\
""")


def test_a_dismissed_finding_is_struck_out_and_never_raised_again(
    world: World, pull: PullRequest
) -> None:
    said = says(world, pull, "@plumbline dismiss: the first price is a header")
    assert thread(world, pull) == snapshot("""\
resolved
--- plumbline[bot]
~~**P1: The total leaves out the first price**~~

**Dismissed by bob.** the first price is a header

<sub>Remembered as 1, for `/shop/cart.py` (correctness). `@plumbline forget 1` ends it.</sub>

<details><summary>What was said</summary>

**P1: The total leaves out the first price**

`prices[1:]` drops the first price, so every total is too low.

**Fix:** Sum all of `prices`.

When: a cart with one price.

[`shop/cart.py:2`](https://github.test/acme/shop/blob/HEAD1/shop/cart.py#L2) at `HEAD1`

```suggestion
    return sum(prices)
```

<sub>Found by reading the code without the description, then verified at confidence 0.90.</sub>

</details>
--- bob
@plumbline dismiss: the first price is a header\
""")
    assert world.github.reactions(said) == [("plumbline[bot]", "+1")]

    world.github.push(pull, MORE)
    world.drain()
    world.github.comment(pull, "@plumbline review full")
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed neutral: 1 finding to look at
check of HEAD2 completed success: Clean: nothing found
check of HEAD2 completed success: Clean: nothing found
plumbline[bot] reviews
on shop/cart.py:2 resolved
bob comments [+1]
plumbline[bot] comments\
""")
    assert len(world.github.thread_views(pull)) == 1


def test_a_dismissal_is_taken_back(world: World, pull: PullRequest) -> None:
    before = thread(world, pull)
    says(world, pull, "@plumbline dismiss")
    assert thread(world, pull).partition("<details>")[0] == snapshot("""\
resolved
--- plumbline[bot]
~~**P1: The total leaves out the first price**~~

**Dismissed by bob.**

""")
    says(world, pull, "@plumbline reopen")
    assert thread(world, pull).startswith(before)
    world.github.push(pull, MORE)
    world.drain()
    assert world.page(pull).checks()[-1].partition("\n")[0] == snapshot(
        "=== check of HEAD2 completed neutral: 1 finding still stands"
    )


def test_resolving_in_a_thread_and_everywhere(world: World) -> None:
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST, COUNTS_ONE_LESS], "sites": []})
    pull = world.open(WRONG_BOTH)
    world.drain()
    said = says(world, pull, "@plumbline resolve")
    assert [view.resolved for view in world.github.thread_views(pull)] == [True, False]
    assert world.github.reactions(said)[-1] == ("plumbline[bot]", "+1")
    world.github.comment(pull, "@plumbline resolve, thanks")
    world.drain()
    assert [view.resolved for view in world.github.thread_views(pull)] == [True, True]


@pytest.mark.parametrize("word", ["dismiss", "reopen", "explain", "why"])
def test_a_command_about_a_finding_outside_of_its_thread(
    world: World, pull: PullRequest, word: str
) -> None:
    asked = world.github.comment_on_line(pull, "shop/cart.py", 5, "Mine.", by="bob")
    asked = world.github.reply(asked, f"@plumbline {word}")
    world.drain()
    assert world.github.reactions(asked)[-1] == ("plumbline[bot]", "confused")
    place = (
        f", or name a place: `@plumbline {word} path:line`" if word in ("explain", "why") else ""
    )
    answer = world.github.thread_views(pull)[1].comments[-1][1]
    assert world.page(pull).plain(answer) == f"Write this in the thread of a finding{place}."


def test_a_question_in_a_finding_s_thread_is_put_with_the_finding_and_the_thread(
    world: World, pull: PullRequest
) -> None:
    says(world, pull, "@bob The cart is ours.", by="alice")  # to bob, so nobody looks into it
    answer = {
        "answer": "Line 2 drops it.",
        "evidence": [quote("shop/cart.py", 2, "    return sum(prices[1:])")],
    }
    world.model = model = ScriptedModel([answer])
    says(world, pull, "@plumbline where is it dropped?")
    put = model.requests[0].messages[-2].content
    assert "[finding of this thread]\nP1, correctness: The total leaves out the first price" in put
    assert "[thread]\nalice: @bob The cart is ours.\nbob: @plumbline where is it dropped?" in put


def test_a_question_in_a_finding_s_thread_is_answered_after_a_push_too(
    world: World, pull: PullRequest
) -> None:
    world.github.push(pull, {"README.md": "# Shop\n"})
    world.drain()
    answer = {"answer": "Yes.", "evidence": [quote("README.md", 1, "# Shop")]}
    world.model = model = ScriptedModel([answer])
    says(world, pull, "@plumbline does this still hold?")
    put = model.requests[0].messages[-2].content
    assert "[finding of this thread]\nP1, correctness: The total leaves out the first price" in put
    assert "it was pushed since, and the head is" in put
