"""Every real body of npm's `@octokit/webhooks-examples`; PLUMBLINE_OCTOKIT_EXAMPLES says where.

npm install --ignore-scripts @octokit/webhooks-examples@7.6.1
PLUMBLINE_OCTOKIT_EXAMPLES=node_modules/@octokit/webhooks-examples pytest tests/webhook
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.domain.delivery import Plan
from bot.domain.identifiers import DeliveryId
from bot.webhook.payloads import parse_event
from bot.webhook.routing import route

FOLDER = os.environ.get("PLUMBLINE_OCTOKIT_EXAMPLES", "")
"""Read when the file is imported: the tests take foreign settings away afterwards."""

JOBS = {
    ("pull_request", "opened"): 2,
    ("pull_request", "reopened"): 2,
    ("pull_request", "ready_for_review"): 2,
    ("pull_request", "synchronize"): 2,
    ("pull_request", "closed"): 1,
    ("installation", "deleted"): 1,
    ("installation_repositories", "removed"): 1,
    ("merge_group", "checks_requested"): 1,
    ("check_suite", "rerequested"): 2,
}
"""All others make none: comments on issues, foreign checks, other actions."""

THEIR_APP = 29310


@pytest.mark.skipif(not FOLDER, reason="PLUMBLINE_OCTOKIT_EXAMPLES names no folder")
def test_every_real_body_gives_the_right_number_of_jobs() -> None:
    index = Path(FOLDER) / "api.github.com" / "index.json"
    wrong: list[tuple[str, str, int]] = []
    seen: Counter[str] = Counter()
    for event in json.loads(index.read_text(encoding="utf-8")):
        for body in event["examples"]:
            made = jobs_of(event["name"], body)
            if made != JOBS.get((event["name"], body.get("action", "")), 0):
                wrong.append((event["name"], body.get("action", ""), made))
            seen[event["name"]] += 1
    assert wrong == []
    assert seen.total() > 300


def jobs_of(name: str, body: dict[str, Any]) -> int:
    """How many jobs the body makes, as if this App were installed there."""
    body.setdefault("installation", {"id": 1})
    event = parse_event(name, json.dumps(body).encode(), THEIR_APP)
    plan = route(event, DeliveryId("guid"), "plumbline") if event is not None else "nothing"
    return len(plan.jobs) + (plan.review is not None) if isinstance(plan, Plan) else 0
