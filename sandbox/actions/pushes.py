"""Commits and moved branches: pull requests follow, threads move along, the App hears of it."""

from __future__ import annotations

from typing import Any

from sandbox.actions.anchors import follow_threads
from sandbox.actions.announce import announce
from sandbox.bodies.checks import check_suite_body
from sandbox.bodies.pulls import pull_body
from sandbox.git.files import Files
from sandbox.git.repository import Signature
from sandbox.state.accounts import Account
from sandbox.state.checks import CheckSuite
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from sandbox.state.world import World

_NO_COMMIT = "0" * 40


def signature(world: World, account: Account) -> Signature:
    mail = f"{account.slug.lower()}@example.com"
    return Signature(account.login, mail, world.clock.next_commit_time())


def commit_files(
    world: World,
    repository: Repository,
    branch: str,
    files: Files,
    message: str,
    author: Account,
    parent: str | None,
) -> str:
    """Commit to a branch, and let everything that hangs on it follow."""
    before = repository.git.branches()
    made = signature(world, author)
    sha = repository.git.commit(branch, files, message, made, parent)
    branches_moved(world, repository, before, author)
    return sha


def branches_moved(
    world: World, repository: Repository, before: dict[str, str], sender: Account
) -> None:
    """Compare the branches with what they were, announce pushes, update pull requests."""
    after = repository.git.branches()
    for branch in sorted(before.keys() | after.keys()):
        old, new = before.get(branch), after.get(branch)
        if old == new:
            continue
        _announce_push(world, repository, branch, old, new, sender)
        if new is None:
            continue
        for pull in _open_pulls_from(world, repository, branch):
            if pull.head_sha != new:
                _synchronize(world, pull, new, sender)
        for pull in repository.pulls.values():
            if pull.state == "open" and pull.base_ref == branch:
                follow_threads(world, pull)


def _open_pulls_from(world: World, repository: Repository, branch: str) -> list[PullRequest]:
    return [
        pull
        for target in world.repositories.all()
        for pull in target.pulls.values()
        if pull.state == "open" and pull.head_repository is repository and pull.head_ref == branch
    ]


def publish_head(pull: PullRequest) -> None:
    """Keep `refs/pull/N/head` of the base repository at the head commit."""
    ref = f"refs/pull/{pull.number}/head"
    if pull.from_fork:
        source = f"refs/heads/{pull.head_ref}"
        pull.repository.git.fetch(pull.head_repository.git, source, ref)
    else:
        pull.repository.git.set_ref(ref, pull.head_sha)


def _synchronize(world: World, pull: PullRequest, head: str, sender: Account) -> None:
    before, pull.head_sha = pull.head_sha, head
    pull.updated_at = world.clock.now()
    publish_head(pull)
    follow_threads(world, pull)
    announce(
        world,
        "pull_request",
        "synchronize",
        pull.repository,
        sender,
        number=pull.number,
        before=before,
        after=head,
        pull_request=pull_body(world, pull),
    )
    request_check_suite(world, pull.repository, head, pull.head_ref, sender)


def request_check_suite(
    world: World, repository: Repository, sha: str, branch: str | None, sender: Account
) -> None:
    """GitHub begins a suite for each App with `checks: write` when a commit arrives."""
    installation = world.installation_on(repository)
    if installation is None or installation.permissions.get("checks") != "write":
        return
    if world.checks.suites(repository, sha):
        return
    suite = begin_suite(world, repository, sha, branch)
    body = check_suite_body(world, suite)
    announce(world, "check_suite", "requested", repository, sender, check_suite=body)


def begin_suite(world: World, repository: Repository, sha: str, branch: str | None) -> CheckSuite:
    now = world.clock.now()
    suite = CheckSuite(
        world.clock.next_id(), repository, world.app, sha, branch, created_at=now, updated_at=now
    )
    return world.checks.add_suite(suite)


def _announce_push(
    world: World,
    repository: Repository,
    branch: str,
    old: str | None,
    new: str | None,
    sender: Account,
) -> None:
    git = repository.git
    forced = bool(old and new and git.merge_base(old, new) != old)
    commits = git.log(f"{old}..{new}") if old and new else []
    body: dict[str, Any] = {
        "ref": f"refs/heads/{branch}",
        "before": old or _NO_COMMIT,
        "after": new or _NO_COMMIT,
        "created": old is None,
        "deleted": new is None,
        "forced": forced,
        "base_ref": None,
        "compare": f"{world.url}/{repository.full_name}/compare/{old}...{new}",
        "commits": [{"id": commit.sha, "message": commit.message} for commit in commits],
        "head_commit": {"id": new} if new else None,
        "pusher": {"name": sender.login, "email": f"{sender.slug}@example.com"},
    }
    announce(world, "push", "", repository, sender, **body)
