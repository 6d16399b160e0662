"""A policy lets people without write access ask for more, and they cannot ask for much."""

from __future__ import annotations

import pytest

from sandbox.state.comments import IssueComment
from sandbox.state.pulls import PullRequest
from tests.fakes.answers import quote, rooms
from tests.fakes.scripted_model import ScriptedModel
from tests.stories.projects import HARMLESS, SKIPS_THE_FIRST, WRONG_TOTAL
from tests.stories.world import World

ANSWER = {"answer": "All of them.", "evidence": [quote("shop/cart.py", 2, "iter(prices)")]}
DONE: list[tuple[str, str]] = []
REFUSED = [("plumbline[bot]", "confused")]


def allowing(world: World, allow: str, author: str = "bob") -> PullRequest:
    """A pull request of a repository with this policy, reviewed without a model."""
    world.shop({".github/plumbline.yml": f"version: 1\nmentions: {{allow: {allow}}}\n"})
    pull = world.open(HARMLESS, author=author, fork=author != "bob")
    world.drain()
    return pull


def asks(world: World, pull: PullRequest, text: str, by: str) -> IssueComment:
    asked = world.github.comment(pull, text, by=by)
    world.drain()
    return asked


@pytest.mark.parametrize(
    ("who", "author", "trevor", "mallory"),
    [
        ("write", REFUSED, REFUSED, REFUSED),
        ("author", DONE, REFUSED, REFUSED),
        ("triage", DONE, DONE, REFUSED),
        ("read", DONE, DONE, DONE),
    ],
)
def test_each_setting_allows_those_before_it_too(
    world: World,
    who: str,
    author: list[tuple[str, str]],
    trevor: list[tuple[str, str]],
    mallory: list[tuple[str, str]],
) -> None:
    pull = allowing(world, f"{{ask: {who}}}", author="ann")
    world.github.set_role("acme/shop", "trevor", "triage")
    world.model = ScriptedModel([ANSWER] * 3)
    felt = [
        world.github.reactions(asks(world, pull, "@plumbline what is summed?", by=login))
        for login in ("ann", "trevor", "mallory")
    ]
    assert felt == [author, trevor, mallory]


def test_who_opened_the_pull_request_hears_what_is_open_to_them(world: World) -> None:
    pull = allowing(world, "{}", author="ann")
    world.model = model = ScriptedModel([])
    asked = asks(world, pull, "@plumbline what is summed?", by="ann")
    assert (world.github.reactions(asked), model.requests) == (REFUSED, [])
    assert world.page(pull).comments()[1:] == [
        "=== plumbline[bot] comments\n"
        "This needs write access. As you opened this pull request, `explain`, `why`, `config` and"
        " `help` are open to you, and you may dispute a finding in its thread."
    ]


def test_only_what_is_named_is_allowed(world: World) -> None:
    pull = allowing(world, "{review: read}")
    world.model = model = rooms()
    refused = asks(world, pull, "@plumbline what is the secret?", by="mallory")
    assert (world.github.reactions(refused), model.requests) == (REFUSED, [])
    asked = asks(world, pull, "@plumbline review full", by="mallory")
    assert world.github.reactions(asked)[-1] == ("plumbline[bot]", "+1")
    assert model.requests != []


def test_the_head_cannot_allow_itself_anything(world: World) -> None:
    """The file counts at the tip of the base branch."""
    own = {".github/plumbline.yml": "version: 1\nmentions: {allow: {review: read}}\n"}
    world.shop()
    pull = world.open({**HARMLESS, **own}, author="mallory", fork=True)
    world.drain()
    asked = asks(world, pull, "@plumbline review", by="mallory")
    assert world.github.reactions(asked) == REFUSED


def test_a_file_with_a_problem_allows_nothing(world: World) -> None:
    pull = allowing(world, "{review: read, ask: anybody}")
    asked = asks(world, pull, "@plumbline review", by="mallory")
    assert world.github.reactions(asked) == REFUSED


def test_anybody_may_dispute_where_the_policy_says_so(world: World) -> None:
    world.shop({".github/plumbline.yml": "version: 1\nmentions: {allow: {dispute: read}}\n"})
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    pull = world.open(WRONG_TOTAL)
    world.drain()
    counts = quote("shop/cart.py", 6, "    return len(prices)")
    looked = {"stance": "contradicts", "verdict": "withdraw", "why": "So.", "evidence": [counts]}
    world.model = ScriptedModel([looked])
    world.github.reply(world.github.threads(pull)[0], "Wrong, it is a header.", by="mallory")
    world.drain()
    assert world.github.thread_views(pull)[0].resolved


def test_a_guest_who_is_allowed_much_is_allowed_little_of_it(world: World) -> None:
    pull = allowing(world, "{help: read}")
    for _ in range(8):
        world.github.comment(pull, "@plumbline help", by="mallory")
    world.drain()
    said = [one.body.partition("\n")[0] for one in world.github.comments(pull)]
    assert sorted(text for text in said if not text.startswith("@plumbline")) == [
        "Too much was asked for within an hour; this was not done. Ask again later.",
        *["| write | and this happens |"] * 5,
    ]


def test_a_flood_of_strangers_leaves_the_hour_s_writes_to_others(world: World) -> None:
    """Each reaction is one of the writes that GitHub allows an installation."""
    pull = allowing(world, "{help: author}")
    for login in ("mallory", "eve"):
        for _ in range(8):
            world.github.comment(pull, "@plumbline review", by=login)
    since = len(world.github.requests)
    world.drain()
    written = [call for call in world.calls(since) if call.startswith("POST /repos")]
    assert len(written) == 2 * (5 + 1)
    asked = asks(world, pull, "@plumbline help", by="bob")
    assert world.github.reactions(asked) == DONE


def test_thanks_of_anybody_get_no_shrug(world: World) -> None:
    pull = allowing(world, "{help: author}")
    world.model = model = rooms()
    assert world.github.reactions(asks(world, pull, "Thanks @plumbline!", by="mallory")) == []
    felt = world.github.reactions(asks(world, pull, "@plumbline nice catch", by="bob"))
    assert felt == [("plumbline[bot]", "+1")]
    assert (model.requests, len(world.github.comments(pull))) == ([], 2)
