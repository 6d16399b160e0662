"""Where head and base branch parted, by GitHub's compare API."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from bot.domain.identifiers import Sha
from bot.domain.pull_request import RepositoryRef
from bot.errors import GitHubRefused, RangeError
from bot.github.client import GitHubClient

_NO_ANCESTOR = "No common ancestor"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`base` is the commit that the base side resolved to."""

    base: Sha
    merge_base: Sha


def compare(client: GitHubClient, repository: RepositoryRef, base: str, head: Sha) -> Comparison:
    """One light call: the second page of one commit each carries no files.

    https://docs.github.com/en/rest/commits/commits#compare-two-commits ("The list of changed
    files is only shown on the first page of results.")

    Raises:
        RangeError: the two share no ancestor.
        GitHubRefused: one of them is not there.
    """
    path = f"/compare/{quote(base, safe='')}...{head}"
    try:
        answer = client.get(repository, path, per_page=1, page=2)
        if "merge_base_commit" not in answer:
            answer = client.get(repository, path, per_page=1)
    except GitHubRefused as error:
        if error.status == 404 and _NO_ANCESTOR in str(error):
            raise RangeError(
                f"{head[:7]} shares no commit with its base branch, so there is no change to read. "
                "Push a branch that begins at the base branch."
            ) from error
        raise
    return Comparison(
        base=Sha(answer["base_commit"]["sha"]),
        merge_base=Sha(answer["merge_base_commit"]["sha"]),
    )
