"""Reviews, review comments, comments and reactions."""

from __future__ import annotations

from typing import Any

from sandbox.bodies.accounts import account_body, app_body
from sandbox.bodies.repositories import api_url, association, html_url
from sandbox.state.clock import timestamp
from sandbox.state.comments import Anchor, IssueComment, ReviewComment
from sandbox.state.pulls import PullRequest
from sandbox.state.reactions import Reaction
from sandbox.state.reviews import Review
from sandbox.state.world import World


def pull_page(world: World, pull: PullRequest) -> str:
    return f"{html_url(world, pull.repository)}/pull/{pull.number}"


def review_body(world: World, review: Review) -> dict[str, Any]:
    """https://docs.github.com/en/rest/pulls/reviews#get-a-review-for-a-pull-request"""
    pull = review.pull
    html = f"{pull_page(world, pull)}#pullrequestreview-{review.id}"
    pull_url = f"{api_url(world, pull.repository)}/pulls/{pull.number}"
    body: dict[str, Any] = {
        "id": review.id,
        "node_id": review.node_id,
        "user": account_body(world, review.author),
        "body": review.body,
        "state": review.state,
        "html_url": html,
        "pull_request_url": pull_url,
        "_links": {"html": {"href": html}, "pull_request": {"href": pull_url}},
        "commit_id": review.commit_id,
        "author_association": association(pull.repository, review.author.login),
    }
    if review.submitted_at is not None:
        body["submitted_at"] = timestamp(review.submitted_at)
    return body


def _where(anchor: Anchor, original: Anchor) -> dict[str, Any]:
    return {
        "path": original.path,
        "diff_hunk": original.diff_hunk,
        "position": anchor.position,
        "original_position": original.position,
        "line": anchor.line,
        "original_line": original.line,
        "start_line": anchor.start_line,
        "original_start_line": original.start_line,
        "side": original.side,
        "start_side": original.start_side,
        "subject_type": original.subject,
    }


def review_comment_body(world: World, comment: ReviewComment) -> dict[str, Any]:
    """https://docs.github.com/en/rest/pulls/comments#get-a-review-comment-for-a-pull-request"""
    pull, thread = comment.pull, comment.thread
    at = f"{api_url(world, pull.repository)}/pulls"
    url = f"{at}/comments/{comment.id}"
    html = review_comment_page(world, comment)
    body: dict[str, Any] = {
        "id": comment.id,
        "node_id": comment.node_id,
        "url": url,
        "html_url": html,
        "pull_request_review_id": comment.review.id,
        "pull_request_url": f"{at}/{pull.number}",
        **_where(thread.anchor, thread.original),
        "commit_id": thread.commit_id,
        "original_commit_id": thread.original_commit,
        "user": account_body(world, comment.author),
        "body": comment.body,
        "created_at": timestamp(comment.created_at),
        "updated_at": timestamp(comment.updated_at),
        "author_association": association(pull.repository, comment.author.login),
        "_links": {
            "self": {"href": url},
            "html": {"href": html},
            "pull_request": {"href": f"{at}/{pull.number}"},
        },
        "reactions": reaction_counts(world, comment.node_id, url),
    }
    if comment.in_reply_to is not None:
        body["in_reply_to_id"] = comment.in_reply_to.id
    return body


def review_comment_page(world: World, comment: ReviewComment) -> str:
    return f"{pull_page(world, comment.pull)}#discussion_r{comment.id}"


def issue_comment_body(world: World, comment: IssueComment) -> dict[str, Any]:
    """https://docs.github.com/en/rest/issues/comments#get-an-issue-comment"""
    at = api_url(world, comment.repository)
    kind = "pull" if comment.number in comment.repository.pulls else "issues"
    page = f"{html_url(world, comment.repository)}/{kind}/{comment.number}"
    url = f"{at}/issues/comments/{comment.id}"
    is_ours = comment.author is world.bot
    return {
        "id": comment.id,
        "node_id": comment.node_id,
        "url": url,
        "html_url": f"{page}#issuecomment-{comment.id}",
        "issue_url": f"{at}/issues/{comment.number}",
        "user": account_body(world, comment.author),
        "body": comment.body,
        "created_at": timestamp(comment.created_at),
        "updated_at": timestamp(comment.updated_at),
        "author_association": association(comment.repository, comment.author.login),
        "performed_via_github_app": app_body(world) if is_ours else None,
        "reactions": reaction_counts(world, comment.node_id, url),
    }


def reaction_counts(world: World, subject: str, url: str) -> dict[str, Any]:
    counts = world.reactions.counts(subject)
    return {"url": f"{url}/reactions", "total_count": sum(counts.values()), **counts}


def reaction_body(world: World, reaction: Reaction) -> dict[str, Any]:
    return {
        "id": reaction.id,
        "node_id": f"REA_{reaction.id}",
        "user": account_body(world, reaction.author),
        "content": reaction.content,
        "created_at": timestamp(reaction.created_at),
    }
