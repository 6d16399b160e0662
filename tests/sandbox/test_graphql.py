"""GraphQL under GitHub's names, with GitHub's errors."""

from __future__ import annotations

from typing import Any

from sandbox import Sandbox
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from tests.sandbox.conftest import Client

PULL = """query($number: Int!) { repository(owner: "acme", name: "shop") {
  isPrivate
  defaultBranchRef { name }
  object(expression: "main:src/b.py") { ... on Blob { text isBinary byteSize isTruncated } }
  pullRequest(number: $number) {
    title body state isDraft isCrossRepository headRefOid mergeable additions changedFiles
    author { login __typename }
    baseRef { target { oid } }
    headRepository { nameWithOwner }
    commits(last: 1) { nodes { commit { messageHeadline } } }
    closingIssuesReferences(first: 5) { nodes { number title } }
    reviews(last: 5) { nodes { state author { login __typename } } }
    reviewThreads(first: 5) { nodes {
      id isResolved path line diffSide comments(first: 5) { nodes { fullDatabaseId body } } } }
  } } }"""
RESOLVE = """mutation($id: ID!) {
  resolveReviewThread(input: {threadId: $id}) { thread { isResolved resolvedBy { login } } } }"""


def ask(http: Client, query: str, **variables: object) -> dict[str, Any]:
    body: dict[str, Any] = http("POST", "/graphql", {"query": query, "variables": variables}).json()
    return body


def test_one_query_reads_the_whole_pull_request(
    github: Sandbox, shop: Repository, http: Client
) -> None:
    github.open_issue(shop, "Ten is wrong")
    pull = github.open_pull_request(shop, "fix", {"src/b.py": "b = 2\n"}, "Fix b", "Fixes #1")
    comment = {"path": "src/b.py", "line": 1, "body": "b?"}
    review = {"event": "COMMENT", "comments": [comment]}
    http("POST", "/repos/acme/shop/pulls/2/reviews", review)
    thread = github.threads(pull)[0]
    first = github.world.review_comments.of_thread(thread)[0]
    assert ask(http, PULL, number=2)["data"]["repository"] == {
        "isPrivate": True,
        "defaultBranchRef": {"name": "main"},
        "object": {"text": "b = 1\n", "isBinary": False, "byteSize": 6, "isTruncated": False},
        "pullRequest": {
            "title": "Fix b",
            "body": "Fixes #1",
            "state": "OPEN",
            "isDraft": False,
            "isCrossRepository": False,
            "headRefOid": pull.head_sha,
            "mergeable": "MERGEABLE",
            "additions": 1,
            "changedFiles": 1,
            "author": {"login": "alice", "__typename": "User"},
            "baseRef": {"target": {"oid": pull.base_sha}},
            "headRepository": {"nameWithOwner": "acme/shop"},
            "commits": {"nodes": [{"commit": {"messageHeadline": "Fix b"}}]},
            "closingIssuesReferences": {"nodes": [{"number": 1, "title": "Ten is wrong"}]},
            "reviews": {
                "nodes": [
                    {"state": "COMMENTED", "author": {"login": "plumbline", "__typename": "Bot"}}
                ]
            },
            "reviewThreads": {
                "nodes": [
                    {
                        "id": thread.node_id,
                        "isResolved": False,
                        "path": "src/b.py",
                        "line": 1,
                        "diffSide": "RIGHT",
                        "comments": {"nodes": [{"fullDatabaseId": str(first.id), "body": "b?"}]},
                    }
                ]
            },
        },
    }


def test_what_is_not_there_is_an_error_inside_a_200(pull: PullRequest, http: Client) -> None:
    body = ask(http, PULL, number=9)
    assert body["errors"][0]["type"] == "NOT_FOUND"
    assert body["errors"][0]["path"] == ["repository", "pullRequest"]
    assert body["errors"][0]["message"] == (
        "Could not resolve to a PullRequest with the number of 9."
    )
    assert body["data"]["repository"]["pullRequest"] is None


def test_a_connection_wants_first_or_last(pull: PullRequest, http: Client) -> None:
    query = PULL.replace("reviewThreads(first: 5)", "reviewThreads")
    assert ask(http, query, number=1)["errors"][0]["type"] == "MISSING_PAGINATION_BOUNDARIES"
    query = PULL.replace("reviewThreads(first: 5)", "reviewThreads(first: 101)")
    assert ask(http, query, number=1)["errors"][0]["type"] == "EXCESSIVE_PAGINATION"


def test_a_misspelt_field_is_named(pull: PullRequest, http: Client) -> None:
    body = ask(http, PULL.replace("isDraft", "isDrafty"), number=1)
    assert "data" not in body
    assert "Cannot query field 'isDrafty'" in body["errors"][0]["message"]


def test_threads_are_resolved_with_the_right_to(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    github.comment_on_line(pull, "a.txt", 10, "ten?")
    thread = github.threads(pull)[0]
    github.world.resolving_needs = "contents"
    body = ask(http, RESOLVE, id=thread.node_id)
    assert body["errors"][0]["type"] == "FORBIDDEN"
    assert body["errors"][0]["message"] == "Resource not accessible by integration"
    github.world.resolving_needs = "pull_requests"
    body = ask(http, RESOLVE, id=thread.node_id)
    assert body["data"]["resolveReviewThread"]["thread"] == {
        "isResolved": True,
        "resolvedBy": {"login": "plumbline"},
    }
    assert github.view(thread).resolved


def test_a_comment_is_minimised(github: Sandbox, pull: PullRequest, http: Client) -> None:
    comment = github.comment(pull, "noise")
    query = """mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: OUTDATED})
      { minimizedComment { isMinimized minimizedReason } } }"""
    shown = ask(http, query, id=comment.node_id)["data"]["minimizeComment"]["minimizedComment"]
    assert shown == {"isMinimized": True, "minimizedReason": "outdated"}
