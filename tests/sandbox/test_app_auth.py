"""The App's key, its installation tokens, and what they may reach."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox import Sandbox
from sandbox.state.repositories import Repository
from tests.sandbox.conftest import refusal


def claims(github: Sandbox, **changed: object) -> dict[str, Any]:
    now = int(time.time())
    made = {"iss": str(github.app.id), "iat": now - 60, "exp": now + 300, **changed}
    return {name: value for name, value in made.items() if value is not None}


def ask(github: Sandbox, payload: dict[str, Any], key: str = "") -> requests.Response:
    token = jwt.encode(payload, key or github.app.private_key, "RS256")
    return requests.get(
        f"{github.url}/app", headers={"Authorization": f"Bearer {token}"}, timeout=10
    )


def mint(github: Sandbox, body: dict[str, Any] | None = None) -> requests.Response:
    token = jwt.encode(claims(github), github.app.private_key, "RS256")
    number = next(iter(github.world.installations))
    return requests.post(
        f"{github.url}/app/installations/{number}/access_tokens",
        json=body,
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )


def get(github: Sandbox, path: str, token: str) -> requests.Response:
    return requests.get(github.url + path, headers={"Authorization": f"token {token}"}, timeout=10)


def test_the_app_is_known_by_its_key(github: Sandbox) -> None:
    answer = ask(github, claims(github))
    assert (answer.status_code, answer.json()["slug"]) == (200, "plumbline")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"exp": 1200},
            "'Expiration time' claim ('exp') is too far in the future",
        ),
        ({"iat": None}, "Missing 'issued at' claim ('iat') in assertion"),
        (
            {"exp": -10},
            "'Expiration time' claim ('exp') must be a numeric value representing the future "
            "time at which the assertion expires",
        ),
        (
            {"iat": 600},
            "'Issued at' claim ('iat') must be an Integer representing the time that the "
            "assertion was issued",
        ),
    ],
)
def test_a_jwt_with_wrong_times_is_refused(
    github: Sandbox, changed: dict[str, int | None], message: str
) -> None:
    """Seconds from when the test runs, which may be long after it was collected."""
    now = int(time.time())
    times = {name: None if at is None else now + at for name, at in changed.items()}
    assert refusal(ask(github, claims(github, **times))) == (401, message, None)


def test_a_jwt_of_another_key_is_refused(github: Sandbox) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    answer = ask(github, claims(github), other.decode())
    assert refusal(answer) == (401, "A JSON web token could not be decoded", None)


def test_a_jwt_of_another_app_is_refused(github: Sandbox) -> None:
    answer = ask(github, claims(github, iss="999"))
    assert refusal(answer) == (404, "Integration not found", None)


@pytest.mark.usefixtures("shop")
def test_a_token_carries_what_was_asked_for(github: Sandbox) -> None:
    answer = mint(github, {"permissions": {"contents": "read"}, "repositories": ["shop"]})
    body = answer.json()
    assert answer.status_code == 201
    assert body["permissions"] == {"contents": "read", "metadata": "read"}
    assert [item["full_name"] for item in body["repositories"]] == ["acme/shop"]
    pulls = get(github, "/repos/acme/shop/pulls", body["token"])
    assert refusal(pulls) == (403, "Resource not accessible by integration", None)


@pytest.mark.usefixtures("shop")
def test_empty_permissions_mean_all_that_were_granted(github: Sandbox) -> None:
    assert mint(github, {"permissions": {}}).json()["permissions"] == github.app.permissions


@pytest.mark.usefixtures("shop")
def test_more_than_the_installation_has_is_refused(github: Sandbox) -> None:
    asked = mint(github, {"permissions": {"contents": "write"}})
    message = "The permissions requested are not granted to this installation."
    assert refusal(asked) == (422, message, None)
    unknown = mint(github, {"repositories": ["nope"]})
    assert unknown.status_code == 422
    assert unknown.json()["message"].startswith("There is at least one repository that does not")


def test_a_token_of_one_repository_does_not_reach_another(
    github: Sandbox, shop: Repository
) -> None:
    github.create_repository("acme/other")
    token = mint(github, {"repository_ids": [shop.id]}).json()["token"]
    assert get(github, "/repos/acme/shop", token).status_code == 200
    assert refusal(get(github, "/repos/acme/other", token)) == (404, "Not Found", None)


@pytest.mark.usefixtures("shop")
def test_unknown_expired_and_revoked_tokens_are_refused(github: Sandbox) -> None:
    token = mint(github).json()["token"]
    assert get(github, "/repos/acme/shop", "nope").status_code == 401
    github.expire_tokens()
    answer = get(github, "/repos/acme/shop", token)
    assert refusal(answer) == (401, "Bad credentials", None)


@pytest.mark.usefixtures("shop")
def test_a_token_lives_for_an_hour(github: Sandbox) -> None:
    token = mint(github).json()["token"]
    github.world.clock.advance(3500)
    assert get(github, "/repos/acme/shop", token).status_code == 200
    github.world.clock.advance(200)
    assert get(github, "/repos/acme/shop", token).status_code == 401


@pytest.mark.usefixtures("shop")
def test_a_suspended_installation_may_do_nothing(github: Sandbox) -> None:
    token = mint(github).json()["token"]
    github.suspend("acme")
    suspended = (403, "This installation has been suspended", None)
    assert refusal(mint(github)) == suspended
    assert refusal(get(github, "/repos/acme/shop", token)) == suspended
    github.unsuspend("acme")
    assert mint(github).status_code == 201


@pytest.mark.usefixtures("shop")
def test_an_uninstalled_app_loses_its_tokens(github: Sandbox) -> None:
    token = mint(github).json()["token"]
    number = github.installation("acme").id
    github.uninstall("acme")
    made = jwt.encode(claims(github), github.app.private_key, "RS256")
    headers = {"Authorization": f"Bearer {made}"}
    at = f"{github.url}/app/installations/{number}/access_tokens"
    assert refusal(requests.post(at, headers=headers, timeout=10)) == (404, "Not Found", None)
    assert get(github, "/repos/acme/shop", token).status_code == 401


@pytest.mark.usefixtures("shop")
def test_people_may_do_what_their_role_allows(github: Sandbox) -> None:
    body = {"name": "x", "head_sha": "0" * 40}
    headers = {"Authorization": "token bob-token"}
    check = requests.post(
        f"{github.url}/repos/acme/shop/check-runs", json=body, headers=headers, timeout=10
    )
    assert refusal(check) == (403, "You must authenticate via a GitHub App.", None)
    assert requests.get(f"{github.url}/repos/acme/shop", timeout=10).status_code == 404


@pytest.mark.usefixtures("shop")
def test_permissions_of_people_are_told(github: Sandbox) -> None:
    told = {}
    for login in ("alice", "bob", "mallory"):
        at = f"/repos/acme/shop/collaborators/{login}/permission"
        told[login] = get(github, at, "alice-token").json()["permission"]
    assert told == {"alice": "admin", "bob": "write", "mallory": "read"}
    stranger = get(github, "/repos/acme/shop/collaborators/zed/permission", "alice-token")
    assert refusal(stranger) == (404, "zed is not a user", None)
