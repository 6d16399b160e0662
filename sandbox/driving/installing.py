"""What people do with the App: install, suspend, re-run, redeliver."""

from __future__ import annotations

from sandbox.actions import checks, installations
from sandbox.actions.announce import announce_ping, redeliver
from sandbox.driving.people import People
from sandbox.state.apps import Installation
from sandbox.state.checks import CheckRun
from sandbox.state.deliveries import Delivery
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository


class Installing(People):
    """The App on an account, named by its owner's login."""

    def rerequest(self, check: CheckRun, *, by: str = "alice") -> None:
        """Press "Re-run" on a check run."""
        with self.world.lock:
            checks.rerequest_run(self.world, check, self._account(by))

    def rerequest_all(self, pull: PullRequest, *, by: str = "alice") -> None:
        """Press "Re-run all checks"."""
        with self.world.lock:
            for suite in self.world.checks.suites(pull.repository, pull.head_sha):
                checks.rerequest_suite(self.world, suite, self._account(by))

    def installation(self, owner: str) -> Installation:
        found = self.world.installation_of(self.world.accounts.organisation(owner))
        if found is None:
            raise LookupError(f"the App is not installed on {owner!r}; call install() first")
        return found

    def install(
        self, owner: str, only: list[Repository] | None = None, *, by: str = "alice"
    ) -> Installation:
        with self.world.lock:
            account = self.world.accounts.organisation(owner)
            return installations.install(self.world, account, self._account(by), only)

    def uninstall(self, owner: str, *, by: str = "alice") -> None:
        with self.world.lock:
            there = self.installation(owner)
            installations.uninstall(self.world, there, self._account(by))

    def suspend(self, owner: str, *, by: str = "alice") -> None:
        with self.world.lock:
            installations.suspend(self.world, self.installation(owner), self._account(by))

    def unsuspend(self, owner: str, *, by: str = "alice") -> None:
        with self.world.lock:
            installations.unsuspend(self.world, self.installation(owner), self._account(by))

    def select_repositories(
        self,
        owner: str,
        added: list[Repository] | None = None,
        removed: list[Repository] | None = None,
        *,
        by: str = "alice",
    ) -> None:
        """Change which repositories the App may reach; from "all" it becomes a selection."""
        with self.world.lock:
            there = self.installation(owner)
            if there.repository_ids is None:
                there.repository_ids = {item.id for item in self.world.repositories_of(there)}
            installations.change_repositories(
                self.world, there, self._account(by), added or [], removed or []
            )

    def expire_tokens(self) -> None:
        """Every installation token issued so far is refused from now on."""
        with self.world.lock:
            for token in self.world.tokens.of_installations():
                token.expires_at = 0.0

    def personal_token(self, login: str) -> str:
        """The personal token of alice (admin), bob (write) or mallory (read)."""
        return f"{login}-token"

    def ping(self) -> Delivery:
        with self.world.lock:
            return announce_ping(self.world)

    def redeliver(self, delivery: Delivery) -> Delivery:
        """Press "Redeliver": the same body under the same GUID."""
        with self.world.lock:
            return redeliver(self.world, delivery)
