"""One Valkey and one receiver for all stories of a test process; a world of its own for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.state.pulls import PullRequest
from tests.fakes.valkey import Valkey
from tests.stories.projects import HARMLESS
from tests.stories.world import Receiver, World, running_receiver


@pytest.fixture(scope="session")
def story_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """The server that all stories share; each begins with an empty one."""
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def story_receiver(story_valkey: Valkey) -> Iterator[Receiver]:
    """The receiver before it."""
    with running_receiver(story_valkey.url) as receiver:
        yield receiver


@pytest.fixture
def world(story_valkey: Valkey, story_receiver: Receiver, tmp_path: Path) -> Iterator[World]:
    """A GitHub with the App installed, and the App, without a model."""
    with World(story_valkey.url, story_receiver.url, tmp_path / "data") as made:
        yield made


@pytest.fixture
def pull(world: World) -> PullRequest:
    """A pull request that was reviewed and found clean."""
    opened = world.open(HARMLESS)
    world.drain()
    return opened
