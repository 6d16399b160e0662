"""The sandbox's page in a real browser: its boxes can do all that a mention can.

Debian's package `chromium` is used where it is; TEST_BROWSER_REQUIRED makes its lack an error.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest

from sandbox.state.pulls import PullRequest
from tests.fakes.answers import quote, rooms
from tests.fakes.scripted_model import ScriptedModel
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


BELOW = "form.write:not(.small) textarea"
IN_THREAD = "form.write.small textarea"


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("@plumbline help", "Shows this list."),
        ("@plumbline config", "thresholds.per_pull_request"),
        ("@plumbline pause", "Automatic reviews of this pull request are paused."),
        ("@plumbline resume", "are not paused."),
        ("@plumbline stop", "No review of this pull request is running now."),
        ("@plumbline why not shop/cart.py:2", "reaches severity P1 by built-in"),
        ("@plumbline explain shop/cart.py:2", "How it was verified"),
        ("@plumbline review full", "still stands"),
        ("@plumbline reveiw", "Did you mean"),
        ("@plumbline resolve", "resolved by plumbline"),
    ],
)
def test_a_comment_below(
    world: World, browser: Browser, pull: PullRequest, text: str, end: str
) -> None:
    write(world, browser, pull, BELOW, text, end)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("@plumbline explain", "How it was verified"),
        ("@plumbline why", "confidence 0.90. At"),
        ("@plumbline dismiss: a header", "Dismissed by"),
        ("@plumbline resolve", "resolved by plumbline"),
    ],
)
def test_a_reply_in_a_finding_s_thread(
    world: World, browser: Browser, pull: PullRequest, text: str, end: str
) -> None:
    write(world, browser, pull, IN_THREAD, text, end)


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
