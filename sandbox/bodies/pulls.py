"""Pull requests, as themselves and as issues."""

from __future__ import annotations

from typing import Any

from sandbox.bodies.accounts import account_body
from sandbox.bodies.repositories import (
    api_url,
    association,
    html_url,
    label_body,
    repository_body,
)
from sandbox.state.clock import timestamp
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from sandbox.state.world import World


def pull_body(world: World, pull: PullRequest, *, listed: bool = False) -> dict[str, Any]:
    """A pull request; in a list the counts and the merge state are left out.

    https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
    """
    repository = pull.repository
    body = {
        **_shared(world, pull),
        "url": f"{api_url(world, repository)}/pulls/{pull.number}",
        "id": pull.id,
        "node_id": pull.node_id,
        **_links(world, pull),
        "draft": pull.draft,
        "merged_at": timestamp(pull.merged_at) if pull.merged_at else None,
        "merge_commit_sha": pull.merge_commit_sha,
        "requested_reviewers": [],
        "requested_teams": [],
        "head": _end(world, pull.head_repository, pull.head_ref, pull.head_sha),
        "base": _end(world, repository, pull.base_ref, pull.base_sha),
        "auto_merge": None,
    }
    return body if listed else {**body, **_counts(world, pull)}


def _shared(world: World, pull: PullRequest) -> dict[str, Any]:
    """What a pull request has in common with the issue of its number."""
    repository = pull.repository
    return {
        "number": pull.number,
        "title": pull.title,
        "body": pull.body or None,
        "state": pull.state,
        "user": account_body(world, pull.author),
        "labels": [label_body(world, repository, name) for name in pull.labels],
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "locked": False,
        "active_lock_reason": None,
        "created_at": timestamp(pull.created_at),
        "updated_at": timestamp(pull.updated_at),
        "closed_at": timestamp(pull.closed_at) if pull.closed_at else None,
        "author_association": association(repository, pull.author.login),
    }


def _links(world: World, pull: PullRequest) -> dict[str, Any]:
    repository, number = pull.repository, pull.number
    at, html = api_url(world, repository), f"{html_url(world, repository)}/pull/{number}"
    links = {
        "html": html,
        "issue": f"{at}/issues/{number}",
        "comments": f"{at}/issues/{number}/comments",
        "review_comments": f"{at}/pulls/{number}/comments",
        "review_comment": at + "/pulls/comments{/number}",
        "commits": f"{at}/pulls/{number}/commits",
        "statuses": f"{at}/statuses/{pull.head_sha}",
    }
    return {
        **{f"{name}_url": url for name, url in links.items()},
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "_links": {
            "self": {"href": f"{at}/pulls/{number}"},
            **{name: {"href": url} for name, url in links.items()},
        },
    }


def _end(world: World, repository: Repository, ref: str, sha: str) -> dict[str, Any]:
    return {
        "label": f"{repository.owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": account_body(world, repository.owner),
        "repo": repository_body(world, repository),
    }


def _counts(world: World, pull: PullRequest) -> dict[str, Any]:
    files = pull.files()
    mergeable = pull.mergeable()
    return {
        "merged": pull.merged,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": {True: "clean", False: "dirty", None: "unknown"}[mergeable],
        "merged_by": account_body(world, pull.merged_by) if pull.merged_by else None,
        "maintainer_can_modify": pull.from_fork,
        "comments": len(world.issue_comments.of(pull.repository, pull.number)),
        "review_comments": len(world.review_comments.of(pull)),
        "commits": len(pull.commits()),
        "additions": sum(change.additions for change in files),
        "deletions": sum(change.deletions for change in files),
        "changed_files": len(files),
    }


def pull_as_issue_body(world: World, pull: PullRequest) -> dict[str, Any]:
    """The issue that every pull request also is; `pull_request` tells them apart."""
    repository = pull.repository
    at = f"{api_url(world, repository)}/issues/{pull.number}"
    html = f"{html_url(world, repository)}/pull/{pull.number}"
    return {
        **_shared(world, pull),
        "id": pull.id + 500_000_000,
        "node_id": pull.node_id,
        "url": at,
        "repository_url": api_url(world, repository),
        "labels_url": at + "/labels{/name}",
        "comments_url": at + "/comments",
        "events_url": at + "/events",
        "html_url": html,
        "draft": pull.draft,
        "state_reason": None,
        "comments": len(world.issue_comments.of(repository, pull.number)),
        "pull_request": {
            "url": f"{api_url(world, repository)}/pulls/{pull.number}",
            "html_url": html,
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
            "merged_at": timestamp(pull.merged_at) if pull.merged_at else None,
        },
    }
