"""A model that does not answer holds every worker that asks one: what needs none goes on."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.github.words import notices
from bot.webhook.app import WEBHOOK_PATH
from sandbox import Sandbox
from sandbox.state.pulls import PullRequest
from tests.fakes.openai_server import Call, OpenAIServer, Reply, says
from tests.fakes.valkey import until
from tests.queue.served import Served, answers, free_port
from tests.stories.projects import HARMLESS, SHOP, WRONG_TOTAL

_NOTHING_FOUND: dict[str, list[object]] = {
    "defects": [],
    "sites": [],
    "promises": [],
    "unasked": [],
    "results": [],
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The App as `plumbline serve --workers 1` runs it. Models answer once `lets_go` is set."""

    github: Sandbox
    model: OpenAIServer
    lets_go: threading.Event

    def opens(self, branch: str, files: dict[str, str]) -> PullRequest:
        """One more pull request of the shop."""
        shop = self.github.world.repositories.find("acme/shop")
        shop = shop or self.github.create_repository("acme/shop", SHOP)
        return self.github.open_pull_request(shop, branch, files, "Faster", "The total stays.")

    def asked(self, words: str) -> bool:
        """Whether a model was asked something that holds these words."""
        return any(words in json.dumps(call.body) for call in self.model.calls)

    def held(self) -> bool:
        """Whether a review and a question wait for the model: all workers that may ask it do."""
        return self.asked("what does it sum?") and len(self.model.calls) >= 2

    def said(self, pull: PullRequest) -> list[str]:
        """The first line of each comment below the pull request."""
        comments = self.github.comments(pull)
        return [comment.body.partition("\n")[0] for comment in comments]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    port, lets_go = free_port(), threading.Event()

    def held_back(call: Call) -> Reply:
        question = "what does it sum?" in json.dumps(call.body)
        answer = {"answer": "All prices.", "evidence": []} if question else _NOTHING_FOUND
        return replace(says(json.dumps(answer)), after=lets_go)

    with ExitStack() as stack:
        model = stack.enter_context(OpenAIServer(held_back))
        stack.callback(lets_go.set)  # before the server is stopped, which waits for its answers
        address = f"http://127.0.0.1:{port}{WEBHOOK_PATH}"
        github = stack.enter_context(Sandbox(webhook_url=address, webhook_secret="not a secret"))
        served = Served(
            tmp_path,
            ["serve", "--port", str(port), "--workers", "1", "--grace", "1"],
            PLUMBLINE_GITHUB_APP_ID=str(github.app.id),
            PLUMBLINE_GITHUB_PRIVATE_KEY=github.app.private_key,
            PLUMBLINE_WEBHOOK_SECRET="not a secret",
            PLUMBLINE_GITHUB_API_URL=github.url,
            PLUMBLINE_GITHUB_GIT_URL=github.url,
            PLUMBLINE_MODEL="slow",
            OPENAI_BASE_URL=model.url,
            OPENAI_API_KEY="none",
        )
        stack.callback(served.process.wait)
        stack.callback(served.process.terminate)
        until(lambda: answers(port), seconds=60)
        yield Stage(github, model, lets_go)


def test_people_are_heard_and_obeyed_and_checks_begin_while_every_model_call_hangs(
    stage: Stage,
) -> None:
    reviewed = stage.opens("total", WRONG_TOTAL)
    until(lambda: bool(stage.model.calls), seconds=60)
    stage.github.comment(reviewed, "@plumbline what does it sum?")
    until(stage.held, seconds=60)

    stage.github.comment(reviewed, "@plumbline stop")
    stage.github.comment(reviewed, "@plumbline help")
    opened = stage.opens("count", HARMLESS)
    question = stage.github.comment(opened, "@plumbline is it lazy?")

    until(lambda: notices.stopped() in stage.said(reviewed), seconds=60)
    until(lambda: "| write | and this happens |" in stage.said(reviewed), seconds=60)
    until(lambda: [each.status for each in stage.github.checks(opened)] == ["queued"], seconds=60)
    until(lambda: ("plumbline[bot]", "eyes") in stage.github.reactions(question), seconds=60)
    assert not stage.lets_go.is_set()
    assert not stage.asked("is it lazy?")

    stage.lets_go.set()
    until(lambda: _state(stage, reviewed) == "completed cancelled", seconds=60)
    until(lambda: any(said.startswith("All prices.") for said in stage.said(reviewed)), seconds=60)


def _state(stage: Stage, pull: PullRequest) -> str:
    with suppress(IndexError):
        check = stage.github.checks(pull)[-1]
        return f"{check.status} {check.conclusion}"
    return ""
