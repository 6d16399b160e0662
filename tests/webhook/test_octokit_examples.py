"""Every real body of npm's `@octokit/webhooks-examples`; PLUMBLINE_OCTOKIT_EXAMPLES says where.

npm install --ignore-scripts @octokit/webhooks-examples@7.6.1
PLUMBLINE_OCTOKIT_EXAMPLES=node_modules/@octokit/webhooks-examples pytest tests/webhook
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest
import redis

from bot.store.rq_jobs import QUEUE_NAMES, QUEUE_PREFIX, SCHEDULED_PREFIX
from tests.fakes.receiver import SECRET, running_receiver
from tests.fakes.valkey import Valkey

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
def test_every_real_body_is_taken_and_gives_the_right_number_of_jobs(
    shared_valkey: Valkey, valkey: redis.Redis
) -> None:
    index = Path(FOLDER) / "api.github.com" / "index.json"
    wrong: list[tuple[str, str, int, int]] = []
    seen: Counter[str] = Counter()
    with running_receiver(
        shared_valkey.data_dir,
        PLUMBLINE_WEBHOOK_SECRET=SECRET,
        PLUMBLINE_GITHUB_APP_ID=str(THEIR_APP),
    ) as receiver:
        for event in json.loads(index.read_text(encoding="utf-8")):
            name = event["name"]
            for body in event["examples"]:
                body.setdefault("installation", {"id": 1})  # as if this App were installed there
                valkey.flushall()
                status = receiver.deliver(name, json.dumps(body).encode()).status
                wanted, made = JOBS.get((name, body.get("action", "")), 0), jobs_in(valkey)
                if (status, made) != (202 if wanted else 200, wanted):
                    wrong.append((name, body.get("action", ""), status, made))
                seen[name] += 1
    assert wrong == []
    assert seen.total() > 300


def jobs_in(store: redis.Redis) -> int:
    """How many jobs wait, for their turn or for later."""
    waiting = sum(int(store.llen(f"{QUEUE_PREFIX}{name}")) for name in QUEUE_NAMES)
    return waiting + sum(int(store.zcard(f"{SCHEDULED_PREFIX}{name}")) for name in QUEUE_NAMES)
