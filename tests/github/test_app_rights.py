"""What the App asks for, what it is given, and what is said when the two part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.commands import Command
from bot.domain.jobs import Mention
from bot.errors import GitHubRefused, InstallationGone, SettingError
from bot.github.credentials import READ_RIGHTS, WRITE_RIGHTS, app_jwt
from bot.webhook.payloads import HANDLED_EVENTS
from tests.github.conftest import World, finding

IMPLICIT = {"installation", "installation_repositories", "ping"}
"""Sent to every App without asking."""


def manifest() -> dict[str, Any]:
    text = Path(__file__).parents[2].joinpath("app.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def test_the_manifest_grants_what_the_tokens_ask_for_and_hears_what_is_handled() -> None:
    """Merge queues: for the event alone; no token asks for it."""
    asked = manifest()
    assert asked["default_permissions"] == READ_RIGHTS | WRITE_RIGHTS | {"merge_queues": "read"}
    assert set(asked["default_events"]) == HANDLED_EVENTS - IMPLICIT


def test_an_app_with_all_its_rights_lacks_none(world: World) -> None:
    app = world.connect().app
    assert app is not None
    assert app.lacking() == {}


def test_the_rights_that_an_app_lacks_are_named(world: World) -> None:
    """More than was asked for is enough; less, or none, is not."""
    world.sandbox.app.permissions = {
        "contents": "write",
        "metadata": "read",
        "pull_requests": "read",
        "checks": "write",
    }
    app = world.connect().app
    assert app is not None
    assert app.lacking() == {"issues": "write", "pull_requests": "write"}


def test_an_installation_that_has_not_accepted_the_right_to_issues_gets_all_but_reactions(
    world: World,
) -> None:
    installation = world.sandbox.installation("acme")
    installation.permissions["issues"] = "read"
    publisher = world.connect().publisher
    comment = world.sandbox.comment(world.pull, "@plumbline help", by="alice")
    mention = Mention("issue_comment", comment.id, "alice", Command("help"))
    assert publisher.react(world.ref, mention, "eyes")
    publisher.publish(world.ref, world.review(finding()), world.key, attempt=1)
    assert world.sandbox.reactions(comment) == []
    assert len(world.reviews()) == 1
    assert [call for call in world.calls() if "access_tokens" in call] == [
        f"POST /app/installations/{installation.id}/access_tokens {status}" for status in (422, 201)
    ]


def test_an_installation_without_a_right_that_is_needed_is_refused(world: World) -> None:
    world.sandbox.installation("acme").permissions["checks"] = "read"
    with pytest.raises(GitHubRefused, match="permissions requested are not granted"):
        world.connect().publisher.acknowledge(world.ref, world.head, world.key)


def test_an_unknown_app_is_the_settings_fault_and_no_removed_installation(world: World) -> None:
    github = world.connect()
    world.sandbox.app.id = 99
    said = (
        "PLUMBLINE_GITHUB_APP_ID: GitHub knows no App 12345. "
        "Copy the App ID from the App's settings page."
    )
    assert github.app is not None
    with pytest.raises(SettingError) as asked:
        github.app.slug()
    with pytest.raises(SettingError) as minted:
        github.app.mint(world.ref.repository, READ_RIGHTS)
    assert (str(asked.value), str(minted.value)) == (said, said)
    assert not isinstance(minted.value, InstallationGone)


@pytest.mark.parametrize("inside", ["abc", "", "MIIB"])
def test_a_damaged_private_key_is_named_and_not_shown(inside: str) -> None:
    damaged = f"-----BEGIN RSA PRIVATE KEY-----\n{inside}\n-----END RSA PRIVATE KEY-----"
    with pytest.raises(SettingError, match="PLUMBLINE_GITHUB_PRIVATE_KEY: it cannot be read"):
        app_jwt(1, damaged, 0)
