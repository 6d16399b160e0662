"""Installing the App, and the tokens it asks for."""

from __future__ import annotations

from typing import Any

from sandbox.actions.announce import announce_installation
from sandbox.bodies.repositories import repository_body
from sandbox.errors import Forbidden, NotFound, Refusal, Unprocessable
from sandbox.state.accounts import Account
from sandbox.state.apps import (
    TOKEN_SECONDS,
    Installation,
    Permissions,
    Token,
    covers,
    new_installation_token,
)
from sandbox.state.repositories import Repository
from sandbox.state.world import World


def install(
    world: World, account: Account, sender: Account, only: list[Repository] | None = None
) -> Installation:
    """Install the App on an account, for all its repositories or only some."""
    installation = Installation(
        id=world.clock.next_id(),
        account=account,
        permissions=dict(world.app.permissions),
        created_at=world.clock.now(),
        repository_ids=None if only is None else {repository.id for repository in only},
    )
    world.installations[installation.id] = installation
    shown = [_short(repository) for repository in world.repositories_of(installation)]
    announce_installation(
        world, "installation", "created", installation, sender, repositories=shown, requester=None
    )
    return installation


def uninstall(world: World, installation: Installation, sender: Account) -> None:
    shown = [_short(repository) for repository in world.repositories_of(installation)]
    del world.installations[installation.id]
    _forget_tokens(world, installation)
    announce_installation(
        world, "installation", "deleted", installation, sender, repositories=shown
    )


def suspend(world: World, installation: Installation, sender: Account) -> None:
    installation.suspended_at = world.clock.now()
    announce_installation(world, "installation", "suspend", installation, sender)


def unsuspend(world: World, installation: Installation, sender: Account) -> None:
    installation.suspended_at = None
    announce_installation(world, "installation", "unsuspend", installation, sender)


def accept_permissions(world: World, installation: Installation, sender: Account) -> None:
    """The account accepts the permissions that the App now asks for."""
    installation.permissions = dict(world.app.permissions)
    announce_installation(world, "installation", "new_permissions_accepted", installation, sender)


def change_repositories(
    world: World,
    installation: Installation,
    sender: Account,
    added: list[Repository],
    removed: list[Repository],
) -> None:
    """Select or deselect repositories; one event for those added, one for those removed."""
    if installation.repository_ids is not None:
        installation.repository_ids |= {repository.id for repository in added}
        installation.repository_ids -= {repository.id for repository in removed}
    selection = "all" if installation.repository_ids is None else "selected"
    for action, changed in (("added", added), ("removed", removed)):
        if changed:
            announce_installation(
                world,
                "installation_repositories",
                action,
                installation,
                sender,
                repository_selection=selection,
                repositories_added=[_short(item) for item in added] if action == "added" else [],
                repositories_removed=(
                    [_short(item) for item in removed] if action == "removed" else []
                ),
                requester=None,
            )


def issue_token(world: World, installation: Installation, wanted: dict[str, Any]) -> Token:
    """An installation token, for the rights and repositories asked for.

    https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
    """
    if installation.suspended_at is not None:
        raise Forbidden("This installation has been suspended")
    permissions: Permissions = wanted.get("permissions") or dict(installation.permissions)
    for name, level in permissions.items():
        if level not in ("read", "write", "admin") or not covers(
            installation.permissions, name, level
        ):
            raise Unprocessable(
                message="The permissions requested are not granted to this installation."
            )
    return world.tokens.issue(
        Token(
            value=new_installation_token(),
            login=world.bot.login,
            installation=installation,
            permissions={"metadata": "read", **permissions},
            repository_ids=_wanted_repositories(world, installation, wanted),
            expires_at=float(int(world.clock.now()) + TOKEN_SECONDS),
        )
    )


def _wanted_repositories(
    world: World, installation: Installation, wanted: dict[str, Any]
) -> frozenset[int] | None:
    names, ids = wanted.get("repositories"), wanted.get("repository_ids")
    if not names and not ids:
        chosen = installation.repository_ids
        return None if chosen is None else frozenset(chosen)
    reachable = world.repositories_of(installation)
    by_name = {repository.name.lower(): repository.id for repository in reachable}
    found = [by_name.get(str(name).lower()) for name in names or []]
    known = {repository.id for repository in reachable}
    found += [number if number in known else None for number in ids or []]
    if None in found:
        raise Unprocessable(
            message="There is at least one repository that does not exist or is not accessible "
            "to the parent installation."
        )
    return frozenset(number for number in found if number is not None)


def find_installation(world: World, installation_id: int) -> Installation:
    installation = world.installations.get(installation_id)
    if installation is None:
        raise NotFound
    return installation


def use_token(world: World, value: str) -> Token:
    """The token, if it may act now. Raises GitHub's refusal of any other."""
    token = world.tokens.find(value, world.clock.now())
    if token is None:
        raise Refusal(401, "Bad credentials")
    if token.installation is not None and token.installation.suspended_at is not None:
        raise Forbidden("This installation has been suspended")
    return token


def _forget_tokens(world: World, installation: Installation) -> None:
    for token in world.tokens.of_installations():
        if token.installation is installation:
            world.tokens.revoke(token.value)


def _short(repository: Repository) -> dict[str, Any]:
    return {
        "id": repository.id,
        "node_id": repository.node_id,
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
    }


def token_repositories(world: World, token: Token) -> list[dict[str, Any]]:
    """The repositories of a restricted token, as its answer lists them."""
    if token.installation is None or token.repository_ids is None:
        return []
    reachable = world.repositories_of(token.installation)
    return [
        repository_body(world, repository)
        for repository in reachable
        if repository.id in token.repository_ids
    ]
