"""The App's name reaches the receivers also where GitHub answers only later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bot.environment import read_settings
from bot.settings import Settings
from bot.store.handle import stored_handle
from sandbox import Sandbox
from sandbox.faults import Fault
from tests.fakes.valkey import Valkey
from workers.queue.announcing import Announcement


@pytest.fixture
def github() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def settings(github: Sandbox, shared_valkey: Valkey, tmp_path: Path) -> Settings:
    return read_settings(
        {
            "PLUMBLINE_GITHUB_APP_ID": str(github.app.id),
            "PLUMBLINE_GITHUB_PRIVATE_KEY": github.app.private_key,
            "PLUMBLINE_GITHUB_API_URL": github.url,
            "PLUMBLINE_REDIS_URL": shared_valkey.url,
            "PLUMBLINE_DATA_DIR": str(tmp_path),
        }
    )


def test_it_is_asked_for_until_github_answers_and_then_never_again(
    github: Sandbox,
    settings: Settings,
    valkey: redis.Redis,
    caplog: pytest.LogCaptureFixture,
) -> None:
    github.faults.add(Fault("/app$", status=503, times=2))
    announcement = Announcement(settings)
    told = []
    for _ in range(4):
        announcement.attempt()
        told.append(stored_handle(valkey))

    assert told == [None, None, github.app.slug, github.app.slug]
    assert [request.status for request in github.requests] == [503, 503, 200]
    assert caplog.messages == [
        "GitHub does not tell the App's name: GitHub answered 503 to GET /app: Server Error"
    ]
