"""How things stand on a pull request at the moment before we write: one query."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.identifiers import Sha
from bot.domain.pull_request import EarlierReview, PullRef, PullState
from bot.errors import GitHubRefused, GitHubUnavailable
from bot.github.client import GitHubClient
from bot.github.graphql_parsing import STATES, Ourselves, nodes, parse_review
from bot.github.markers import markers_in
from bot.github.queries import STANDING
from bot.github.rest_parsing import pull_state, review_of

MOST_REVIEW_PAGES = 10


@dataclass(frozen=True, slots=True)
class OwnReview:
    """A review of ours; `comments` is None where GitHub did not count them."""

    review: EarlierReview
    comments: int | None = None

    @property
    def pending(self) -> bool:
        """Not submitted: only we see it."""
        return self.review.state == "PENDING"

    def carries(self, marker: str) -> bool:
        """Whether this is the review with this mark."""
        return marker in markers_in(self.review.body)


@dataclass(frozen=True, slots=True)
class Standing:
    """Head, state and our own reviews (a pending one included), as GitHub's replica sees them."""

    head: Sha
    state: PullState
    own: tuple[OwnReview, ...]

    def submitted(self, marker: str) -> OwnReview | None:
        """Our submitted review with this mark."""
        return next((own for own in self.own if own.carries(marker) and not own.pending), None)

    @property
    def pending(self) -> OwnReview | None:
        """Our pending review; GitHub allows one for each user and pull request."""
        return next((own for own in self.own if own.pending), None)


def read_standing(client: GitHubClient, ref: PullRef) -> Standing:
    """Ask GraphQL; where it does not answer, REST.

    Raises:
        GitHubRefused, GitHubUnavailable, InstallationGone.
    """
    repository = ref.repository
    names = {"owner": repository.owner, "name": repository.name, "number": ref.number}
    try:
        answer = client.graphql(repository, STANDING, names)
    except (GitHubUnavailable, GitHubRefused) as error:
        if isinstance(error, GitHubUnavailable) and error.retry_after is not None:
            raise
        return _by_rest(client, ref)
    pull = (answer.data.get("repository") or {}).get("pullRequest")
    if pull is None or pull.get("reviews") is None:
        return _by_rest(client, ref)
    ourselves = Ourselves(answer.data["viewer"]["login"])
    own = tuple(
        OwnReview(parse_review(node), node["comments"]["totalCount"])
        for node in nodes(pull, "reviews")
        if ourselves.wrote(node["author"])
    )
    return Standing(Sha(pull["headRefOid"]), STATES[pull["state"]], own)


def _by_rest(client: GitHubClient, ref: PullRef) -> Standing:
    pull = client.get(ref.repository, f"/pulls/{ref.number}")
    login = client.login()
    own = tuple(
        OwnReview(review_of(entry))
        for page in client.pages(ref.repository, f"/pulls/{ref.number}/reviews", MOST_REVIEW_PAGES)
        for entry in page
        if (entry["user"] or {}).get("login") == login
    )
    return Standing(Sha(pull["head"]["sha"]), pull_state(pull), own)
