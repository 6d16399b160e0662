"""What people may do in a repository, by GitHub's API."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from bot.domain.pull_request import RepositoryRef
from bot.errors import GitHubRefused
from bot.github.client import GitHubClient
from bot.ports import Access

COMMAND_PERMISSIONS = frozenset({"admin", "maintain", "write"})
KNOWN_SECONDS = 600.0
"""How long it is believed who may write."""
MOST_ASKED = 100
"""People of one repository that GitHub is asked about in that time. Anybody may react to a comment,
and each look-up is one of five thousand requests an hour.
"""


def access_of(client: GitHubClient, repository: RepositoryRef, login: str) -> Access:
    """What this person may do there.

    https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
    `role_name` tells maintain from write and names custom roles; `permission` is the base
    role that it extends.
    """
    try:
        answer = client.get(repository, f"/collaborators/{quote(login)}/permission")
    except GitHubRefused as error:
        if error.status == 404:
            return "none"
        raise
    roles = {answer["permission"], answer.get("role_name")}
    if roles & COMMAND_PERMISSIONS:
        return "write"
    return "triage" if "triage" in roles else "read" if "read" in roles else "none"


@dataclass(slots=True)
class _Told:
    """What was learnt of a repository's people until a time."""

    until: float
    writes: dict[str, bool] = field(default_factory=dict)


class Writers:
    """Who has write access, asked seldom; whoever there is no room to ask about has none."""

    def __init__(self, client: GitHubClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._clock = client, clock
        self._told: dict[int, _Told] = {}

    def write(self, repository: RepositoryRef, login: str) -> bool:
        """Raises GitHubUnavailable, InstallationGone."""
        writes = self._of(repository).writes
        if login not in writes and len(writes) < MOST_ASKED:
            try:
                writes[login] = access_of(self._client, repository, login) == "write"
            except GitHubRefused:
                writes[login] = False
        return writes.get(login, False)

    def _of(self, repository: RepositoryRef) -> _Told:
        now = self._clock()
        self._told = {at: told for at, told in self._told.items() if told.until > now}
        return self._told.setdefault(repository.id, _Told(now + KNOWN_SECONDS))
