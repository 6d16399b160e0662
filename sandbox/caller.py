"""Who is asking: nobody, the App by its JWT, an installation, or a person by their token."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import jwt

from sandbox.actions.installations import use_token
from sandbox.errors import BadCredentials, Forbidden, NotFound, Refusal
from sandbox.state.accounts import Account, Role, at_least
from sandbox.state.apps import App, Level, Permissions, Token, covers
from sandbox.state.repositories import Repository
from sandbox.state.world import World

_LONGEST_JWT_SECONDS = 600
# What a person's role must be for an App's permission at `write`. Anyone who may read a
# repository may comment and review there.
_ROLE_TO_WRITE: dict[str, Role] = {
    "contents": "write",
    "pull_requests": "read",
    "issues": "read",
    "administration": "admin",
}


@dataclass(frozen=True, slots=True)
class Caller:
    account: Account | None = None
    token: Token | None = None
    is_app: bool = False

    @property
    def login(self) -> str:
        return self.account.login if self.account else ""

    @property
    def permissions(self) -> Permissions:
        return dict(self.token.permissions) if self.token else {}

    @property
    def is_installation(self) -> bool:
        return self.token is not None and self.token.installation is not None

    def sees(self, repository: Repository) -> bool:
        if self.token is None or self.account is None:
            return not repository.private
        if self.is_installation:
            reached = self.token.includes(repository.id, repository.owner)
            return reached or not repository.private
        return at_least(repository.role_of(self.login), "read")

    def allows(self, repository: Repository, names: tuple[str, ...], level: Level) -> bool:
        """Whether one of these permissions is held at this level, for this repository."""
        if self.token is None:
            return level == "read" and not repository.private
        if self.is_installation:
            if level != "read" and not self.token.includes(repository.id, repository.owner):
                return False
            return any(covers(self.token.permissions, name, level) for name in names)
        if level == "read":
            return at_least(repository.role_of(self.login), "read")
        role = repository.role_of(self.login)
        return any(
            name in _ROLE_TO_WRITE and at_least(role, _ROLE_TO_WRITE[name]) for name in names
        )

    def require(self, repository: Repository, names: tuple[str, ...], level: Level) -> None:
        """Raises 404 for what the caller may not see, 401 or 403 for what they may not do."""
        if not self.sees(repository):
            raise NotFound
        if self.allows(repository, names, level):
            return
        if self.token is None:
            raise Refusal(401, "Requires authentication")
        if self.is_installation:
            raise Forbidden
        if "checks" in names:
            raise Forbidden("You must authenticate via a GitHub App.")
        raise Forbidden("Must have write access to the repository.")


def identify(world: World, authorization: str) -> Caller:
    """The caller named by the `Authorization` header. Raises 401 for a bad one."""
    kind, _, value = authorization.strip().partition(" ")
    if not kind:
        return Caller()
    if kind.lower() == "basic":
        value = _basic_password(value)
    elif kind.lower() not in ("bearer", "token"):
        raise BadCredentials
    if value.count(".") == 2:
        check_app_jwt(world.app, value, world.clock.now())
        return Caller(is_app=True)
    token = use_token(world, value)
    return Caller(world.accounts.get(token.login), token)


def _basic_password(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError) as error:
        raise BadCredentials from error


def check_app_jwt(app: App, token: str, now: float) -> None:
    """Refuse a JWT as GitHub does.

    https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
    """
    undecodable = BadCredentials("A JSON web token could not be decoded")
    try:
        unchecked = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
        claims = jwt.decode(token, app.public_key(), algorithms=["RS256"], options=unchecked)  # type: ignore[arg-type]
    except jwt.PyJWTError as error:
        raise undecodable from error
    issuer = str(claims.get("iss", ""))
    if issuer not in (str(app.id), f"Iv23li{app.id}"):
        raise NotFound("Integration not found")
    issued, expires = claims.get("iat"), claims.get("exp")
    if issued is None:
        raise BadCredentials("Missing 'issued at' claim ('iat') in assertion")
    if not isinstance(issued, int) or issued > now + 60:
        raise BadCredentials(
            "'Issued at' claim ('iat') must be an Integer representing the time that the "
            "assertion was issued"
        )
    if not isinstance(expires, int | float) or expires <= now:
        raise BadCredentials(
            "'Expiration time' claim ('exp') must be a numeric value representing the future "
            "time at which the assertion expires"
        )
    if expires > now + _LONGEST_JWT_SECONDS:
        raise BadCredentials("'Expiration time' claim ('exp') is too far in the future")
