"""Pull requests with their reviews and threads, as GraphQL nodes."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.bodies.comments import issue_comment_body, pull_page, review_comment_page
from sandbox.bodies.repositories import association
from sandbox.caller import Caller
from sandbox.graphql.connection import connection
from sandbox.graphql.nodes import (
    account_node,
    commit_node,
    issue_node,
    ref_node,
    repository_node,
)
from sandbox.graphql.refusal import GraphQLRefusal
from sandbox.state.clock import timestamp
from sandbox.state.comments import IssueComment, ReviewComment, Thread
from sandbox.state.pulls import PullRequest
from sandbox.state.reactions import CONTENTS
from sandbox.state.repositories import Repository
from sandbox.state.reviews import Review
from sandbox.state.world import World

_REACTIONS = {"+1": "THUMBS_UP", "-1": "THUMBS_DOWN"}


def pull_of(world: World, caller: Caller, repository: Repository, number: int) -> dict[str, Any]:
    pull = repository.pulls.get(number)
    if pull is None:
        text = f"Could not resolve to a PullRequest with the number of {number}."
        raise GraphQLRefusal("NOT_FOUND", text)
    if not caller.allows(repository, ("pull_requests",), "read"):
        raise GraphQLRefusal("FORBIDDEN", "Resource not accessible by integration")
    return PullNodes(world, caller).pull(pull)


class PullNodes:
    """Nodes as one caller sees them."""

    def __init__(self, world: World, caller: Caller) -> None:
        self._world = world
        self._caller = caller

    def pull(self, pull: PullRequest) -> dict[str, Any]:
        return {
            "__typename": "PullRequest",
            "id": pull.node_id,
            "databaseId": pull.id,
            "fullDatabaseId": str(pull.id),
            "number": pull.number,
            "title": pull.title,
            "body": pull.body,
            "state": "MERGED" if pull.merged else pull.state.upper(),
            "closed": pull.state == "closed",
            "merged": pull.merged,
            "isDraft": pull.draft,
            "isCrossRepository": pull.from_fork,
            "author": account_node(self._world, pull.author),
            "authorAssociation": association(pull.repository, pull.author.login),
            "url": pull_page(self._world, pull),
            "createdAt": timestamp(pull.created_at),
            "updatedAt": timestamp(pull.updated_at),
            **self._ends(pull),
            **self._measures(pull),
            **self._lists(pull),
        }

    def _ends(self, pull: PullRequest) -> dict[str, Any]:
        world, repository = self._world, pull.repository
        head = pull.head_repository

        def node_of(one: Repository) -> dict[str, Any]:
            return repository_node(world, self._caller, one)

        return {
            "repository": lambda info: node_of(repository),
            "baseRepository": lambda info: node_of(repository),
            "baseRefName": pull.base_ref,
            "baseRefOid": pull.base_sha,
            "baseRef": lambda info: ref_node(world, repository, pull.base_ref),
            "headRepository": lambda info: node_of(head),
            "headRepositoryOwner": account_node(world, head.owner),
            "headRefName": pull.head_ref,
            "headRefOid": pull.head_sha,
            "headRef": lambda info: ref_node(world, head, pull.head_ref),
        }

    def _measures(self, pull: PullRequest) -> dict[str, Any]:
        def mergeable(info: GraphQLResolveInfo[Any]) -> str:
            return {True: "MERGEABLE", False: "CONFLICTING", None: "UNKNOWN"}[pull.mergeable()]

        return {
            "additions": lambda info: sum(change.additions for change in pull.files()),
            "deletions": lambda info: sum(change.deletions for change in pull.files()),
            "changedFiles": lambda info: len(pull.files()),
            "mergeable": mergeable,
        }

    def _lists(self, pull: PullRequest) -> dict[str, Any]:
        repository = pull.repository
        may_read_issues = self._caller.allows(repository, ("issues",), "read")
        issues = pull.closing_issues() if may_read_issues else []
        return {
            "labels": connection("labels", pull.labels, self._label),
            "closingIssuesReferences": connection(
                "closingIssuesReferences",
                issues,
                lambda issue: issue_node(self._world, self._caller, repository, issue),
            ),
            "commits": connection(
                "commits", pull.commits(), lambda commit: self._commit(pull, commit.sha)
            ),
            "comments": connection(
                "comments",
                [
                    comment
                    for comment in self._world.issue_comments.of(repository, pull.number)
                    if comment.created_at <= self._world.as_of()
                ],
                self.issue_comment,
            ),
            "reviews": lambda info, **wanted: self._reviews(info, pull, **wanted),
            "reviewThreads": connection("reviewThreads", self._threads(pull), self.thread),
        }

    def _label(self, name: str) -> dict[str, Any]:
        return {"__typename": "Label", "id": f"LA_{name}", "name": name}

    def _commit(self, pull: PullRequest, sha: str) -> dict[str, Any]:
        repository = pull.repository
        node = commit_node(self._world, repository, repository.git.read_commit(sha))
        return {"id": f"PRC_{sha}", "commit": node, "url": node["url"]}

    def _reviews(
        self,
        info: GraphQLResolveInfo[Any],
        pull: PullRequest,
        states: list[str] | None = None,
        author: str | None = None,
        **page: Any,
    ) -> dict[str, Any]:
        as_of = self._world.as_of()
        seen = [
            review
            for review in self._world.reviews.of(pull)
            if review.seen_by(self._caller.login, as_of)
            and (states is None or review.state in states)
            and (author is None or review.author.slug == author)
        ]
        return connection("reviews", seen, self.review)(info, **page)

    def _threads(self, pull: PullRequest) -> list[Thread]:
        """Threads with at least one comment that the caller sees."""
        threads = self._world.review_comments.threads(pull)
        return [thread for thread in threads if self._comments(thread)]

    def _comments(self, thread: Thread) -> list[ReviewComment]:
        as_of = self._world.as_of()
        return [
            comment
            for comment in self._world.review_comments.of_thread(thread)
            if comment.review.seen_by(self._caller.login, as_of)
        ]

    def thread(self, thread: Thread) -> dict[str, Any]:
        anchor, original = thread.anchor, thread.original
        resolved = thread.resolved_by
        return {
            "__typename": "PullRequestReviewThread",
            "id": thread.node_id,
            "isResolved": resolved is not None,
            "isCollapsed": resolved is not None,
            "isOutdated": anchor.outdated,
            "resolvedBy": account_node(self._world, resolved) if resolved else None,
            "path": original.path,
            "line": anchor.line,
            "startLine": anchor.start_line,
            "originalLine": original.line,
            "originalStartLine": original.start_line,
            "diffSide": original.side,
            "startDiffSide": original.start_side,
            "subjectType": original.subject.upper(),
            "pullRequest": lambda info: self.pull(thread.pull),
            "viewerCanReply": True,
            "viewerCanResolve": resolved is None,
            "viewerCanUnresolve": resolved is not None,
            "comments": connection("comments", self._comments(thread), self.review_comment),
        }

    def review(self, review: Review) -> dict[str, Any]:
        repository = review.pull.repository
        commit = repository.git.read_commit(review.commit_id)
        submitted = review.submitted_at
        comments = self._world.review_comments.of_review(review)
        return {
            "__typename": "PullRequestReview",
            **self._told(review.id, review.node_id, review.author.login, review.minimized),
            "author": account_node(self._world, review.author),
            "body": review.body,
            "state": review.state,
            "commit": commit_node(self._world, repository, commit),
            "createdAt": timestamp(review.created_at),
            "submittedAt": timestamp(submitted) if submitted is not None else None,
            "url": f"{pull_page(self._world, review.pull)}#pullrequestreview-{review.id}",
            "comments": connection("comments", comments, self.review_comment),
        }

    def review_comment(self, comment: ReviewComment) -> dict[str, Any]:
        thread, first = comment.thread, comment.in_reply_to
        return {
            "__typename": "PullRequestReviewComment",
            **self._told(comment.id, comment.node_id, comment.author.login, comment.minimized),
            "author": account_node(self._world, comment.author),
            "body": comment.body,
            "createdAt": timestamp(comment.created_at),
            "updatedAt": timestamp(comment.updated_at),
            "url": review_comment_page(self._world, comment),
            "path": thread.original.path,
            "diffHunk": thread.original.diff_hunk,
            "line": thread.anchor.line,
            "startLine": thread.anchor.start_line,
            "originalLine": thread.original.line,
            "outdated": thread.anchor.outdated,
            "commit": lambda info: self._commit(comment.pull, thread.commit_id)["commit"],
            "originalCommit": lambda info: self._commit(comment.pull, thread.original_commit)[
                "commit"
            ],
            "reactionGroups": lambda info: self._reaction_groups(comment.node_id),
            "replyTo": lambda info: self.review_comment(first) if first else None,
            "pullRequestReview": lambda info: self.review(comment.review),
        }

    def _reaction_groups(self, subject: str) -> list[dict[str, Any]]:
        """One for each content, also for those that nobody chose."""
        made = self._world.reactions.on(subject)
        return [
            {
                "content": _REACTIONS.get(content, content.upper()),
                "reactors": connection(
                    "reactors",
                    [reaction.author for reaction in made if reaction.content == content],
                    lambda author: account_node(self._world, author),
                ),
            }
            for content in CONTENTS
        ]

    def issue_comment(self, comment: IssueComment) -> dict[str, Any]:
        return {
            "__typename": "IssueComment",
            **self._told(comment.id, comment.node_id, comment.author.login, comment.minimized),
            "author": account_node(self._world, comment.author),
            "body": comment.body,
            "createdAt": timestamp(comment.created_at),
            "updatedAt": timestamp(comment.updated_at),
            "url": issue_comment_body(self._world, comment)["html_url"],
        }

    def _told(self, number: int, node_id: str, login: str, minimized: str | None) -> dict[str, Any]:
        return {
            "id": node_id,
            "databaseId": number,
            "fullDatabaseId": str(number),
            "isMinimized": minimized is not None,
            "minimizedReason": minimized,
            "viewerCanMinimize": True,
            "viewerDidAuthor": login == self._caller.login,
        }
