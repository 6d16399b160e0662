"""Reads of GitHub: a pull request with everything that one review needs, in two calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.identifiers import RepositoryId, Sha
from bot.domain.jobs import number_in_key
from bot.domain.pull_request import PullRef, PullRequest, RepositoryRef, ThreadComment
from bot.errors import GitHubRefused, GitHubUnavailable
from bot.github.checks import NAME
from bot.github.client import GitHubClient, GraphQLAnswer, GraphQLError
from bot.github.comparison import compare
from bot.github.graphql_parsing import (
    Ourselves,
    base_tip,
    parse_pull,
    parse_reviews,
    parse_threads,
)
from bot.github.permissions import access_of
from bot.github.pull_urls import parse_pull_url
from bot.github.queries import MORE_REVIEWS, MORE_THREADS, POLICY_PATH, READ_PULL
from bot.github.rest_parsing import login_of
from bot.github.rest_reading import organisation_policy, policy_file, read_by_rest
from bot.ports import Access

MOST_FURTHER_PAGES = 4


class GitHubPullRequests:
    """Implements `ports.PullRequests`; the client should hold rights to read only."""

    def __init__(self, client: GitHubClient) -> None:
        self._client = client

    def read(self, ref: PullRef) -> PullRequest:
        """The pull request as it is now, under the repository's present name.

        Raises:
            GitHubRefused: it does not exist, or our token may not read it.
            GitHubUnavailable: GitHub has an outage, or asks us to wait.
            InstallationGone: suspended or removed.
        """
        try:
            answer = self._ask(ref, READ_PULL, policy=f"HEAD:{POLICY_PATH}")
        except (GitHubRefused, GitHubUnavailable) as error:
            if isinstance(error, GitHubUnavailable) and error.retry_after is not None:
                raise
            return read_by_rest(self._client, ref, (f"GraphQL did not answer: {error}",))
        repository = answer.data.get("repository") or {}
        pull = repository.get("pullRequest")
        if pull is None or _lacks_connections(pull):
            return read_by_rest(self._client, ref, _error_notes(answer.errors))
        return self._from_graphql(ref, answer, repository, pull)

    def access(self, ref: PullRef, login: str) -> Access:
        """What this person may do there. Raises GitHubUnavailable, InstallationGone."""
        return access_of(self._client, ref.repository, login)

    def author(self, ref: PullRef) -> str:
        """The login of whoever opened it. https://docs.github.com/en/rest/pulls/pulls"""
        return login_of(self._client.get(ref.repository, f"/pulls/{ref.number}")["user"])

    def policy_files(self, ref: PullRef) -> Sequence[tuple[str, str]]:
        """The organisation's and the repository's, by REST: a look-up is cheaper than a clone."""
        pull = self._client.get(ref.repository, f"/pulls/{ref.number}")
        shared = organisation_policy(self._client, ref.repository)
        own = policy_file(self._client, ref.repository, ref=pull["base"]["ref"])
        files = ((f"{ref.repository.owner}/.github", shared), (POLICY_PATH, own))
        return [(source, text) for source, text in files if text is not None]

    def checked_at(self, repository: RepositoryRef, head: Sha) -> Sequence[int]:
        """By the keys of our check runs: GitHub does not tell which pull requests of forks have
        this head. https://docs.github.com/en/rest/checks/runs
        """
        path = f"/commits/{head}/check-runs"
        answer = self._client.get(repository, path, check_name=NAME, filter="all", per_page=100)
        keys = (run.get("external_id") or "" for run in answer["check_runs"])
        numbers = (number_in_key(key, repository) for key in keys)
        return sorted({number for number in numbers if number is not None})

    def comment(self, ref: PullRef, comment_id: int) -> ThreadComment | None:
        """One review comment; None where it was deleted.

        https://docs.github.com/en/rest/pulls/comments#get-a-review-comment-for-a-pull-request
        """
        try:
            raw = self._client.get(ref.repository, f"/pulls/comments/{comment_id}")
        except GitHubRefused as error:
            if error.status == 404:
                return None
            raise
        author = login_of(raw["user"])
        return ThreadComment(
            id=raw["id"],
            body=raw["body"] or "",
            author=author,
            ours=author == self._client.login(),
            url=raw["html_url"],
            path=raw["path"],
            hunk=raw.get("diff_hunk") or "",
        )

    def pull_of_url(self, url: str) -> PullRef:
        """The pull request at this address, its repository's id looked up.

        Raises:
            UserError: not the address of a pull request.
            GitHubRefused: no such repository, or not for this token.
        """
        full_name, number = parse_pull_url(url)
        unknown = RepositoryRef(id=RepositoryId(0), full_name=full_name)
        raw = self._client.get(unknown, "")
        repository = replace(
            unknown, id=RepositoryId(raw["id"]), full_name=raw["full_name"], private=raw["private"]
        )
        return PullRef(repository, number)

    def _from_graphql(
        self,
        ref: PullRef,
        answer: GraphQLAnswer,
        repository: Mapping[str, Any],
        pull: Mapping[str, Any],
    ) -> PullRequest:
        current = replace(
            ref.repository, full_name=repository["nameWithOwner"], private=repository["isPrivate"]
        )
        ref = replace(ref, repository=current)
        ourselves = Ourselves(answer.data["viewer"]["login"])
        compared = compare(self._client, current, base_tip(pull), Sha(pull["headRefOid"]))
        read = parse_pull(ref, pull, ourselves, compared.merge_base, _error_notes(answer.errors))
        read = replace(read, organisation_policy=_organisation_policy(answer.data))
        return self._with_earlier_reviews(
            self._with_further_threads(read, pull, ourselves), pull, ourselves
        )

    def _with_further_threads(
        self, read: PullRequest, pull: Mapping[str, Any], ourselves: Ourselves
    ) -> PullRequest:
        threads, page = list(read.threads), pull["reviewThreads"]["pageInfo"]
        for _ in range(MOST_FURTHER_PAGES):
            if not page["hasNextPage"]:
                return replace(read, threads=tuple(threads))
            more = self._more(read.ref, MORE_THREADS, page["endCursor"])
            threads += parse_threads(more, ourselves)
            page = more["reviewThreads"]["pageInfo"]
        note = f"Only the first {len(threads)} review threads were read."
        return replace(read, threads=tuple(threads), notes=(*read.notes, note))

    def _with_earlier_reviews(
        self, read: PullRequest, pull: Mapping[str, Any], ourselves: Ourselves
    ) -> PullRequest:
        reviews, page = read.reviews, pull["reviews"]["pageInfo"]
        for _ in range(MOST_FURTHER_PAGES):
            if not page["hasPreviousPage"]:
                return replace(read, reviews=reviews)
            more = self._more(read.ref, MORE_REVIEWS, page["startCursor"])
            reviews = (*parse_reviews(more, ourselves), *reviews)
            page = more["reviews"]["pageInfo"]
        note = "The oldest reviews of this pull request were not read."
        return replace(read, reviews=reviews, notes=(*read.notes, note))

    def _more(self, ref: PullRef, query: str, cursor: str) -> Mapping[str, Any]:
        answer = self._ask(ref, query, cursor=cursor)
        pull = (answer.data.get("repository") or {}).get("pullRequest")
        if pull is None:
            raise GitHubUnavailable(f"GitHub did not give a further page of {ref}")
        return dict(pull)

    def _ask(self, ref: PullRef, query: str, **variables: str) -> GraphQLAnswer:
        repository = ref.repository
        names = {"owner": repository.owner, "name": repository.name, "number": ref.number}
        return self._client.graphql(repository, query, {**names, **variables})


def _lacks_connections(pull: Mapping[str, Any]) -> bool:
    """GraphQL withheld, with an error, what a review must not go without."""
    return any(pull.get(name) is None for name in ("commits", "reviewThreads", "reviews"))


def _organisation_policy(data: Mapping[str, Any]) -> str | None:
    """The organisation's file: absent, or not for our token, is not an error."""
    blob = (data.get("organisation") or {}).get("object") or {}
    return None if blob.get("isTruncated") else blob.get("text")


def _error_notes(errors: tuple[GraphQLError, ...]) -> tuple[str, ...]:
    """Every error but those of the organisation's repository, which few tokens may read."""
    return tuple(
        f"GitHub did not give {error.path or 'all of it'}: {error.message}"
        for error in errors
        if not error.path.startswith("organisation")
    )
