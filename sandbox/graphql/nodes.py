"""Repositories, commits, people and issues as GraphQL nodes."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.bodies.repositories import html_url
from sandbox.caller import Caller
from sandbox.git.command import GitFailed
from sandbox.git.repository import BareRepository, Commit
from sandbox.state.accounts import Account
from sandbox.state.clock import timestamp
from sandbox.state.repositories import Issue, Repository
from sandbox.state.world import World

_LONGEST_TEXT_BYTES = 512_000


def account_node(world: World, account: Account) -> dict[str, Any]:
    """An actor; unlike REST, a bot's login carries no `[bot]`."""
    return {
        "__typename": account.type,
        "id": account.node_id,
        "databaseId": account.id,
        "login": account.slug,
        "url": f"{world.url}/{account.slug}",
    }


def repository_node(world: World, caller: Caller, repository: Repository) -> dict[str, Any]:
    from sandbox.graphql.pulls import pull_of

    return {
        "__typename": "Repository",
        "id": repository.node_id,
        "databaseId": repository.id,
        "name": repository.name,
        "nameWithOwner": repository.full_name,
        "owner": account_node(world, repository.owner),
        "isPrivate": repository.private,
        "isFork": repository.parent is not None,
        "url": html_url(world, repository),
        "defaultBranchRef": ref_node(world, repository, repository.default_branch),
        "object": lambda info, **wanted: _object(world, repository, **wanted),
        "issue": lambda info, number: _issue(world, caller, repository, number),
        "pullRequest": lambda info, number: pull_of(world, caller, repository, number),
    }


def ref_node(world: World, repository: Repository, branch: str) -> dict[str, Any] | None:
    sha = repository.git.tip(branch)
    if sha is None:
        return None
    target = commit_node(world, repository, repository.git.read_commit(sha))
    return {"__typename": "Ref", "id": f"REF_{branch}", "name": branch, "target": target}


def _object(
    world: World,
    repository: Repository,
    expression: str | None = None,
    oid: str | None = None,
) -> dict[str, Any] | None:
    """A commit, tree or blob by `revision`, `revision:path` or object id."""
    try:
        sha = repository.git.text("rev-parse", "-q", "--verify", expression or oid or "").strip()
        kind = repository.git.text("cat-file", "-t", sha).strip()
    except GitFailed:
        return None
    if kind == "commit":
        return commit_node(world, repository, repository.git.read_commit(sha))
    if kind == "blob":
        return _blob(repository.git, sha)
    return {"__typename": "Tree", "id": f"T_{sha}", "oid": sha, "abbreviatedOid": sha[:7]}


def _blob(git: BareRepository, sha: str) -> dict[str, Any]:
    content = git.blob(sha)
    binary = b"\0" in content[:8000]
    shown = content[:_LONGEST_TEXT_BYTES]
    return {
        "__typename": "Blob",
        "id": f"B_{sha}",
        "oid": sha,
        "abbreviatedOid": sha[:7],
        "byteSize": len(content),
        "isBinary": binary,
        "isTruncated": len(content) > _LONGEST_TEXT_BYTES,
        "text": None if binary else shown.decode("utf-8", "replace"),
    }


def commit_node(world: World, repository: Repository, commit: Commit) -> dict[str, Any]:
    headline, _, body = commit.message.partition("\n")
    when = timestamp(commit.author.when)
    return {
        "__typename": "Commit",
        "id": f"C_{commit.sha}",
        "oid": commit.sha,
        "abbreviatedOid": commit.sha[:7],
        "message": commit.message,
        "messageHeadline": headline,
        "messageBody": body.strip("\n"),
        "author": {"name": commit.author.name, "email": commit.author.email, "date": when},
        "authoredDate": when,
        "committedDate": when,
        "url": f"{html_url(world, repository)}/commit/{commit.sha}",
    }


def issue_node(
    world: World, caller: Caller, repository: Repository, issue: Issue
) -> dict[str, Any]:
    def parent(info: GraphQLResolveInfo[Any]) -> dict[str, Any]:
        return repository_node(world, caller, repository)

    return {
        "__typename": "Issue",
        "id": f"I_{issue.id}",
        "number": issue.number,
        "title": issue.title,
        "body": issue.body,
        "state": issue.state.upper(),
        "author": account_node(world, issue.author),
        "url": f"{html_url(world, repository)}/issues/{issue.number}",
        "repository": parent,
    }


def _issue(
    world: World, caller: Caller, repository: Repository, number: int
) -> dict[str, Any] | None:
    issue = repository.issues.get(number)
    if issue is None or not caller.allows(repository, ("issues",), "read"):
        return None
    return issue_node(world, caller, repository, issue)
