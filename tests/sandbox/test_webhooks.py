"""Deliveries: signed, in order, once, kept with their outcome."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
import requests

from sandbox import Sandbox
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from tests.sandbox.conftest import Client


@dataclass
class Receiver:
    """An HTTP server that keeps what it was sent and answers `status`."""

    url: str = ""
    status: int = 202
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def events(self) -> list[tuple[str, str | None]]:
        return [(head["x-github-event"], json.loads(body).get("action")) for head, body in self.got]


@pytest.fixture
def receiver(github: Sandbox) -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            kept.got.append((headers, self.rfile.read(int(headers["content-length"]))))
            self.send_response(kept.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/github"
    github.app.webhook_url = kept.url
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_life_of_a_pull_request_arrives_in_order(github: Sandbox, receiver: Receiver) -> None:
    shop = github.create_repository("acme/shop", {"a.py": "a = 1\n"})
    pull = github.open_pull_request(shop, "fix", {"a.py": "a = 2\n"}, draft=True)
    github.mark_ready(pull)
    github.push(pull, {"a.py": "a = 3\n"})
    github.edit(pull, title="Better")
    github.comment(pull, "@plumbline review")
    thread = github.comment_on_line(pull, "a.py", 1, "a?")
    github.reply(thread, "yes")
    github.close(pull)
    github.reopen(pull)
    github.enqueue(pull)
    github.merge(pull)
    github.wait_for_deliveries()
    arrived = [one for one in receiver.events() if one[0] not in ("push", "check_suite")]
    assert arrived == [
        ("installation", "created"),
        ("pull_request", "opened"),
        ("pull_request", "ready_for_review"),
        ("pull_request", "synchronize"),
        ("pull_request", "edited"),
        ("issue_comment", "created"),
        ("pull_request_review", "submitted"),
        ("pull_request_review_comment", "created"),
        ("pull_request_review", "submitted"),
        ("pull_request_review_comment", "created"),
        ("pull_request", "closed"),
        ("pull_request", "reopened"),
        ("merge_group", "checks_requested"),
        ("pull_request", "closed"),
    ]


@pytest.mark.usefixtures("shop")
def test_a_delivery_is_signed_over_its_bytes(github: Sandbox, receiver: Receiver) -> None:
    ping = github.ping()
    github.wait_for_deliveries()
    headers, body = receiver.got[-1]
    made = hmac.new(github.app.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={made}"
    assert headers["x-github-delivery"] == ping.guid
    assert headers["x-github-hook-installation-target-id"] == str(github.app.id)
    assert headers["user-agent"].startswith("GitHub-Hookshot/")
    assert (ping.status_code, ping.outcome) == (202, "Accepted")


def test_bodies_carry_what_a_receiver_needs(github: Sandbox, pull: PullRequest) -> None:
    github.comment(pull, "hello", by="mallory")
    payload = github.deliveries[-1].payload
    assert payload["issue"]["pull_request"]["url"].endswith("/repos/acme/shop/pulls/1")
    assert payload["comment"]["author_association"] == "NONE"
    assert payload["repository"]["full_name"] == "acme/shop"
    assert payload["installation"]["id"] == github.installation("acme").id
    assert (payload["sender"]["login"], payload["sender"]["type"]) == ("mallory", "User")


def test_a_failed_delivery_is_not_retried_but_redelivered_on_demand(
    github: Sandbox, shop: Repository, receiver: Receiver
) -> None:
    receiver.status = 503
    ping = github.ping()
    github.wait_for_deliveries()
    assert (ping.status_code, len(receiver.got)) == (503, 1)
    receiver.status = 202
    now = int(github.world.clock.now())
    claims = {"iss": str(github.app.id), "iat": now, "exp": now + 60}
    token = jwt.encode(claims, github.app.private_key, "RS256")
    headers = {"Authorization": f"Bearer {token}"}
    listed = requests.get(f"{github.url}/app/hook/deliveries", headers=headers, timeout=10).json()
    assert (listed[0]["guid"], listed[0]["status_code"]) == (ping.guid, 503)
    at = f"{github.url}/app/hook/deliveries/{listed[0]['id']}/attempts"
    assert requests.post(at, headers=headers, timeout=10).status_code == 202
    github.wait_for_deliveries()
    (first, body), (second, again) = receiver.got
    assert (first["x-github-delivery"], body) == (second["x-github-delivery"], again)
    assert github.deliveries[-1].redelivery


@pytest.mark.usefixtures("shop")
def test_some_deliveries_get_lost(github: Sandbox, receiver: Receiver) -> None:
    github.lose_deliveries(0.3)
    for _ in range(40):
        github.ping()
    github.wait_for_deliveries()
    lost = [one for one in github.deliveries if one.outcome == "failed to connect to host"]
    assert 0 < len(lost) < 40
    assert len(receiver.got) == 40 - len(lost)


def test_an_app_hears_only_of_what_it_may_read(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    before = len(github.deliveries)
    github.app.events.discard("issue_comment")
    github.comment(pull, "unheard")
    github.suspend("acme")
    github.edit(pull, title="Unheard too")
    assert [one.action for one in github.deliveries[before:]] == ["suspend"]
