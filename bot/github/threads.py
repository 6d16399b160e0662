"""The review threads of findings: what is mended or settled is resolved.

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
from bot.github.queries import MORE_THREADS, RESOLVE_THREAD, UNRESOLVE_THREAD
from bot.process_log import LOG

_MOST_PAGES = 5
MOST_RESOLVED = 30
"""At one time: each is a write of GitHub's hourly share."""


class Threads:
    """Finds the threads that we began, resolves them and opens them again."""

    def __init__(self, client: GitHubClient) -> None:
        self._client = client

    def set_resolved(self, ref: PullRef, findings: Sequence[Finding], resolved: bool) -> int:
        """Resolve the threads of these findings, or open them again.

        Each thread is looked at first: one that is as it should be is left alone, so that a retry
        changes nothing. A refusal or an outage is logged: the rest stays as it is.

        Returns:
            How many are as they should be now.

        Raises:
            InstallationGone.
        """
        marks = {marker_of_finding(finding) for finding in findings}
        done = 0
        try:
            for thread in self._ours(ref):
                if done == MOST_RESOLVED:
                    break
                first = thread.comments[0] if thread.comments else None
                ours = first is not None and first.ours
                if first is not None and ours and marks & set(markers_in(first.body)):
                    done += thread.resolved == resolved or self._set(ref, thread, resolved)
        except (GitHubRefused, GitHubUnavailable) as error:
            LOG.warning("threads of %s stay as they are: %s", ref, error)
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

    def _set(self, ref: PullRef, thread: ReviewThread, resolved: bool) -> bool:
        change = RESOLVE_THREAD if resolved else UNRESOLVE_THREAD
        answer = self._client.graphql(ref.repository, change, {"thread": thread.node_id})
        return not answer.errors
