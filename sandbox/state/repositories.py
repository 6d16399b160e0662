"""Repositories, their people and their issues."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.git.changes import Changes
from sandbox.git.repository import BareRepository
from sandbox.state.accounts import Account, Role

if TYPE_CHECKING:
    from sandbox.state.pulls import PullRequest


@dataclass(slots=True)
class Issue:
    """An issue that is not a pull request."""

    id: int
    number: int
    title: str
    body: str
    author: Account
    created_at: float
    state: str = "open"
    labels: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Repository:
    """A repository. Issues and pull requests share one row of numbers."""

    id: int
    owner: Account
    name: str
    private: bool
    default_branch: str
    git: BareRepository
    created_at: float
    parent: Repository | None = None
    roles: dict[str, Role] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    pulls: dict[int, PullRequest] = field(default_factory=dict)
    changes: Changes = field(init=False)

    def __post_init__(self) -> None:
        self.changes = Changes(self.git)

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    @property
    def node_id(self) -> str:
        return f"R_{self.id}"

    def next_number(self) -> int:
        return 1 + max([0, *self.issues, *self.pulls])

    def role_of(self, login: str) -> Role:
        if login.lower() == self.owner.login.lower():
            return "admin"
        return self.roles.get(login.lower(), "none" if self.private else "read")


class Repositories:
    """Repositories by full name, whatever the case."""

    def __init__(self) -> None:
        self._known: dict[str, Repository] = {}

    def add(self, repository: Repository) -> Repository:
        key = repository.full_name.lower()
        if key in self._known:
            raise ValueError(f"repository {repository.full_name!r} exists; choose another name")
        self._known[key] = repository
        return repository

    def find(self, full_name: str) -> Repository | None:
        return self._known.get(full_name.lower())

    def all(self) -> list[Repository]:
        return list(self._known.values())

    def of_owner(self, login: str) -> list[Repository]:
        return [item for item in self.all() if item.owner.login.lower() == login.lower()]
