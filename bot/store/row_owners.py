"""Whose rows: what most tables name an installation, a repository and a pull request by."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement

from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.pull_request import PullRef, RepositoryRef


def of_installation(
    table: Any,  # noqa: ANN401
    installation: InstallationId,
    repositories: Collection[RepositoryId] = (),
) -> tuple[ColumnElement[bool], ...]:
    """The rows of an installation, or of some of its repositories."""
    own: tuple[ColumnElement[bool], ...] = (table.c.installation_id == installation,)
    return (*own, table.c.repository_id.in_(repositories)) if repositories else own


def of_neighbours(table: Any, repository: RepositoryRef) -> ColumnElement[bool]:  # noqa: ANN401
    """The rows of all repositories of the installation that this one belongs to."""
    same: ColumnElement[bool] = table.c.installation_id == owner(repository)["installation_id"]
    return same


def of_repository(table: Any, repository: RepositoryRef) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401
    """The rows of one repository."""
    return tuple(table.c[name] == value for name, value in owner(repository).items())


def of_pull(table: Any, ref: PullRef) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401
    """The rows of one pull request."""
    return tuple(table.c[name] == value for name, value in pull_owner(ref).items())


def owner(repository: RepositoryRef) -> dict[str, int]:
    """The columns that name a repository; a range in a terminal belongs to installation 0."""
    return {"installation_id": repository.installation or 0, "repository_id": repository.id}


def pull_owner(ref: PullRef) -> dict[str, int]:
    """The columns that name a pull request."""
    return {**owner(ref.repository), "number": ref.number}
