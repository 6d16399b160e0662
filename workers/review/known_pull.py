"""A pull request that is known already: of a local range, or of a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.identifiers import Sha
from bot.domain.pull_request import PullRef, PullRequest, RepositoryRef, ThreadComment
from bot.ports import Access


@dataclass(frozen=True, slots=True)
class KnownPull:
    """`ports.PullRequests` of one pull request. Nobody asks for anything or comments there."""

    pull: PullRequest

    def read(self, ref: PullRef) -> PullRequest:
        """The pull request. Raises ValueError: another one is asked for."""
        if ref != self.pull.ref:
            raise ValueError(f"{ref} was asked for, but only {self.pull.ref} is here")
        return self.pull

    def access(self, ref: PullRef, login: str) -> Access:  # noqa: ARG002
        """None."""
        return "none"

    def policy_files(self, ref: PullRef) -> Sequence[tuple[str, str]]:  # noqa: ARG002
        """None: nobody asks, so nobody is allowed to."""
        return ()

    def author(self, ref: PullRef) -> str:
        """Whoever opened it, or wrote the newest commit of the range."""
        return self.read(ref).author

    def checked_at(self, repository: RepositoryRef, head: Sha) -> Sequence[int]:  # noqa: ARG002
        """None."""
        return ()

    def comment(self, ref: PullRef, comment_id: int) -> ThreadComment | None:  # noqa: ARG002
        """None."""
        return None
