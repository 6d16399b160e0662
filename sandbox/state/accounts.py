"""Users, organisations and bots."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Role = Literal["admin", "maintain", "write", "triage", "read", "none"]
_RANK: dict[Role, int] = {
    "none": 0,
    "read": 1,
    "triage": 2,
    "write": 3,
    "maintain": 4,
    "admin": 5,
}


def at_least(role: Role, wanted: Role) -> bool:
    return _RANK[role] >= _RANK[wanted]


@dataclass(frozen=True, slots=True)
class Account:
    """Someone with a login. A bot's login ends in `[bot]` over REST, and not over GraphQL."""

    login: str
    id: int
    type: Literal["User", "Organization", "Bot"]

    @property
    def node_id(self) -> str:
        return f"{self.type[0]}_{self.id}"

    @property
    def slug(self) -> str:
        return self.login.removesuffix("[bot]")


class Accounts:
    """Accounts by login; a login never seen before becomes a user (or, by its suffix, a bot)."""

    def __init__(self) -> None:
        self._known: dict[str, Account] = {}

    def get(self, login: str) -> Account:
        key = login.lower()
        if key not in self._known:
            is_bot = login.endswith("[bot]")
            self._known[key] = Account(login, _id_of(login), "Bot" if is_bot else "User")
        return self._known[key]

    def find(self, login: str) -> Account | None:
        return self._known.get(login.lower())

    def organisation(self, login: str) -> Account:
        account = self._known.get(login.lower())
        if account is None:
            account = Account(login, _id_of(login), "Organization")
            self._known[login.lower()] = account
        return account

    def people(self) -> list[Account]:
        return [account for account in self._known.values() if account.type == "User"]


def _id_of(login: str) -> int:
    return int(hashlib.sha256(login.lower().encode()).hexdigest()[:7], 16)
