"""Repositories are created and forked, issues are opened."""

from __future__ import annotations

from sandbox.actions.installations import change_repositories, install
from sandbox.actions.pushes import signature
from sandbox.git.files import Files
from sandbox.git.repository import BareRepository
from sandbox.state.accounts import Account, Role
from sandbox.state.repositories import Issue, Repository
from sandbox.state.world import World

SEEDED_ROLES: dict[str, Role] = {"alice": "admin", "bob": "write", "mallory": "read"}


def create_repository(
    world: World, full_name: str, files: Files, *, private: bool, default_branch: str = "main"
) -> Repository:
    """A repository of an organisation with one commit, and the App's access to it."""
    owner_login, _, name = full_name.partition("/")
    if not owner_login or not name or "/" in name:
        raise ValueError(f"repository name {full_name!r} is not OWNER/NAME")
    owner = world.accounts.organisation(owner_login)
    git = BareRepository.create(world.root / f"{full_name}.git", default_branch)
    alice = world.accounts.get("alice")
    if files:
        git.commit(default_branch, files, "Begin", signature(world, alice), None)
    repository = world.repositories.add(
        Repository(
            id=world.clock.next_id(),
            owner=owner,
            name=name,
            private=private,
            default_branch=default_branch,
            git=git,
            created_at=world.clock.now(),
            roles=dict(SEEDED_ROLES),
        )
    )
    _give_access(world, repository, alice)
    return repository


def _give_access(world: World, repository: Repository, sender: Account) -> None:
    installation = world.installation_of(repository.owner)
    if installation is None:
        if world.installs_itself:
            install(world, repository.owner, sender)
    elif installation.repository_ids is None:
        change_repositories(world, installation, sender, [repository], [])


def fork_repository(world: World, parent: Repository, owner: Account) -> Repository:
    """The owner's fork, made at their first need. The App is not installed on it."""
    existing = world.repositories.find(f"{owner.login}/{parent.name}")
    if existing is not None:
        return existing
    folder = world.root / f"{owner.login}/{parent.name}.git"
    git = BareRepository.create(folder, parent.default_branch)
    git.run("fetch", "-q", str(parent.git.folder.resolve()), "+refs/heads/*:refs/heads/*")
    return world.repositories.add(
        Repository(
            id=world.clock.next_id(),
            owner=owner,
            name=parent.name,
            private=parent.private,
            default_branch=parent.default_branch,
            git=git,
            created_at=world.clock.now(),
            parent=parent,
        )
    )


def open_issue(
    world: World, repository: Repository, title: str, body: str, author: Account
) -> Issue:
    issue = Issue(
        id=world.clock.next_id(),
        number=repository.next_number(),
        title=title,
        body=body,
        author=author,
        created_at=world.clock.now(),
    )
    repository.issues[issue.number] = issue
    return issue
