"""The App, its installations, their tokens and its webhook deliveries."""

from __future__ import annotations

from typing import Any

from sandbox.actions.announce import redeliver
from sandbox.actions.installations import find_installation, issue_token, token_repositories
from sandbox.bodies.accounts import account_body, app_body, installation_body, token_body
from sandbox.bodies.repositories import repository_body
from sandbox.errors import Forbidden, NotFound
from sandbox.http.call import Answer, Call
from sandbox.http.routes import Routes
from sandbox.state.clock import timestamp
from sandbox.state.deliveries import Delivery


def register(route: Routes) -> None:
    route("GET", "/app", app_only=True)(get_app)
    route("GET", "/app/installations", app_only=True)(list_installations)
    route("GET", "/app/installations/{id:int}", app_only=True)(get_installation)
    route("POST", "/app/installations/{id:int}/access_tokens", app_only=True)(create_token)
    route("GET", "/app/hook/deliveries", app_only=True)(list_deliveries)
    route("GET", "/app/hook/deliveries/{id:int}", app_only=True)(get_delivery)
    route("POST", "/app/hook/deliveries/{id:int}/attempts", app_only=True)(attempt_delivery)
    route("GET", "/repos/{owner}/{repo}/installation", app_only=True)(repository_installation)
    route("GET", "/orgs/{owner}/installation", app_only=True)(owner_installation)
    route("GET", "/users/{owner}/installation", app_only=True)(owner_installation)
    route("GET", "/installation/repositories")(list_repositories)
    route("DELETE", "/installation/token")(revoke_token)
    route("GET", "/user")(get_myself)
    route("GET", "/users/{login}")(get_user)
    route("GET", "/rate_limit")(rate_limit)


def get_app(call: Call) -> Answer:
    body = app_body(call.world)
    return Answer(200, {**body, "installations_count": len(call.world.installations)})


def list_installations(call: Call) -> Answer:
    found = call.world.installations.values()
    return call.page([installation_body(call.world, item) for item in found])


def get_installation(call: Call) -> Answer:
    installation = find_installation(call.world, call.number("id"))
    return Answer(200, installation_body(call.world, installation))


def create_token(call: Call) -> Answer:
    installation = find_installation(call.world, call.number("id"))
    token = issue_token(call.world, installation, call.json())
    body = token_body(token)
    if repositories := token_repositories(call.world, token):
        body["repositories"] = repositories
    return Answer(201, body)


def repository_installation(call: Call) -> Answer:
    name = f"{call.names['owner']}/{call.names['repo']}"
    repository = call.world.repositories.find(name)
    installation = call.world.installation_on(repository) if repository else None
    if installation is None:
        raise NotFound
    return Answer(200, installation_body(call.world, installation))


def owner_installation(call: Call) -> Answer:
    account = call.world.accounts.find(call.names["owner"])
    installation = call.world.installation_of(account) if account else None
    if installation is None:
        raise NotFound
    return Answer(200, installation_body(call.world, installation))


def list_repositories(call: Call) -> Answer:
    token = call.caller.token
    if token is None or token.installation is None:
        raise Forbidden("You must authenticate with an installation access token.")
    reached = call.world.repositories_of(token.installation)
    shown = [item for item in reached if token.includes(item.id, item.owner)]
    return call.page([repository_body(call.world, item) for item in shown], "repositories")


def revoke_token(call: Call) -> Answer:
    if call.caller.token is None or not call.caller.is_installation:
        raise Forbidden("You must authenticate with an installation access token.")
    call.world.tokens.revoke(call.caller.token.value)
    return Answer(204)


def get_myself(call: Call) -> Answer:
    if call.caller.is_installation:
        raise Forbidden
    return Answer(200, account_body(call.world, call.me))


def get_user(call: Call) -> Answer:
    account = call.world.accounts.find(call.names["login"])
    if account is None:
        raise NotFound
    return Answer(200, {**account_body(call.world, account), "name": account.slug.title()})


def rate_limit(call: Call) -> Answer:
    resets = int(call.world.clock.now()) + 3600
    core = {"limit": 5000, "remaining": 5000, "used": 0, "reset": resets}
    return Answer(200, {"resources": {"core": core, "graphql": core, "search": core}, "rate": core})


def delivery_body(delivery: Delivery) -> dict[str, Any]:
    """https://docs.github.com/en/rest/apps/webhooks#list-deliveries-for-an-app-webhook"""
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": timestamp(delivery.delivered_at),
        "redelivery": delivery.redelivery,
        "duration": delivery.duration_seconds,
        "status": delivery.outcome,
        "status_code": delivery.status_code,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": delivery.installation_id,
        "repository_id": delivery.repository_id,
        "throttled_at": None,
    }


def list_deliveries(call: Call) -> Answer:
    """Newest first. `cursor` pages as the link headers say."""
    return call.page([delivery_body(item) for item in reversed(call.world.deliveries)])


def _find_delivery(call: Call) -> Delivery:
    for delivery in call.world.deliveries:
        if delivery.id == call.number("id"):
            return delivery
    raise NotFound


def get_delivery(call: Call) -> Answer:
    delivery = _find_delivery(call)
    return Answer(
        200,
        {
            **delivery_body(delivery),
            "url": delivery.url,
            "request": {"headers": delivery.headers, "payload": delivery.payload},
            "response": {"headers": {}, "payload": delivery.response},
        },
    )


def attempt_delivery(call: Call) -> Answer:
    redeliver(call.world, _find_delivery(call))
    return Answer(202, {})
