"""Reads a pull request by REST, for when GraphQL does not answer: more calls, the same value.

What REST does not know is left out: threads' node ids and whether they are resolved, and issues
linked by hand instead of by words such as "fixes #12".
"""

from __future__ import annotations

import base64
from dataclasses import replace
from itertools import islice
from typing import Any

from bot.domain.identifiers import RepositoryId, Sha
from bot.domain.pull_request import LinkedIssue, PullRef, PullRequest, RepositoryRef
from bot.errors import GitHubRefused
from bot.github.client import PAGE, GitHubClient
from bot.github.comparison import compare
from bot.github.graphql_parsing import Ourselves
from bot.github.queries import POLICY_PATH
from bot.github.rest_parsing import (
    Json,
    closed_issues,
    commit_of,
    issue_of,
    login_of,
    pull_state,
    review_of,
    threads_of,
)

MOST_PAGES = 5
MOST_ISSUES = 5


def read_by_rest(client: GitHubClient, ref: PullRef, notes: tuple[str, ...]) -> PullRequest:
    """The pull request as it is now. Raises GitHubRefused, GitHubUnavailable, InstallationGone."""
    pull = client.get(ref.repository, f"/pulls/{ref.number}")
    ref = replace(ref, repository=_current(ref.repository, pull["base"]["repo"]))
    listing = _Listing(client, ref)
    commits = listing.all("/commits", pull["commits"])
    login = client.login()
    comments = listing.all("/comments")
    reviews = listing.all("/reviews")
    compared = compare(client, ref.repository, pull["base"]["ref"], Sha(pull["head"]["sha"]))
    user = pull["user"]
    return PullRequest(
        ref=ref,
        title=pull["title"],
        body=pull["body"] or "",
        author=login_of(user).removesuffix("[bot]"),
        author_is_bot=bool(user) and user["type"] == "Bot",
        state=pull_state(pull),
        base_branch=pull["base"]["ref"],
        head_branch=pull["head"]["ref"],
        base_tip=compared.base,
        merge_base=compared.merge_base,
        head=Sha(pull["head"]["sha"]),
        draft=pull["draft"],
        fork=_is_fork(pull),
        url=pull["html_url"],
        labels=tuple(label["name"] for label in pull["labels"]),
        commits=tuple(commit_of(entry) for entry in commits),
        issues=_issues(client, ref.repository, pull["body"] or ""),
        threads=threads_of(comments, login),
        reviews=tuple(
            review_of(entry)
            for entry in reviews
            if login_of(entry["user"]) == login
            and Ourselves(login).reviewed(entry.get("body") or "")
        ),
        organisation_policy=organisation_policy(client, ref.repository),
        notes=(*notes, *listing.notes),
    )


class _Listing:
    """Lists of one pull request, page by page up to a bound; what was cut is noted."""

    def __init__(self, client: GitHubClient, ref: PullRef) -> None:
        self._client = client
        self._ref = ref
        self.notes: list[str] = []

    def all(self, path: str, total: int | None = None) -> list[Any]:
        found = [
            entry
            for page in self._client.pages(
                self._ref.repository, f"/pulls/{self._ref.number}{path}", MOST_PAGES
            )
            for entry in page
        ]
        if len(found) == MOST_PAGES * PAGE or (total is not None and len(found) < total):
            self.notes.append(f"Only the first {len(found)} {path[1:]} were read.")
        return found


def _current(repository: RepositoryRef, raw: Json) -> RepositoryRef:
    """The repository under the name and with the visibility that it has now."""
    return replace(
        repository,
        id=RepositoryId(raw["id"]),
        full_name=raw["full_name"],
        private=raw["private"],
    )


def _is_fork(pull: Json) -> bool:
    head = pull["head"]["repo"]  # null where the fork was deleted
    return head is None or bool(head["id"] != pull["base"]["repo"]["id"])


def _issues(client: GitHubClient, repository: RepositoryRef, body: str) -> tuple[LinkedIssue, ...]:
    found = []
    for number in islice(closed_issues(body), MOST_ISSUES):
        issue = _unless_absent(client, repository, f"/issues/{number}")
        if issue is not None and "pull_request" not in issue:
            found.append(issue_of(issue))
    return tuple(found)


def organisation_policy(client: GitHubClient, repository: RepositoryRef) -> str | None:
    """The organisation's default, where it has one that our token may read."""
    return policy_file(client, replace(repository, full_name=f"{repository.owner}/.github"))


def policy_file(client: GitHubClient, repository: RepositoryRef, **at: str) -> str | None:
    """The text of a repository's policy file, at the branch `ref` or at the default branch's tip.

    https://docs.github.com/en/rest/repos/contents#get-repository-content
    """
    file = _unless_absent(client, repository, f"/contents/{POLICY_PATH}", **at)
    if not isinstance(file, dict) or file.get("encoding") != "base64":
        return None
    return base64.b64decode(file["content"]).decode("utf-8", "replace")


def _unless_absent(
    client: GitHubClient, repository: RepositoryRef, path: str, **parameters: str
) -> Any | None:  # noqa: ANN401
    try:
        return client.get(repository, path, **parameters)
    except GitHubRefused as error:
        if error.status in (403, 404, 410):
            return None
        raise
