"""Tokens: one repository, few rights, renewed in time; and what happens when GitHub says no."""

from __future__ import annotations

import json
import time

import jwt
import pytest

from bot.domain.identifiers import RepositoryId
from bot.domain.pull_request import RepositoryRef
from bot.errors import (
    GitHubRefused,
    GitHubUnavailable,
    InstallationGone,
    SettingError,
)
from bot.github.connect import connect_app
from bot.github.credentials import app_jwt
from bot.github.sealed_tokens import SealedTokenCache
from bot.github.transport import Transport, TransportOptions
from bot.settings import GitHubSettings
from tests.github.conftest import World, finding


def test_a_token_is_for_one_repository_and_the_rights_of_the_job(world: World) -> None:
    github = world.connect()
    github.pulls.read(world.ref)
    github.publisher.publish(world.ref, world.review(), world.key, attempt=1)
    minted = [one for one in world.sandbox.requests if one.path.endswith("/access_tokens")]
    assert [one.json() for one in minted] == [
        {
            "repository_ids": [world.pull.repository.id],
            "permissions": {
                "checks": "read",
                "contents": "read",
                "issues": "read",
                "metadata": "read",
                "pull_requests": "read",
            },
        },
        {
            "repository_ids": [world.pull.repository.id],
            "permissions": {
                "checks": "write",
                "issues": "write",
                "metadata": "read",
                "pull_requests": "write",
            },
        },
    ]


def test_no_token_stays_in_the_client_that_serves_the_next_installation(world: World) -> None:
    transport = Transport(TransportOptions(api_url=world.sandbox.url))
    answer = transport.send("GET", "/user", "alice-token")
    assert answer.body["login"] == "alice"
    assert transport._bearer.token == ""


def test_the_jwt_lives_nine_minutes_at_most(world: World) -> None:
    now = 1_800_000_000
    made = app_jwt(12345, world.sandbox.app.private_key, now)
    assert jwt.get_unverified_header(made)["alg"] == "RS256"
    assert jwt.decode(made, options={"verify_signature": False}) == {
        "iat": now - 60,
        "exp": now + 480,
        "iss": "12345",
    }


def test_the_handle_is_asked_once(world: World) -> None:
    app = world.connect().app
    assert app is not None
    assert (app.slug(), app.slug()) == ("plumbline", "plumbline")
    assert world.calls() == ["GET /app 200"]


def test_a_token_that_dies_in_mid_job_is_replaced(world: World) -> None:
    github = world.connect()
    github.publisher.acknowledge(world.ref, world.head, world.key)
    world.sandbox.expire_tokens()
    _age(world)
    github.publisher.publish(world.ref, world.review(finding()), world.key, attempt=1)
    assert len(world.reviews()) == 1
    assert sum("access_tokens" in call for call in world.calls()) == 2
    assert world.slept == []


def test_a_fresh_token_that_a_replica_does_not_know_is_tried_again(world: World) -> None:
    world.sandbox.fail("/graphql$", status=401, body={"message": "Bad credentials"}, times=2)
    world.connect().pulls.read(world.ref)
    assert world.slept == [1, 2]
    assert sum("access_tokens" in call for call in world.calls()) == 1


def test_a_rotated_private_key_means_a_fresh_token_and_no_error(world: World) -> None:
    world.connect().pulls.read(world.ref)
    sealed_before = SealedTokenCache(world.shared.tokens, "the key of last year")
    for key, (_, until) in world.shared.tokens._texts.items():  # type: ignore[attr-defined]
        sealed_before.put(key, "a token of last year", until)
    world.connect().pulls.read(world.ref)
    assert sum("access_tokens" in call for call in world.calls()) == 2


def test_a_suspended_app_is_gone(world: World) -> None:
    world.sandbox.suspend("acme")
    with pytest.raises(InstallationGone, match="suspended"):
        world.connect().pulls.read(world.ref)
    assert len(world.calls()) == 1


def test_a_removed_app_is_gone(world: World) -> None:
    ref = world.ref
    world.sandbox.uninstall("acme")
    with pytest.raises(InstallationGone, match="removed"):
        world.connect().pulls.read(ref)
    assert len(world.calls()) == 1


def test_a_repository_that_was_not_granted_is_refused(world: World) -> None:
    other = RepositoryRef(RepositoryId(999), "acme/other", world.ref.repository.installation)
    with pytest.raises(GitHubRefused) as raised:
        world.connect().fetch_token(other)
    assert raised.value.status == 422


def test_a_wrong_key_names_the_setting(world: World) -> None:
    world.sandbox.fail("/access_tokens$", status=401, body={"message": "could not be decoded"})
    with pytest.raises(SettingError, match="PLUMBLINE_GITHUB_PRIVATE_KEY"):
        world.connect().pulls.read(world.ref)


def test_settings_that_are_missing_are_named() -> None:
    with pytest.raises(SettingError, match="PLUMBLINE_GITHUB_APP_ID"):
        connect_app(GitHubSettings())


def test_a_long_retry_after_is_handed_on_and_not_slept_on(world: World) -> None:
    body = {"message": "You have exceeded a secondary rate limit."}
    for status in (403, 429, 503):
        world.sandbox.fail(
            "/compare/", status=status, headers={"Retry-After": "3600"}, body=body, times=1
        )
        with pytest.raises(GitHubUnavailable) as raised:
            world.connect().pulls.read(world.ref)  # or sleeps for an hour
        assert raised.value.retry_after == 3600
    assert world.slept == []


def test_a_short_retry_after_is_waited_for_in_place(world: World) -> None:
    world.sandbox.fail("/compare/", status=429, headers={"Retry-After": "1"}, times=1)
    began = time.monotonic()
    world.connect().pulls.read(world.ref)
    assert time.monotonic() - began >= 1


def test_reads_are_repeated_and_writes_are_not(world: World) -> None:
    github = world.connect()
    world.sandbox.fail("/compare/", status=502, times=2)
    github.pulls.read(world.ref)
    assert sum("/compare/" in call for call in world.calls()) == 3
    world.sandbox.fail("/check-runs$", status=502, times=2)
    with pytest.raises(GitHubUnavailable):
        github.publisher.acknowledge(world.ref, world.head, world.key)
    assert sum("/check-runs" in call for call in world.calls()) == 1


def test_an_outage_ends_as_unavailable(world: World) -> None:
    world.sandbox.fail("", status=503, times=None)
    with pytest.raises(GitHubUnavailable):
        world.connect().pulls.read(world.ref)


def test_a_redirect_to_another_host_gets_no_token(world: World) -> None:
    for status in (301, 307):
        elsewhere = {"Location": "http://localhost:9/repos/acme/shop"}
        world.sandbox.fail("/compare/", status=status, headers=elsewhere, body={})
        with pytest.raises(GitHubRefused, match="redirected"):
            world.connect().pulls.read(world.ref)


def test_a_renamed_repository_is_followed_on_the_same_host(world: World) -> None:
    new = f"{world.sandbox.url}/repos/acme/shop/check-runs"
    world.sandbox.fail("/check-runs$", status=307, headers={"Location": new}, body={})
    world.connect().publisher.acknowledge(world.ref, world.head, world.key)
    assert len(world.sandbox.checks(world.pull)) == 1


def test_a_token_never_shows(world: World) -> None:
    github = world.connect()
    token = github.reader.token(world.ref.repository)
    assert token.value not in repr(token)
    world.sandbox.fail("/compare/", status=404, body={"message": "Not Found"})
    with pytest.raises(GitHubRefused) as raised:
        github.pulls.read(world.ref)
    assert token.value not in f"{raised.value!r} {raised.value}"


def _age(world: World) -> None:
    """Make the kept tokens old enough that a refusal is not taken for a replica's lag."""
    tokens = SealedTokenCache(world.shared.tokens, world.sandbox.app.private_key)
    for key in list(world.shared.tokens._texts):  # type: ignore[attr-defined]
        text = tokens.get(key)
        assert text is not None
        tokens.put(key, json.dumps({**json.loads(text), "minted_at": 0.0}), 3600)
