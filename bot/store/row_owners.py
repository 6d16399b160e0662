"""Whose rows: conditions on `installation_id` and `repository_id`, which most tables have."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement

from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.pull_request import RepositoryRef


def of_installation(
    table: Any,  # noqa: ANN401
    installation: InstallationId,
    repositories: Collection[RepositoryId] = (),
) -> tuple[ColumnElement[bool], ...]:
    """The rows of an installation, or of some of its repositories."""
    own: tuple[ColumnElement[bool], ...] = (table.c.installation_id == installation,)
    return (*own, table.c.repository_id.in_(repositories)) if repositories else own


def of_repository(table: Any, repository: RepositoryRef) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401
    """The rows of one repository; a range in a terminal belongs to installation 0."""
    return (
        table.c.installation_id == (repository.installation or 0),
        table.c.repository_id == repository.id,
    )
