"""One pull request on a GitHub on this machine, and a model that does as the attacker says.

Everything between is the real thing: REST, GraphQL and git over HTTP, the pipeline, the model's
client, the database of records, the publisher.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.jobs import Trigger
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.github.connect import GitHub, Pauses, connect_app
from bot.github.transport import TransportOptions
from bot.settings import GitHubSettings, ModelSettings
from bot.store.database import open_database
from bot.store.records import SqlRecords
from sandbox import Sandbox
from sandbox.git.files import Files
from sandbox.state.pulls import PullRequest
from tests.fakes.openai_server import Call, OpenAIServer, Reply, calls_tool, says
from tests.fakes.watch import ScriptedWatch
from workers.model.client import OpenAIModel
from workers.pipeline import Deps, Reviewed, ReviewRequest, review_pull_request
from workers.repository.clones.bare_clones import BareClones

API_KEY = "sk-operators-own-" + "k" * 30
Defects = Callable[[], list[dict[str, Any]]]


@dataclass(slots=True)
class Scene:
    """The pull request, the App connected to its GitHub, and where its data lies."""

    sandbox: Sandbox
    pull: PullRequest
    github: GitHub
    data: Path

    @property
    def ref(self) -> PullRef:
        """As jobs name it."""
        repository = self.pull.repository
        installation = InstallationId(self.sandbox.installation("acme").id)
        known = RepositoryRef(RepositoryId(repository.id), repository.full_name, installation)
        return PullRef(known, self.pull.number)

    def reviewed(self, server: OpenAIServer, **request: Any) -> Reviewed:  # noqa: ANN401
        """Review with the model of this server, and post."""
        database = open_database("", self.data)
        model = OpenAIModel(settings_of(server), sleep=lambda _: None)
        try:
            world = Deps(
                self.github.pulls,
                BareClones(self.data, self.sandbox.url, self.github.fetch_token),
                model,
                SqlRecords(database),
                ScriptedWatch(),
            )
            done = review_pull_request(ReviewRequest(self.ref, Trigger("event"), **request), world)
        finally:
            model.close()
            database.close()
        self.github.publisher.publish(self.ref, done.review, done.key, attempt=1)
        return done

    def posted(self) -> list[str]:
        """Every text that stands on GitHub in our name: bodies, comments, checks."""
        texts = [review.body for review in self.sandbox.reviews(self.pull)]
        texts += [
            text for view in self.sandbox.thread_views(self.pull) for _, text in view.comments
        ]
        for check in self.sandbox.checks(self.pull):
            texts += [str(value) for value in check.output.values() if value]
        return texts

    def writes(self) -> set[tuple[str, str, int]]:
        """(method, path with numbers as N, status) of each request that changes something."""
        return {
            (record.method, _numberless(record.path), record.status)
            for record in self.sandbox.writes
        }

    def stored(self) -> bytes:
        """All bytes of the database of records."""
        return b"".join(path.read_bytes() for path in sorted(self.data.glob("records.sqlite*")))


def settings_of(server: OpenAIServer) -> ModelSettings:
    """As an operator would give them."""
    return ModelSettings(model="m", base_url=server.url, api_key=API_KEY)


@contextmanager
def scene(
    folder: Path, base: Files, head: Files, title: str = "A change", body: str = ""
) -> Iterator[Scene]:
    """A pull request that lays `head` over `base`."""
    with Sandbox() as sandbox:
        repository = sandbox.create_repository("acme/shop", base)
        pull = sandbox.open_pull_request(
            repository, "topic", head, title, body, author="mallory", fork=True
        )
        settings = GitHubSettings(
            app_id=sandbox.app.id,
            private_key=sandbox.app.private_key,
            api_url=sandbox.url,
            git_url=sandbox.url,
        )
        options = TransportOptions(
            api_url=sandbox.url, seconds_between_requests=0, seconds_between_writes=0
        )
        github = connect_app(settings, options=options, pauses=Pauses(sleep=lambda _: None))
        yield Scene(sandbox, pull, github, folder)


def hijacked(
    defects: list[dict[str, Any]],
    promises: list[dict[str, Any]] | None = None,
    unasked: list[dict[str, Any]] | None = None,
    verdict: Mapping[str, Any] | None = None,
    tools: Sequence[tuple[str, Mapping[str, Any]]] | None = None,
) -> Callable[[Call], Reply]:
    """A model that says these things in each room, and confirms whatever it is asked to refute.

    `tools` are called, one a round, before the hunt is answered.
    """
    wanted = list(tools or ())
    sure = {"verdict": "confirmed", "confidence": 1.0, "severity": "P0", "same_as": None}

    def script(call: Call) -> Reply:
        text = "\n".join(str(message.get("content")) for message in call.body["messages"])
        if wanted and "tools" in call.body and not _room(text):
            return calls_tool(*wanted.pop(0))
        return says(json.dumps(answer(text)), prompt=len(text) // 4)

    def answer(text: str) -> Mapping[str, Any]:
        if _room(text) == "verify":
            put = sum(row.startswith("## ") for row in text.split("\n"))
            words = {"checked": "c", "why": "w", "evidence": [], **sure, **(verdict or {})}
            return {"results": [{"number": n + 1, **words} for n in range(put)]}
        if _room(text) == "intent":
            return {"promises": promises or [], "unasked": unasked or []}
        if _room(text) == "announced":
            return {"results": []}
        return {"defects": defects, "sites": []}

    return script


def _room(text: str) -> str:
    """Which room asks; "" for the hunt."""
    marks = {"verify": "Try to refute each one", "intent": '"promises"', "announced": '"announced"'}
    return next((room for room, mark in marks.items() if mark in text), "")


def _numberless(path: str) -> str:
    return "/".join("N" if part.isdigit() else part for part in path.split("/"))


def commit_of(pull: PullRequest) -> Sha:
    """The head."""
    return Sha(pull.head_sha)
