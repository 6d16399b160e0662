"""Secrets of the operator: what errors, pages, records, arguments and Redis hold of them."""

from __future__ import annotations

import select
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from bot.domain.conversation import Message, ModelRequest
from bot.environment import read_settings
from bot.errors import FetchFailed, GitHubRefused, ModelUnavailable, SettingError
from bot.settings import ModelSettings
from tests.attacks.scene import hijacked, scene, settings_of
from tests.fakes.openai_server import OpenAIServer, Reply, fails, sends
from workers.model.client import OpenAIModel

KEY = "plain words that no pattern knows"


@pytest.mark.parametrize(
    "reply",
    [
        fails(401, f"Invalid proxy key. Received API Key = {KEY}"),
        fails(500, f"{'x' * 290} {KEY}"),
        sends(f'{{"error": {{"message": "key {KEY} is wrong"}}}}'),
        sends(f"<html>{KEY}</html>"),
    ],
)
def test_a_server_that_quotes_its_key_is_not_quoted(reply: Reply) -> None:
    """A proxy's key has no form of its own; what the server says of it would be posted."""
    request = ModelRequest("hunt", "h", (Message("user", "x"),))
    with OpenAIServer(lambda _: reply) as server:
        model = OpenAIModel(ModelSettings("m", base_url=server.url, api_key=KEY), lambda _: None)
        with pytest.raises(ModelUnavailable) as raised:
            model.complete(request)
        model.close()
    assert KEY not in str(raised.value)
    assert "plain words" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLUMBLINE_REDIS_URL", "http://user:hunter2@redis.internal:6379"),
        ("OPENAI_BASE_URL", "ftp://me:hunter2@models.internal/v1"),
        ("PLUMBLINE_GITHUB_API_URL", "hunter2@github.internal"),
        ("PLUMBLINE_GITHUB_APP_ID", "-----BEGIN RSA PRIVATE KEY-----hunter2"),
    ],
)
def test_a_wrong_setting_is_told_without_its_password(name: str, value: str) -> None:
    with pytest.raises(SettingError) as raised:
        read_settings({name: value})
    assert name in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_settings_are_shown_without_addresses_that_may_hold_passwords() -> None:
    settings = read_settings(
        {
            "PLUMBLINE_REDIS_URL": "redis://:hunter2@redis.internal",
            "PLUMBLINE_DATABASE_URL": "postgresql://me:hunter2@db.internal/x",
        }
    )
    assert "hunter2" not in repr(settings)


def test_a_redirect_of_the_model_server_is_not_followed() -> None:
    request = ModelRequest("hunt", "h", (Message("user", "x"),))
    with OpenAIServer(lambda _: fails(200, "never asked")) as inside:
        away = Reply(307, headers={"location": f"{inside.url}/chat/completions"})
        with OpenAIServer(lambda _: away) as server:
            model = OpenAIModel(settings_of(server), lambda _: None)
            with pytest.raises(ModelUnavailable, match="redirects"):
                model.complete(request)
            model.close()
        assert inside.calls == []


@pytest.mark.parametrize("path", ["/compare/", "/graphql", "/access_tokens", "info/refs"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_of_github_takes_a_token_along(tmp_path: Path, path: str, status: int) -> None:
    """Reads, GraphQL, the minting of tokens and git."""
    with (
        socket.create_server(("127.0.0.1", 0)) as foreign,
        OpenAIServer(hijacked([])) as server,
        scene(tmp_path, {"a.py": "x = 1\n"}, {"a.py": "x = 2\n"}) as stage,
    ):
        there = f"http://localhost:{foreign.getsockname()[1]}/"
        stage.sandbox.fail(path, status=status, headers={"Location": there}, times=2)
        with suppress(GitHubRefused, FetchFailed):  # or a way around the redirected address
            stage.reviewed(server)
        statuses = {record.status for record in stage.sandbox.requests}
        knocked, _, _ = select.select([foreign], [], [], 0)
    assert status in statuses
    assert not knocked
