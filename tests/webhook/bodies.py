"""Webhook bodies, as small as the program allows, for stories; real ones are in tests/data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

REAL = Path(__file__).parents[1] / "data" / "webhooks"
APP_ID = 99

Body = dict[str, Any]


def real(name: str) -> bytes:
    """A body that GitHub sent."""
    return (REAL / f"{name}.json").read_bytes()


def dumped(body: Body) -> bytes:
    """As it is sent."""
    return json.dumps(body).encode()


def base(action: str, sender: str = "ann", kind: str = "User") -> Body:
    """What nearly every body has."""
    return {
        "action": action,
        "repository": {"id": 7, "full_name": "acme/shop", "private": True},
        "installation": {"id": 3},
        "sender": {"login": sender, "type": kind},
    }


def pull_request(action: str, sha: str = "a" * 40, **more: Any) -> Body:  # noqa: ANN401
    """A pull request of a fork."""
    pull = {
        "number": 12,
        "state": "open",
        "draft": False,
        "updated_at": "2026-01-01T00:00:00Z",
        "head": {"sha": sha, "repo": {"full_name": "stranger/shop", "fork": True}},
    }
    return {**base(action), "pull_request": pull, **more}


def comment(text: str, sender: str = "ann", kind: str = "User") -> Body:
    """A comment on a pull request: GitHub sends it as an issue with a `pull_request` in it."""
    return {
        **base("created", sender, kind),
        "issue": {"number": 12, "pull_request": {"url": "https://api.github.com/..."}},
        "comment": {"id": 501, "body": text, "user": {"login": sender, "type": kind}},
    }
