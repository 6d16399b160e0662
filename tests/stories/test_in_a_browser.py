"""The sandbox's page in a real browser: its boxes can do all that a mention can.

Debian's package `chromium` is used where it is; TEST_BROWSER_REQUIRED makes its lack an error.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.conversation import ModelRequest
from bot.domain.mention_parsing import COMMANDS
from sandbox.state.pulls import PullRequest
from tests.fakes.answers import quote, rooms
from tests.fakes.clock import HandClock
from tests.fakes.scripted_model import Reply, ScriptedModel, calls
from tests.stories.chromium import WHERE, Browser
from tests.stories.projects import SKIPS_THE_FIRST, WRONG_TOTAL
from tests.stories.world import World

pytestmark = pytest.mark.skipif(
    WHERE is None and not os.environ.get("TEST_BROWSER_REQUIRED"),
    reason="there is no Chromium here: install Debian's package chromium",
)


@pytest.fixture(name="browser", scope="module")
def _browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    assert WHERE, "TEST_BROWSER_REQUIRED is set: install Debian's package chromium"
    with Browser(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture(name="pull")
def _with_a_finding(world: World) -> PullRequest:
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    pull = world.open(WRONG_TOTAL)
    world.drain()
    return pull


def write(world: World, browser: Browser, pull: PullRequest, box: str, text: str, end: str) -> None:
    """Type into a box, press its button, let the App work, wait for what is then seen."""
    browser.open(f"{world.github.url}/acme/shop/pull/{pull.number}")
    told = len(world.github.deliveries)
    browser.value(
        f"document.querySelectorAll('details').forEach((fold) => (fold.open = true)),"
        f"document.querySelector({json.dumps(box)}).focus()"
    )
    browser.type(text)
    browser.value(f"document.querySelector({json.dumps(box)}).form.querySelector('button').click()")
    world.github.wait_for(lambda: len(world.github.deliveries) > told, what="the comment")
    world.drain()
    browser.wait_until(f"document.body.textContent.includes({json.dumps(end)})")


SEARCH = calls(("search", {"pattern": "total", "at": "head"}))
BELOW = "form.write:not(.small) textarea"
IN_THREAD = "form.write.small textarea"


TYPED_BELOW = {
    "help": "Shows this list.",
    "config": "thresholds.per_pull_request",
    "pause": "Automatic reviews of this pull request are paused.",
    "resume": "are not paused.",
    "stop": "No review of this pull request is running or waiting.",
    "why not shop/cart.py:2": "reaches severity P2 by built-in",
    "explain shop/cart.py:2": "How it was verified",
    "review": "still stands",
    "review full": "still stands",
    "review deep": "still stands",
    "review light": "still stands",
    "review security": "still stands",
    "review shop/**": "still stands",
    "remember Prices are cents for db/**": "Remembered as 1, for",
    "memory": "Nothing is remembered here yet.",
    "forget 1": "Nothing is remembered as 1 here.",
    "reveiw": "Did you mean",
    "resolve": "resolved by plumbline",
}
TYPED_IN_A_THREAD = {
    "explain": "How it was verified",
    "why": "confidence 0.90. At",
    "dismiss: a header": "Remembered as 1, for",
    "reopen": "@plumbline reopen",
    "resolve": "resolved by plumbline",
}


@pytest.mark.parametrize(("text", "end"), TYPED_BELOW.items())
def test_a_comment_below(
    world: World, browser: Browser, pull: PullRequest, text: str, end: str
) -> None:
    write(world, browser, pull, BELOW, f"@plumbline {text}", end)


@pytest.mark.parametrize(("text", "end"), TYPED_IN_A_THREAD.items())
def test_a_reply_in_a_finding_s_thread(
    world: World, browser: Browser, pull: PullRequest, text: str, end: str
) -> None:
    write(world, browser, pull, IN_THREAD, f"@plumbline {text}", end)


def test_every_command_is_typed_here() -> None:
    typed = {text.partition(" ")[0].strip(":") for text in (*TYPED_BELOW, *TYPED_IN_A_THREAD)}
    asked = {form.word for form in COMMANDS if form.verb != "ask"}
    assert asked - typed == set()


def test_what_is_dismissed_is_reopened(world: World, browser: Browser, pull: PullRequest) -> None:
    write(world, browser, pull, IN_THREAD, "@plumbline dismiss: a header", "Dismissed by")
    write(world, browser, pull, IN_THREAD, "@plumbline reopen", "@plumbline reopen")
    browser.open(f"{world.github.url}/acme/shop/pull/{pull.number}")
    text = browser.value("document.querySelector('.reply .markdown').textContent")
    assert "Dismissed by" not in text
    assert not browser.value("Boolean(document.querySelector('details.thread.resolved'))")


def reactions(browser: Browser) -> list[str]:
    """The names of the reactions to the last comment below."""
    shown = "[...[...document.querySelectorAll('article.said')].at(-1)"
    return list(browser.value(f"{shown}.querySelectorAll('.reactions span')].map((s) => s.title)"))


def test_it_is_seen_at_once_and_the_reaction_tells_how_it_ended(
    world: World, browser: Browser, pull: PullRequest
) -> None:
    address = f"{world.github.url}/acme/shop/pull/{pull.number}"
    shown = []
    world.github.comment(pull, "@plumbline resolve")
    for queues in (("acknowledge",), ("command",)):
        world.drain_now(*queues)
        browser.open(address)
        shown.append(reactions(browser))
    world.github.comment(pull, "@plumbline review", by="mallory")
    world.drain()
    browser.open(address)
    shown.append(reactions(browser))
    assert shown == [["eyes"], ["+1"], ["confused"]]


def test_a_long_answer_grows_in_one_comment(
    world: World, browser: Browser, pull: PullRequest
) -> None:
    clock = HandClock()
    world.app = replace(world.app, jobs=replace(world.app.jobs, clock=clock))
    address = f"{world.github.url}/acme/shop/pull/{pull.number}"
    comments = "[...document.querySelectorAll('article.said .markdown')].map((s) => s.innerText)"
    shown: list[list[str]] = []

    def look(_request: ModelRequest) -> dict[str, Any]:
        clock.go_on(9)
        browser.open(address)
        shown.append(browser.value(comments)[-2:])
        return {"answer": "It sums all but one.", "evidence": []}

    def answer(request: ModelRequest) -> Reply:
        return look(request) if len(model.requests) > 1 else SEARCH

    world.model = model = ScriptedModel(answer)
    write(world, browser, pull, BELOW, "@plumbline what does it sum?", "It sums all but one.")
    shown.append(browser.value(comments)[-2:])
    asked = "@plumbline what does it sum?"
    assert shown == [
        [
            asked,
            "Asking the model, 8 s so far (1 look at the code, the last: searching)."
            " The answer will stand here.",
        ],
        [asked, "It sums all but one.\n\nThis answer could not be checked: it quotes no code."],
    ]


def test_a_question_and_a_dispute(world: World, browser: Browser, pull: PullRequest) -> None:
    count = quote("shop/cart.py", 6, "    return len(prices)")
    world.model = ScriptedModel(
        [
            {"answer": "It sums all but one.", "evidence": [count]},
            {
                "stance": "contradicts",
                "verdict": "withdraw",
                "why": "So it is.",
                "evidence": [count],
            },
        ]
    )
    write(world, browser, pull, BELOW, "@plumbline what does it sum?", "It sums all but one.")
    write(world, browser, pull, IN_THREAD, "Wrong, it is a header.", "Right, this is withdrawn.")


def press(world: World, browser: Browser, pull: PullRequest, title: str, end: str) -> None:
    """Press a button by its words or title, let the App work, wait for what is then seen."""
    browser.open(f"{world.github.url}/acme/shop/pull/{pull.number}")
    before = world.github.world.revision
    named = f"(one) => [one.title, one.textContent].includes({json.dumps(title)})"
    browser.value(f"[...document.querySelectorAll('form.write button')].find({named}).click()")
    world.github.wait_for(lambda: world.github.world.revision > before, what=f"{title!r}")
    world.drain()
    browser.wait_until(f"document.body.textContent.includes({json.dumps(end)})")


def test_what_becomes_of_a_finding(world: World, browser: Browser, pull: PullRequest) -> None:
    """Thumbed up, its thread closed, and the pull request merged, all by buttons."""
    press(world, browser, pull, "This was right", "👍 1")
    press(world, browser, pull, "Resolve", "resolved by")
    press(world, browser, pull, "Merge", "Merged")
    (outcome,) = world.app.jobs.looking.outcomes.known(world.ref(pull))
    signals = {n for n in outcome.signals.__slots__ if getattr(outcome.signals, n) is not None}
    assert (outcome.became, signals) == ("liked", {"liked", "resolved", "merged"})
