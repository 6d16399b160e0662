"""The life of a pull request: opened, edited, closed, merged, queued."""

from __future__ import annotations

from typing import Any

from sandbox.actions.anchors import follow_threads
from sandbox.actions.announce import announce
from sandbox.actions.pushes import branches_moved, publish_head, request_check_suite, signature
from sandbox.bodies.pulls import pull_body
from sandbox.errors import Invalid, Refusal
from sandbox.state.accounts import Account
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from sandbox.state.world import World


def open_pull(
    world: World,
    repository: Repository,
    head_repository: Repository,
    branch: str,
    *,
    title: str,
    body: str,
    author: Account,
    base: str,
    draft: bool,
    labels: list[str],
) -> PullRequest:
    head_sha = head_repository.git.tip(branch)
    if head_sha is None:
        raise Invalid("PullRequest", "head", "head is invalid", "invalid")
    if repository.git.tip(base) is None:
        raise Invalid("PullRequest", "base", "base is invalid", "invalid")
    now = world.clock.now()
    pull = PullRequest(
        id=world.clock.next_id(),
        number=repository.next_number(),
        repository=repository,
        title=title,
        body=body,
        author=author,
        base_ref=base,
        head_ref=branch,
        head_repository=head_repository,
        head_sha=head_sha,
        created_at=now,
        updated_at=now,
        draft=draft,
        labels=labels,
    )
    publish_head(pull)
    if not pull.commits():
        raise Invalid("PullRequest", "head", f"No commits between {base} and {branch}")
    repository.pulls[pull.number] = pull
    tell(world, pull, "opened", author)
    request_check_suite(world, repository, head_sha, branch, author)
    return pull


def tell(world: World, pull: PullRequest, action: str, sender: Account, **more: Any) -> None:
    pull.updated_at = world.clock.now()
    announce(
        world,
        "pull_request",
        action,
        pull.repository,
        sender,
        number=pull.number,
        pull_request=pull_body(world, pull),
        **more,
    )


def edit_pull(
    world: World,
    pull: PullRequest,
    sender: Account,
    *,
    title: str | None = None,
    body: str | None = None,
    base: str | None = None,
) -> None:
    """Change the title, description or base branch; one `edited` event names what it was."""
    changes: dict[str, Any] = {}
    if title is not None and title != pull.title:
        changes["title"], pull.title = {"from": pull.title}, title
    if body is not None and body != pull.body:
        changes["body"], pull.body = {"from": pull.body}, body
    if base is not None and base != pull.base_ref:
        if pull.repository.git.tip(base) is None:
            raise Invalid("PullRequest", "base", "base is invalid", "invalid")
        changes["base"] = {"ref": {"from": pull.base_ref}, "sha": {"from": pull.base_sha}}
        pull.base_ref = base
        follow_threads(world, pull)
    if changes:
        tell(world, pull, "edited", sender, changes=changes)


def close_pull(world: World, pull: PullRequest, sender: Account) -> None:
    if pull.state == "open":
        pull.frozen_base_sha = pull.base_sha
        pull.state, pull.closed_at = "closed", world.clock.now()
        tell(world, pull, "closed", sender)


def reopen_pull(world: World, pull: PullRequest, sender: Account) -> None:
    if pull.merged:
        raise Invalid("PullRequest", "state", "state cannot be changed. It is merged.")
    if pull.state == "closed":
        pull.state, pull.closed_at, pull.frozen_base_sha = "open", None, None
        tell(world, pull, "reopened", sender)


def set_draft(world: World, pull: PullRequest, sender: Account, draft: bool) -> None:
    if pull.draft != draft:
        pull.draft = draft
        tell(world, pull, "converted_to_draft" if draft else "ready_for_review", sender)


def set_labels(world: World, pull: PullRequest, sender: Account, labels: list[str]) -> None:
    before, pull.labels = pull.labels, list(labels)
    for name in labels:
        if name not in before:
            tell(world, pull, "labeled", sender, label={"name": name})
    for name in before:
        if name not in labels:
            tell(world, pull, "unlabeled", sender, label={"name": name})


def merge_pull(world: World, pull: PullRequest, sender: Account) -> str:
    """Merge with a merge commit; returns its SHA. Raises 405 where GitHub would."""
    if pull.state == "closed" or pull.draft:
        raise Refusal(405, "Pull Request is not mergeable")
    git, base = pull.repository.git, pull.base_sha
    sha = _merge_commit(world, pull, sender)
    before = git.branches()
    pull.frozen_base_sha = base
    git.set_ref(f"refs/heads/{pull.base_ref}", sha)
    pull.merge_commit_sha = sha
    pull.state, pull.merged_by = "closed", sender
    pull.closed_at = pull.merged_at = world.clock.now()
    branches_moved(world, pull.repository, before, sender)
    tell(world, pull, "closed", sender)
    return sha


def _merge_commit(world: World, pull: PullRequest, sender: Account) -> str:
    git = pull.repository.git
    tree = git.merged_tree(pull.base_sha, pull.head_sha)
    if tree is None:
        raise Refusal(405, "Pull Request is not mergeable")
    message = f"Merge pull request #{pull.number} from {pull.head_ref}\n\n{pull.title}"
    parents = [pull.base_sha, pull.head_sha]
    return git.commit_tree(tree, parents, message, signature(world, sender))


def enqueue_pull(world: World, pull: PullRequest, sender: Account) -> str:
    """Put it in the merge queue: a merge commit on a ref of its own, whose checks are asked for.

    https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group
    """
    base = pull.base_sha
    sha = _merge_commit(world, pull, sender)
    branch = f"gh-readonly-queue/{pull.base_ref}/pr-{pull.number}-{base}"
    pull.repository.git.set_ref(f"refs/heads/{branch}", sha)
    commit = pull.repository.git.read_commit(sha)
    group = {
        "head_sha": sha,
        "head_ref": f"refs/heads/{branch}",
        "base_sha": base,
        "base_ref": f"refs/heads/{pull.base_ref}",
        "head_commit": {"id": sha, "tree_id": commit.tree, "message": commit.message},
    }
    announce(world, "merge_group", "checks_requested", pull.repository, sender, merge_group=group)
    return sha
