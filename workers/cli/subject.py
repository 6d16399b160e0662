"""What `plumbline review` looks at, and where it reads it from: a local range or a pull request."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.domain.pull_request import PullRef
from bot.environment import cache_dir
from bot.ports import Publisher, PullRequests, Repositories
from bot.settings import Settings
from workers.cli.local_change import LocalRepositories, Words, local_pull_request
from workers.review.known_pull import KnownPull


@dataclass(frozen=True, slots=True)
class Subject:
    """`publisher` is None where there is nowhere to post to."""

    ref: PullRef
    pulls: PullRequests
    repositories: Repositories
    publisher: Publisher | None = None


def local_subject(folder: Path, text: str, words: Words) -> Subject:
    """A range of a repository on this machine. Raises UserError, RangeError."""
    pull = local_pull_request(folder, text, words)
    repositories = LocalRepositories(folder.absolute(), cache_dir())
    return Subject(pull.ref, KnownPull(pull), repositories)


def pull_request_subject(url: str, settings: Settings) -> Subject:
    """A pull request on GitHub, with the person's own token.

    Raises:
        UserError: the address or the token cannot be used.
        GitHubRefused, GitHubUnavailable: see `bot.errors`.
    """
    from bot.github.connect import connect_person  # here: a local range needs no GitHub
    from bot.github.pull_urls import refuse_elsewhere
    from workers.repository.clones.bare_clones import BareClones

    refuse_elsewhere(url, settings.github.git_url)
    github = connect_person(settings.github)
    clones = BareClones(settings.data_dir, settings.github.git_url, github.fetch_token)
    return Subject(github.pulls.pull_of_url(url), github.pulls, clones, github.publisher)
