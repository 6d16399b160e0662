"""Repositories, commits, files and issues."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from sandbox.bodies.accounts import account_body
from sandbox.git.changes import FileChange
from sandbox.git.repository import Commit, Signature, TreeEntry
from sandbox.state.accounts import at_least
from sandbox.state.clock import timestamp
from sandbox.state.repositories import Issue, Repository
from sandbox.state.world import World

_LINKS = (
    "contributors",
    "deployments",
    "downloads",
    "events",
    "forks",
    "hooks",
    "languages",
    "merges",
    "stargazers",
    "subscribers",
    "subscription",
    "tags",
    "teams",
)
_TEMPLATES = {
    "keys_url": "/keys{/key_id}",
    "collaborators_url": "/collaborators{/collaborator}",
    "issue_events_url": "/issues/events{/number}",
    "assignees_url": "/assignees{/user}",
    "branches_url": "/branches{/branch}",
    "blobs_url": "/git/blobs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "trees_url": "/git/trees{/sha}",
    "statuses_url": "/statuses/{sha}",
    "commits_url": "/commits{/sha}",
    "git_commits_url": "/git/commits{/sha}",
    "comments_url": "/comments{/number}",
    "issue_comment_url": "/issues/comments{/number}",
    "contents_url": "/contents/{+path}",
    "compare_url": "/compare/{base}...{head}",
    "archive_url": "/{archive_format}{/ref}",
    "issues_url": "/issues{/number}",
    "pulls_url": "/pulls{/number}",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "labels_url": "/labels{/name}",
    "releases_url": "/releases{/id}",
}


def api_url(world: World, repository: Repository) -> str:
    return f"{world.url}/repos/{repository.full_name}"


def html_url(world: World, repository: Repository) -> str:
    return f"{world.url}/{repository.full_name}"


def repository_body(world: World, repository: Repository, login: str = "") -> dict[str, Any]:
    """A repository as `login` sees it. https://docs.github.com/en/rest/repos/repos"""
    at, html = api_url(world, repository), html_url(world, repository)
    made = timestamp(repository.created_at)
    body: dict[str, Any] = {
        "id": repository.id,
        "node_id": repository.node_id,
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "owner": account_body(world, repository.owner),
        "html_url": html,
        "description": None,
        "fork": repository.parent is not None,
        "url": at,
        **{f"{name}_url": f"{at}/{name}" for name in _LINKS},
        **{name: at + template for name, template in _TEMPLATES.items()},
        "clone_url": f"{html}.git",
        "git_url": f"{html}.git",
        "ssh_url": f"git@localhost:{repository.full_name}.git",
        "svn_url": html,
        "homepage": None,
        "language": None,
        "size": 1,
        "visibility": "private" if repository.private else "public",
        "default_branch": repository.default_branch,
        "created_at": made,
        "updated_at": made,
        "pushed_at": made,
        **_settings(repository),
    }
    if login:
        role = repository.role_of(login)
        body["permissions"] = {
            "admin": at_least(role, "admin"),
            "maintain": at_least(role, "maintain"),
            "push": at_least(role, "write"),
            "triage": at_least(role, "triage"),
            "pull": at_least(role, "read"),
        }
    return body


def _settings(repository: Repository) -> dict[str, Any]:
    still_open = sum(pull.state == "open" for pull in repository.pulls.values())
    still_open += sum(issue.state == "open" for issue in repository.issues.values())
    counts = ("stargazers_count", "watchers_count", "forks_count", "forks", "watchers")
    return {
        **dict.fromkeys(counts, 0),
        "open_issues_count": still_open,
        "open_issues": still_open,
        "has_issues": True,
        "has_projects": False,
        "has_downloads": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        "mirror_url": None,
        "archived": False,
        "disabled": False,
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
    }


def _git_person(person: Signature) -> dict[str, str]:
    return {"name": person.name, "email": person.email, "date": timestamp(person.when)}


def commit_body(world: World, repository: Repository, commit: Commit) -> dict[str, Any]:
    at, html = api_url(world, repository), html_url(world, repository)
    known = world.accounts.find(commit.author.name)
    person = account_body(world, known) if known else None
    return {
        "sha": commit.sha,
        "node_id": f"C_{commit.sha}",
        "commit": {
            "author": _git_person(commit.author),
            "committer": _git_person(commit.author),
            "message": commit.message,
            "tree": {"sha": commit.tree, "url": f"{at}/git/trees/{commit.tree}"},
            "url": f"{at}/git/commits/{commit.sha}",
            "comment_count": 0,
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "signature": None,
                "payload": None,
                "verified_at": None,
            },
        },
        "url": f"{at}/commits/{commit.sha}",
        "html_url": f"{html}/commit/{commit.sha}",
        "comments_url": f"{at}/commits/{commit.sha}/comments",
        "author": person,
        "committer": person,
        "parents": [
            {
                "sha": sha,
                "url": f"{at}/commits/{sha}",
                "html_url": f"{html}/commit/{sha}",
            }
            for sha in commit.parents
        ],
    }


def file_body(
    world: World, repository: Repository, change: FileChange, head: str
) -> dict[str, Any]:
    at, html, path = api_url(world, repository), html_url(world, repository), quote(change.path)
    body: dict[str, Any] = {
        "sha": change.sha,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{html}/blob/{head}/{path}",
        "raw_url": f"{html}/raw/{head}/{path}",
        "contents_url": f"{at}/contents/{path}?ref={head}",
    }
    if change.previous_path is not None:
        body["previous_filename"] = change.previous_path
    if change.patch is not None:
        body["patch"] = change.patch
    return body


def entry_body(
    world: World, repository: Repository, entry: TreeEntry, ref: str, content: bytes | None = None
) -> dict[str, Any]:
    """One entry of the contents API; with `content`, the file itself in base64."""
    at, html, path = api_url(world, repository), html_url(world, repository), quote(entry.path)
    kinds = {"tree": "dir", "commit": "submodule"}
    kind = "symlink" if entry.mode == "120000" else kinds.get(entry.kind, "file")
    url = f"{at}/contents/{path}?ref={ref}"
    git_url = f"{at}/git/{'trees' if entry.kind == 'tree' else 'blobs'}/{entry.sha}"
    page = f"{html}/{'tree' if entry.kind == 'tree' else 'blob'}/{ref}/{path}"
    body: dict[str, Any] = {
        "name": entry.path.rsplit("/", 1)[-1],
        "path": entry.path,
        "sha": entry.sha,
        "size": entry.size,
        "url": url,
        "html_url": page,
        "git_url": git_url,
        "download_url": f"{html}/raw/{ref}/{path}" if kind == "file" else None,
        "type": kind,
        "_links": {"self": url, "git": git_url, "html": page},
    }
    if content is not None and kind == "symlink":
        body["target"] = content.decode("utf-8", "replace")
    elif content is not None:
        fits = entry.size <= 1_000_000  # a larger file comes with the raw media type only
        text = base64.encodebytes(content).decode() if fits else ""
        body.update(content=text, encoding="base64" if fits else "none")
    return body


def label_body(world: World, repository: Repository, name: str) -> dict[str, Any]:
    number = sum(name.encode())
    return {
        "id": number,
        "node_id": f"LA_{number}",
        "url": f"{api_url(world, repository)}/labels/{quote(name)}",
        "name": name,
        "description": None,
        "color": "ededed",
        "default": False,
    }


def issue_body(world: World, repository: Repository, issue: Issue) -> dict[str, Any]:
    at = f"{api_url(world, repository)}/issues/{issue.number}"
    made = timestamp(issue.created_at)
    return {
        "id": issue.id,
        "node_id": f"I_{issue.id}",
        "url": at,
        "repository_url": api_url(world, repository),
        "labels_url": at + "/labels{/name}",
        "comments_url": at + "/comments",
        "events_url": at + "/events",
        "html_url": f"{html_url(world, repository)}/issues/{issue.number}",
        "number": issue.number,
        "title": issue.title,
        "body": issue.body,
        "state": issue.state,
        "state_reason": None,
        "user": account_body(world, issue.author),
        "labels": [label_body(world, repository, name) for name in issue.labels],
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "locked": False,
        "active_lock_reason": None,
        "comments": len(world.issue_comments.of(repository, issue.number)),
        "created_at": made,
        "updated_at": made,
        "closed_at": None,
        "author_association": association(repository, issue.author.login),
    }


def association(repository: Repository, login: str) -> str:
    """The author's tie to the repository, which is not their permission."""
    if login.lower() == repository.owner.login.lower():
        return "OWNER"
    return "MEMBER" if at_least(repository.roles.get(login.lower(), "none"), "write") else "NONE"
