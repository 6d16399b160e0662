"""Who acts, and on which repository: what all actions look up first."""

from __future__ import annotations

from sandbox.state.accounts import Account
from sandbox.state.repositories import Repository
from sandbox.state.world import World


class People:
    """People by login, repositories as themselves or by full name."""

    world: World

    def _repository(self, repository: Repository | str) -> Repository:
        if isinstance(repository, Repository):
            return repository
        found = self.world.repositories.find(repository)
        if found is None:
            known = [item.full_name for item in self.world.repositories.all()]
            raise LookupError(f"no repository {repository!r}; there are {known}")
        return found

    def _account(self, login: str) -> Account:
        return self.world.accounts.get(login)
