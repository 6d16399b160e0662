"""The GitHub App, its installations, and the tokens that act for it or for people."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.state.accounts import Account

Level = Literal["read", "write", "admin"]
Permissions = dict[str, Level]
_LEVELS: dict[Level, int] = {"read": 1, "write": 2, "admin": 3}

TOKEN_SECONDS = 3600


def default_permissions() -> Permissions:
    return {
        "checks": "write",
        "contents": "read",
        "issues": "write",
        "merge_queues": "read",
        "metadata": "read",
        "pull_requests": "write",
    }


def covers(granted: Permissions, permission: str, level: Level) -> bool:
    """Whether a set of permissions includes this one at this level or above."""
    held = granted.get(permission)
    return held is not None and _LEVELS[held] >= _LEVELS[level]


@lru_cache(maxsize=1)
def _private_key() -> str:
    """One key per process: making one takes a tenth of a second."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


@dataclass(slots=True)
class App:
    """The one App of this GitHub. `events` are those that it subscribed to."""

    id: int = 12345
    slug: str = "plumbline"
    name: str = "Plumbline"
    private_key: str = field(default_factory=_private_key, repr=False)
    webhook_secret: str = field(default="a-webhook-secret", repr=False)
    webhook_url: str | None = None
    permissions: Permissions = field(default_factory=default_permissions)
    events: set[str] = field(
        default_factory=lambda: {
            "check_run",
            "check_suite",
            "issue_comment",
            "merge_group",
            "pull_request",
            "pull_request_review",
            "pull_request_review_comment",
            "pull_request_review_thread",
            "push",
        }
    )

    @property
    def bot_login(self) -> str:
        return f"{self.slug}[bot]"

    def public_key(self) -> bytes:
        key = serialization.load_pem_private_key(self.private_key.encode(), password=None)
        return key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@dataclass(slots=True)
class Installation:
    """The App on one account. `repository_ids` is None when all repositories are selected."""

    id: int
    account: Account
    permissions: Permissions
    created_at: float
    repository_ids: set[int] | None = None
    suspended_at: float | None = None

    def includes(self, repository_id: int, owner: Account) -> bool:
        if owner.login.lower() != self.account.login.lower():
            return False
        return self.repository_ids is None or repository_id in self.repository_ids


@dataclass(slots=True)
class Token:
    """A personal token (`installation` None, never expires) or an installation token."""

    value: str = field(repr=False)
    login: str
    installation: Installation | None = None
    permissions: Permissions = field(default_factory=dict)
    repository_ids: frozenset[int] | None = None
    expires_at: float | None = None

    def includes(self, repository_id: int, owner: Account) -> bool:
        if self.installation is None:
            return True
        if self.repository_ids is not None and repository_id not in self.repository_ids:
            return False
        return self.installation.includes(repository_id, owner)


class Tokens:
    """Every token that was ever issued; an unknown or expired one is not found."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}

    def issue(self, token: Token) -> Token:
        self._tokens[token.value] = token
        return token

    def find(self, value: str, now: float) -> Token | None:
        token = self._tokens.get(value)
        if token is None or (token.expires_at is not None and token.expires_at <= now):
            return None
        return token

    def revoke(self, value: str) -> None:
        self._tokens.pop(value, None)

    def of_installations(self) -> list[Token]:
        return [token for token in self._tokens.values() if token.installation is not None]


def new_installation_token() -> str:
    return "ghs_" + secrets.token_hex(18)
