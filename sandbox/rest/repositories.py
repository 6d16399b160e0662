"""Repositories, commits, comparisons, contents and people's permissions."""

from __future__ import annotations

from typing import Any

from sandbox.bodies.accounts import account_body
from sandbox.bodies.pulls import pull_body
from sandbox.bodies.repositories import (
    api_url,
    commit_body,
    entry_body,
    file_body,
    html_url,
    repository_body,
)
from sandbox.errors import NotFound, Unprocessable
from sandbox.http.call import Answer, Call
from sandbox.http.routes import Routes
from sandbox.state.accounts import at_least
from sandbox.state.repositories import Repository

_REPOSITORY = "/repos/{owner}/{repo}"
_MOST_COMPARED_FILES = 300


def register(route: Routes) -> None:
    route("GET", _REPOSITORY, "metadata:read")(get_repository)
    route("GET", _REPOSITORY + "/branches/{branch:path}", "contents:read")(get_branch)
    route("GET", _REPOSITORY + "/git/ref/{ref:path}", "contents:read")(get_ref)
    route("GET", _REPOSITORY + "/commits/{sha}/pulls", "contents:read")(pulls_of_commit)
    route("GET", _REPOSITORY + "/commits", "contents:read")(list_commits)
    route("GET", _REPOSITORY + "/commits/{sha}", "contents:read")(get_commit)
    route("GET", _REPOSITORY + "/compare/{range:path}", "contents:read")(compare)
    route("GET", _REPOSITORY + "/contents/{path:path}", "contents:read")(get_contents)
    route("GET", _REPOSITORY + "/contents", "contents:read")(get_contents)
    route("GET", _REPOSITORY + "/collaborators/{login}/permission", "metadata:read")(get_permission)


def get_repository(call: Call) -> Answer:
    login = "" if call.caller.is_installation else call.caller.login
    body = repository_body(call.world, call.repository, login)
    return Answer(200, {**body, "network_count": 0, "subscribers_count": 0})


def get_branch(call: Call) -> Answer:
    repository, name = call.repository, call.names["branch"]
    sha = repository.git.tip(name)
    if sha is None:
        raise NotFound("Branch not found")
    commit = commit_body(call.world, repository, repository.git.read_commit(sha))
    url = f"{api_url(call.world, repository)}/branches/{name}"
    links = {"self": url, "html": f"{html_url(call.world, repository)}/tree/{name}"}
    return Answer(200, {"name": name, "commit": commit, "protected": False, "_links": links})


def get_ref(call: Call) -> Answer:
    repository, name = call.repository, call.names["ref"]
    sha = repository.git.resolve(f"refs/{name}")
    if sha is None:
        raise NotFound
    url = f"{api_url(call.world, repository)}/git"
    target = {"type": "commit", "sha": sha, "url": f"{url}/commits/{sha}"}
    body = {"ref": f"refs/{name}", "node_id": f"REF_{name}", "url": f"{url}/refs/{name}"}
    return Answer(200, {**body, "object": target})


def _resolve(repository: Repository, revision: str) -> str:
    sha = repository.git.resolve(revision)
    if sha is None:
        raise Unprocessable(message=f"No commit found for SHA: {revision}")
    return sha


def list_commits(call: Call) -> Answer:
    repository = call.repository
    start = call.request.query.get("sha") or repository.default_branch
    commits = reversed(repository.git.log(_resolve(repository, start)))
    return call.page([commit_body(call.world, repository, commit) for commit in commits])


def get_commit(call: Call) -> Answer:
    repository = call.repository
    sha = _resolve(repository, call.names["sha"])
    commit = repository.git.read_commit(sha)
    empty_tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    parent = commit.parents[0] if commit.parents else empty_tree
    if call.request.accepts("diff"):
        return diff_answer(repository.changes.diff(parent, sha))
    if call.request.accepts("sha"):
        return Answer(200, sha.encode(), {"Content-Type": "application/vnd.github.sha"})
    files = repository.changes.files(parent, sha)
    additions = sum(change.additions for change in files)
    deletions = sum(change.deletions for change in files)
    stats = {"additions": additions, "deletions": deletions, "total": additions + deletions}
    shown = [file_body(call.world, repository, change, sha) for change in files]
    body = commit_body(call.world, repository, commit)
    return Answer(200, {**body, "stats": stats, "files": shown})


def diff_answer(diff: bytes, kind: str = "diff") -> Answer:
    return Answer(200, diff, {"Content-Type": f"application/vnd.github.{kind}; charset=utf-8"})


def pulls_of_commit(call: Call) -> Answer:
    sha = call.names["sha"]
    found = [
        pull
        for pull in call.repository.pulls.values()
        if any(commit.sha == sha for commit in pull.commits())
    ]
    return call.page([pull_body(call.world, pull, listed=True) for pull in found])


def compare(call: Call) -> Answer:
    """Two commits, three dots. https://docs.github.com/en/rest/commits/commits#compare-two-commits"""
    repository = call.repository
    left, dots, right = call.names["range"].partition("...")
    base, head = (repository.git.resolve(end.rpartition(":")[2]) for end in (left, right))
    if not dots or base is None or head is None:
        raise NotFound
    fork = repository.git.merge_base(base, head)
    if fork is None:
        raise NotFound(f"No common ancestor between {left} and {right}.")
    if call.request.accepts("diff"):
        return diff_answer(repository.changes.diff(fork, head))
    return Answer(200, _comparison(call, base, fork, head))


def _comparison(call: Call, base: str, fork: str, head: str) -> dict[str, Any]:
    repository, world = call.repository, call.world
    ahead = repository.git.log(f"{base}..{head}")
    behind = len(repository.git.log(f"{head}..{base}"))
    states = {
        (True, True): "diverged",
        (True, False): "ahead",
        (False, True): "behind",
        (False, False): "identical",
    }
    git = repository.git
    files = repository.changes.files(fork, head)[:_MOST_COMPARED_FILES]
    html = f"{html_url(world, repository)}/compare/{base}...{head}"
    return {
        "url": f"{api_url(world, repository)}/compare/{base}...{head}",
        "html_url": html,
        "permalink_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": commit_body(world, repository, git.read_commit(base)),
        "merge_base_commit": commit_body(world, repository, git.read_commit(fork)),
        "status": states[bool(ahead), bool(behind)],
        "ahead_by": len(ahead),
        "behind_by": behind,
        "total_commits": len(ahead),
        "commits": [commit_body(world, repository, commit) for commit in ahead[:250]],
        "files": [file_body(world, repository, change, head) for change in files],
    }


def get_contents(call: Call) -> Answer:
    """A file or a folder. https://docs.github.com/en/rest/repos/contents#get-repository-content"""
    repository = call.repository
    path = call.names.get("path", "").strip("/")
    ref = call.request.query.get("ref") or repository.default_branch
    commit = repository.git.resolve(ref)
    if commit is None:
        raise NotFound(f"No commit found for the ref {ref}")
    found = repository.git.entries(commit, path) if path else []
    if found and found[0].kind == "blob":
        entry = found[0]
        content = repository.git.blob(entry.sha)
        if call.request.accepts("raw"):
            kind = {"Content-Type": "application/vnd.github.raw; charset=utf-8"}
            return Answer(200, content, kind)
        return Answer(200, entry_body(call.world, repository, entry, ref, content))
    if found and found[0].kind == "commit":
        return Answer(200, entry_body(call.world, repository, found[0], ref))
    listing = repository.git.entries(commit, f"{path}/" if path else "")
    if not listing:
        raise NotFound
    return Answer(200, [entry_body(call.world, repository, entry, ref) for entry in listing])


def get_permission(call: Call) -> Answer:
    login = call.names["login"]
    account = call.world.accounts.find(login)
    if account is None:
        raise NotFound(f"{login} is not a user")
    role = call.repository.role_of(login)
    # `permission` knows four levels; `role_name` tells the finer ones.
    coarse = {"maintain": "write", "triage": "read"}.get(role, role)
    rights = {
        "admin": at_least(role, "admin"),
        "maintain": at_least(role, "maintain"),
        "push": at_least(role, "write"),
        "triage": at_least(role, "triage"),
        "pull": at_least(role, "read"),
    }
    user = {**account_body(call.world, account), "permissions": rights, "role_name": role}
    return Answer(200, {"permission": coarse, "role_name": role, "user": user})
