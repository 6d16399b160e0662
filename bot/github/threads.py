"""The review threads of findings: the ones that the author has mended are resolved.

Resolving may need a right that the App does not ask for; then the threads stay open, and the
summary says what is fixed all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.finding import Finding
from bot.domain.pull_request import PullRef, ReviewThread
from bot.errors import GitHubRefused, GitHubUnavailable
from bot.github.client import GitHubClient
from bot.github.graphql_parsing import Ourselves, parse_threads
from bot.github.markers import marker_of_finding, markers_in
from bot.github.queries import MORE_THREADS, RESOLVE_THREAD

_MOST_PAGES = 5
_MOST_RESOLVED = 30
"""At one time: each is a write of GitHub's hourly share."""


class Threads:
    """Finds the threads that we began and resolves them."""

    def __init__(self, client: GitHubClient) -> None:
        self._client = client

    def resolve(self, ref: PullRef, fixed: Sequence[Finding]) -> int:
        """Resolve the threads of these findings. Returns how many GitHub took; never raises.

        Each thread is looked at first: one that somebody resolved is left alone, so that a retry
        changes nothing.
        """
        marks = {marker_of_finding(finding) for finding in fixed}
        done = 0
        try:
            for thread in self._ours(ref):
                if done == _MOST_RESOLVED:
                    break
                first = thread.comments[0] if thread.comments else None
                open_and_ours = first is not None and first.ours and not thread.resolved
                if first is not None and open_and_ours and marks & set(markers_in(first.body)):
                    done += self._resolve(ref, thread)
        except (GitHubRefused, GitHubUnavailable):
            return done
        return done

    def _ours(self, ref: PullRef) -> Iterator[ReviewThread]:
        """Every thread, page by page; `ours` is set on our own comments."""
        repository, cursor = ref.repository, None
        ourselves = Ourselves(self._client.login())
        for _ in range(_MOST_PAGES):
            names = {
                "owner": repository.owner,
                "name": repository.name,
                "number": ref.number,
                "cursor": cursor,
            }
            answer = self._client.graphql(repository, MORE_THREADS, names)
            pull = (answer.data.get("repository") or {}).get("pullRequest") or {}
            yield from parse_threads(pull, ourselves)
            page = (pull.get("reviewThreads") or {}).get("pageInfo") or {}
            cursor = page.get("endCursor")
            if not page.get("hasNextPage"):
                return

    def _resolve(self, ref: PullRef, thread: ReviewThread) -> int:
        answer = self._client.graphql(ref.repository, RESOLVE_THREAD, {"thread": thread.node_id})
        return 0 if answer.errors else 1
