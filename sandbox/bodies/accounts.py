"""Users, the App and its installations."""

from __future__ import annotations

from typing import Any

from sandbox.state.accounts import Account
from sandbox.state.apps import Installation, Token
from sandbox.state.clock import timestamp
from sandbox.state.world import World

_LINKS = ("followers", "subscriptions", "organizations", "repos", "received_events")


def account_body(world: World, account: Account) -> dict[str, Any]:
    """A `simple-user`. https://docs.github.com/en/rest/users/users#get-a-user"""
    at = f"{world.url}/users/{account.login}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": account.node_id,
        "avatar_url": f"{world.url}/avatars/{account.slug}",
        "gravatar_id": "",
        "url": at,
        "html_url": f"{world.url}/{account.login}",
        "following_url": at + "/following{/other_user}",
        "gists_url": at + "/gists{/gist_id}",
        "starred_url": at + "/starred{/owner}{/repo}",
        "events_url": at + "/events{/privacy}",
        **{f"{name}_url": f"{at}/{name}" for name in _LINKS},
        "type": account.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def app_body(world: World) -> dict[str, Any]:
    app = world.app
    return {
        "id": app.id,
        "client_id": f"Iv23li{app.id}",
        "slug": app.slug,
        "node_id": f"A_{app.id}",
        "owner": account_body(world, world.accounts.organisation("plumbline-makers")),
        "name": app.name,
        "description": "",
        "external_url": world.url,
        "html_url": f"{world.url}/apps/{app.slug}",
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "permissions": dict(app.permissions),
        "events": sorted(app.events),
    }


def installation_body(world: World, installation: Installation) -> dict[str, Any]:
    """https://docs.github.com/en/rest/apps/apps#get-an-installation-for-the-authenticated-app"""
    at = f"{world.url}/app/installations/{installation.id}"
    suspended = installation.suspended_at
    return {
        "id": installation.id,
        "client_id": f"Iv23li{world.app.id}",
        "account": account_body(world, installation.account),
        "repository_selection": "all" if installation.repository_ids is None else "selected",
        "access_tokens_url": f"{at}/access_tokens",
        "repositories_url": f"{world.url}/installation/repositories",
        "html_url": f"{world.url}/settings/installations/{installation.id}",
        "app_id": world.app.id,
        "app_slug": world.app.slug,
        "target_id": installation.account.id,
        "target_type": installation.account.type,
        "permissions": dict(installation.permissions),
        "events": sorted(world.app.events),
        "created_at": timestamp(installation.created_at),
        "updated_at": timestamp(installation.created_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": None,
        "suspended_at": timestamp(suspended) if suspended is not None else None,
    }


def token_body(token: Token) -> dict[str, Any]:
    return {
        "token": token.value,
        "expires_at": timestamp(token.expires_at or 0),
        "permissions": dict(token.permissions),
        "repository_selection": "all" if token.repository_ids is None else "selected",
    }
