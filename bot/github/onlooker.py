"""What people did about our comments: threads closed, lines changed, thumbs. One query a look, and
one look-up now and then for each person who reacted: only who may write is heard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from bot.domain.identifiers import Sha
from bot.domain.outcome import PullSeen, ThreadSeen
from bot.domain.pull_request import PullRef
from bot.errors import GitHubRefused, GitHubUnavailable
from bot.github.client import GitHubClient
from bot.github.graphql_parsing import STATES, Json, Ourselves, nodes
from bot.github.markers import markers_in
from bot.github.permissions import Writers
from bot.github.queries import LOOK

_MOST_PAGES = 5
_PERSON = "User"


class GitHubOnlooker:
    """Implements `ports.Onlooker`; the client should hold rights to read only."""

    def __init__(self, client: GitHubClient) -> None:
        self._client = client
        self._writers = Writers(client)

    def may_write(self, ref: PullRef, login: str) -> bool:
        """As it was at most ten minutes ago. Raises GitHubUnavailable, InstallationGone."""
        return self._writers.write(ref.repository, login)

    def look(self, ref: PullRef) -> PullSeen:
        """Our threads, of the first five hundred: a further query for each hundred more.

        Raises:
            GitHubRefused: it does not exist, or our token may not read it.
            GitHubUnavailable: GitHub has an outage, or asks us to wait.
            InstallationGone: suspended or removed.
        """
        seen: dict[str, ThreadSeen] = {}
        cursor: str | None = None
        heard = partial(self.may_write, ref)
        for left in reversed(range(_MOST_PAGES)):
            ourselves, pull = self._page(ref, cursor)
            for mark, thread in _ours(pull, ourselves, heard):
                seen.setdefault(mark, thread)
            page = pull["reviewThreads"]["pageInfo"]
            cursor = page["endCursor"]
            if not (left and page["hasNextPage"]):
                break
        return PullSeen(STATES[pull["state"]], Sha(pull["headRefOid"]), seen)

    def _page(self, ref: PullRef, cursor: str | None) -> tuple[Ourselves, Json]:
        repository = ref.repository
        names = {
            "owner": repository.owner,
            "name": repository.name,
            "number": ref.number,
            "cursor": cursor,
        }
        answer = self._client.graphql(repository, LOOK, names)
        pull = (answer.data.get("repository") or {}).get("pullRequest")
        if pull is None:
            why = "; ".join(error.message for error in answer.errors) or "it is not there"
            raise GitHubRefused(f"GitHub does not show {ref}: {why}", 404)
        if pull.get("reviewThreads") is None:
            raise GitHubUnavailable(f"GitHub did not give the review threads of {ref}")
        return Ourselves(answer.data["viewer"]["login"]), pull


def _ours(
    pull: Json, ourselves: Ourselves, heard: Callable[[str], bool]
) -> Iterator[tuple[str, ThreadSeen]]:
    """Each thread that a comment of ours began, under every mark in that comment."""
    for thread in nodes(pull, "reviewThreads"):
        first = next(iter(nodes(thread, "comments")), None)
        if first is None or not ourselves.wrote(first["author"]):
            continue
        seen = ThreadSeen(
            changed=thread["isOutdated"],
            resolved=thread["isResolved"],
            by_us=thread["isResolved"] and _by_us(thread["resolvedBy"], ourselves),
            ups=_people(first, "THUMBS_UP", heard),
            downs=_people(first, "THUMBS_DOWN", heard),
        )
        for mark in markers_in(first["body"] or ""):
            yield mark, seen


def _by_us(resolver: Json | None, ourselves: Ourselves) -> bool:
    """`resolvedBy` is typed as a person: where GitHub gives none, an App was it."""
    return resolver is None or resolver["login"].removesuffix("[bot]") == ourselves.slug


def _people(comment: Json, content: str, heard: Callable[[str], bool]) -> int:
    """How many people who are heard reacted so, of the first fifty who did."""
    groups = comment.get("reactionGroups") or ()
    reactors = [
        node for group in groups if group["content"] == content for node in nodes(group, "reactors")
    ]
    return sum(node["__typename"] == _PERSON and heard(node["login"]) for node in reactors)
