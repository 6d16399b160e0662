"""`POST /graphql`: the root fields, the mutations, and errors as GitHub writes them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, GraphQLSchema, build_schema, graphql_sync

from sandbox.actions.comments import set_resolved
from sandbox.actions.reviews import edit_review
from sandbox.caller import Caller
from sandbox.errors import Refusal
from sandbox.graphql.nodes import account_node, repository_node
from sandbox.graphql.pulls import PullNodes
from sandbox.graphql.refusal import GraphQLRefusal
from sandbox.http.call import Answer, Call
from sandbox.http.routes import Routes
from sandbox.state.comments import IssueComment, ReviewComment, Thread
from sandbox.state.reviews import Review
from sandbox.state.world import World


@lru_cache(maxsize=1)
def schema() -> GraphQLSchema:
    return build_schema(Path(__file__).with_name("schema.graphql").read_text("utf-8"))


def register(route: Routes) -> None:
    route("POST", "/graphql")(execute)
    route("POST", "/api/graphql")(execute)


def execute(call: Call) -> Answer:
    if call.caller.token is None:
        raise Refusal(401, "This endpoint requires you to be authenticated.")
    wanted = call.json()
    if not isinstance(wanted.get("query"), str):
        raise Refusal(400, "A query attribute must be specified and must be a string.")
    done = graphql_sync(
        schema(),
        wanted["query"],
        Root(call.world, call.caller).fields(),
        variable_values=wanted.get("variables") or {},
        operation_name=wanted.get("operationName"),
    )
    body: dict[str, Any] = {} if done.data is None and done.errors else {"data": done.data}
    if done.errors:
        body["errors"] = [_error(error) for error in done.errors]
    return Answer(200, body)


def _error(error: GraphQLError) -> dict[str, Any]:
    cause = error.original_error
    if isinstance(cause, Refusal):
        cause = GraphQLRefusal("UNPROCESSABLE", f"{cause.message}: {cause.errors}")
    elif cause is not None and not isinstance(cause, GraphQLRefusal):
        raise cause  # a fault of the sandbox, not of the query
    shown: dict[str, Any] = {}
    if isinstance(cause, GraphQLRefusal):
        shown["type"] = cause.kind
    if error.path:
        shown["path"] = error.path
    places = [{"line": place.line, "column": place.column} for place in error.locations or []]
    return {**shown, "locations": places, "message": str(cause) if cause else error.message}


class Root:
    """The fields of Query and Mutation, as one caller may use them."""

    def __init__(self, world: World, caller: Caller) -> None:
        self._world = world
        self._caller = caller
        self._nodes = PullNodes(world, caller)

    def fields(self) -> dict[str, Any]:
        return {
            "viewer": self._viewer,
            "repository": self._repository,
            "node": self._node,
            "resolveReviewThread": lambda info, input: self._resolve(input, True),
            "unresolveReviewThread": lambda info, input: self._resolve(input, False),
            "minimizeComment": lambda info, input: self._minimize(input),
            "updatePullRequestReview": lambda info, input: self._update_review(input),
        }

    def _viewer(self, info: GraphQLResolveInfo[Any]) -> dict[str, Any]:
        """The caller. GitHub types an App's bot as a User here, with its suffix."""
        account = self._world.accounts.get(self._caller.login)
        return {
            **account_node(self._world, account),
            "__typename": "User",
            "login": account.login,
        }

    def _repository(
        self, info: GraphQLResolveInfo[Any], owner: str, name: str, **_: Any
    ) -> dict[str, Any]:
        repository = self._world.repositories.find(f"{owner}/{name}")
        if repository is None or not self._caller.sees(repository):
            text = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise GraphQLRefusal("NOT_FOUND", text)
        return repository_node(self._world, self._caller, repository)

    def _node(self, info: GraphQLResolveInfo[Any], id: str) -> dict[str, Any]:
        found = self._find(id)
        if isinstance(found, Thread):
            return self._nodes.thread(found)
        if isinstance(found, Review):
            return self._nodes.review(found)
        if isinstance(found, ReviewComment):
            return self._nodes.review_comment(found)
        return self._nodes.issue_comment(found)

    def _find(self, node_id: str) -> Thread | Review | ReviewComment | IssueComment:
        world = self._world
        found = (
            world.review_comments.thread_by_node(node_id)
            or world.reviews.by_node(node_id)
            or world.review_comments.by_node(node_id)
            or world.issue_comments.by_node(node_id)
        )
        if found is not None:
            owner = found.repository if isinstance(found, IssueComment) else found.pull.repository
            if self._caller.sees(owner):
                return found
        text = f"Could not resolve to a node with the global id of '{node_id}'"
        raise GraphQLRefusal("NOT_FOUND", text)

    def _resolve(self, wanted: dict[str, Any], resolved: bool) -> dict[str, Any]:
        thread = self._find(wanted["threadId"])
        if not isinstance(thread, Thread):
            text = "Could not resolve to a PullRequestReviewThread with the global id of "
            raise GraphQLRefusal("NOT_FOUND", f"{text}'{wanted['threadId']}'.")
        for name in {"pull_requests", self._world.resolving_needs}:
            self._require(thread, name)
        sender = self._world.accounts.get(self._caller.login)
        set_resolved(self._world, thread, sender, resolved)
        return self._payload(wanted, thread=self._nodes.thread(thread))

    def _require(self, on: Thread | Review | ReviewComment | IssueComment, name: str) -> None:
        repository = on.repository if isinstance(on, IssueComment) else on.pull.repository
        if not self._caller.allows(repository, (name,), "write"):
            raise GraphQLRefusal("FORBIDDEN", "Resource not accessible by integration")

    def _minimize(self, wanted: dict[str, Any]) -> dict[str, Any]:
        found = self._find(wanted["subjectId"])
        if isinstance(found, Thread):
            text = f"Could not resolve to a node with the global id of '{wanted['subjectId']}'"
            raise GraphQLRefusal("NOT_FOUND", text)
        self._require(found, "pull_requests")
        found.minimized = wanted["classifier"].lower().replace("_", "-")
        shown = self._node_of(found)
        return self._payload(wanted, minimizedComment=shown)

    def _node_of(self, found: Review | ReviewComment | IssueComment) -> dict[str, Any]:
        if isinstance(found, Review):
            return self._nodes.review(found)
        if isinstance(found, ReviewComment):
            return self._nodes.review_comment(found)
        return self._nodes.issue_comment(found)

    def _update_review(self, wanted: dict[str, Any]) -> dict[str, Any]:
        review = self._find(wanted["pullRequestReviewId"])
        if not isinstance(review, Review) or review.author.login != self._caller.login:
            raise GraphQLRefusal("FORBIDDEN", "Resource not accessible by integration")
        self._require(review, "pull_requests")
        edit_review(self._world, review, wanted["body"])
        return self._payload(wanted, pullRequestReview=self._nodes.review(review))

    def _payload(self, wanted: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return {"clientMutationId": wanted.get("clientMutationId"), **fields}
