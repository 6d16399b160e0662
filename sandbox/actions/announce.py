"""Events for the App's webhook, with the bodies and headers that GitHub sends.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from typing import Any

from sandbox.bodies.accounts import account_body, installation_body
from sandbox.bodies.repositories import repository_body
from sandbox.state.accounts import Account
from sandbox.state.apps import Installation, covers
from sandbox.state.deliveries import Delivery
from sandbox.state.repositories import Repository
from sandbox.state.world import World

# An App gets these without subscribing.
_UNASKED = {"installation", "installation_repositories", "github_app_authorization", "ping"}
# Events go only to Apps that may read their subject.
_READS = {
    "pull_request": "pull_requests",
    "pull_request_review": "pull_requests",
    "pull_request_review_comment": "pull_requests",
    "pull_request_review_thread": "pull_requests",
    "check_run": "checks",
    "check_suite": "checks",
    "push": "contents",
    "merge_group": "merge_queues",
    "issues": "issues",
}


def announce(
    world: World, event: str, action: str, repository: Repository, sender: Account, **body: Any
) -> Delivery | None:
    """Queue an event of a repository for the App, if it is installed there and subscribed."""
    installation = world.installation_on(repository)
    if installation is None or installation.suspended_at is not None:
        return None
    if not _wants(world, event, installation):
        return None
    payload = {
        **({"action": action} if action else {}),
        **body,
        "repository": repository_body(world, repository),
        "sender": account_body(world, sender),
        "installation": {"id": installation.id, "node_id": f"MDIzOk{installation.id}"},
    }
    if repository.owner.type == "Organization":
        payload["organization"] = _organization(world, repository.owner)
    return queue(world, event, payload, installation, repository)


def announce_installation(
    world: World, event: str, action: str, installation: Installation, sender: Account, **body: Any
) -> Delivery:
    """Queue an event about the installation itself; every App gets these."""
    payload = {
        "action": action,
        "installation": installation_body(world, installation),
        **body,
        "sender": account_body(world, sender),
    }
    return queue(world, event, payload, installation, None)


def announce_ping(world: World) -> Delivery:
    """The event that GitHub sends when a webhook is set up."""
    hook = {
        "type": "App",
        "id": 1,
        "name": "web",
        "active": True,
        "events": sorted(world.app.events),
        "config": {"content_type": "json", "insecure_ssl": "0", "url": world.app.webhook_url},
        "app_id": world.app.id,
    }
    payload = {"zen": "Practicality beats purity.", "hook_id": 1, "hook": hook}
    return queue(world, "ping", payload, None, None)


def queue(
    world: World,
    event: str,
    payload: dict[str, Any],
    installation: Installation | None,
    repository: Repository | None,
) -> Delivery:
    return send(
        world,
        Delivery(
            id=world.clock.next_id(),
            guid=str(uuid.uuid4()),
            event=event,
            action=payload.get("action"),
            payload=payload,
            body=json.dumps(payload).encode(),
            url=world.app.webhook_url,
            installation_id=installation.id if installation else None,
            repository_id=repository.id if repository else None,
            delivered_at=world.clock.now(),
        ),
    )


def redeliver(world: World, delivery: Delivery) -> Delivery:
    """Send the same body under the same GUID once more, as a new attempt."""
    return send(
        world,
        Delivery(
            id=world.clock.next_id(),
            guid=delivery.guid,
            event=delivery.event,
            action=delivery.action,
            payload=delivery.payload,
            body=delivery.body,
            url=world.app.webhook_url,
            installation_id=delivery.installation_id,
            repository_id=delivery.repository_id,
            delivered_at=world.clock.now(),
            redelivery=True,
        ),
    )


def send(world: World, delivery: Delivery) -> Delivery:
    delivery.headers = delivery_headers(
        world.app.id, world.app.webhook_secret, delivery.event, delivery.guid, delivery.body
    )
    world.deliveries.append(delivery)
    world.outbox.put(delivery)
    world.touch()
    return delivery


def delivery_headers(
    app_id: int, secret: str, event: str, guid: str, body: bytes
) -> dict[str, str]:
    """https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers"""
    headers = {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/5a5dbc5",
        "X-GitHub-Delivery": guid,
        "X-GitHub-Event": event,
        "X-GitHub-Hook-ID": "1",
        "X-GitHub-Hook-Installation-Target-ID": str(app_id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
    }
    if secret:
        for header, digest in (("X-Hub-Signature", "sha1"), ("X-Hub-Signature-256", "sha256")):
            made = hmac.new(secret.encode(), body, getattr(hashlib, digest)).hexdigest()
            headers[header] = f"{digest}={made}"
    return headers


def _wants(world: World, event: str, installation: Installation) -> bool:
    if event in _UNASKED:
        return True
    if event == "issue_comment":
        readable = any(
            covers(installation.permissions, name, "read") for name in ("issues", "pull_requests")
        )
    else:
        readable = covers(installation.permissions, _READS.get(event, "metadata"), "read")
    return readable and event in world.app.events


def _organization(world: World, owner: Account) -> dict[str, Any]:
    at = f"{world.url}/orgs/{owner.login}"
    return {
        "login": owner.login,
        "id": owner.id,
        "node_id": owner.node_id,
        "url": at,
        "repos_url": f"{at}/repos",
        "events_url": f"{at}/events",
        "hooks_url": f"{at}/hooks",
        "issues_url": f"{at}/issues",
        "members_url": at + "/members{/member}",
        "public_members_url": at + "/public_members{/member}",
        "avatar_url": f"{world.url}/avatars/{owner.login}",
        "description": None,
    }
