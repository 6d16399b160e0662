"""`app.yml` asks GitHub for what the code uses, and for nothing else."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import yaml

from bot.github.credentials import READ_RIGHTS, WRITE_RIGHTS
from bot.store.rq_jobs import ENTRY
from bot.webhook.app import WEBHOOK_PATH
from bot.webhook.payloads import HANDLED_EVENTS, SUBSCRIBED_EVENTS
from workers.queue.worker import PRELOADED

ROOT = Path(__file__).parent.parent
MANIFEST, README = ROOT / "app.yml", ROOT / "README.md"

NEEDED_FOR_EVENTS = {"merge_queues": "read"}
"""Rights without which GitHub does not deliver an event that is handled.
https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group
"""


def test_the_app_subscribes_to_what_the_receiver_handles() -> None:
    assert set(_manifest()["default_events"]) == SUBSCRIBED_EVENTS


def test_what_github_sends_without_asking_is_handled() -> None:
    unasked = {"installation", "installation_repositories", "ping"}

    assert unasked == HANDLED_EVENTS - SUBSCRIBED_EVENTS


def test_the_app_asks_for_the_rights_that_its_tokens_need_and_no_others() -> None:
    strength = ("read", "write", "admin")
    needed = dict(NEEDED_FOR_EVENTS)
    for rights in (READ_RIGHTS, WRITE_RIGHTS):
        for name, level in rights.items():
            needed[name] = max(level, needed.get(name, "read"), key=strength.index)

    assert _manifest()["default_permissions"] == needed


def test_each_right_has_its_reason() -> None:
    lines = MANIFEST.read_text("utf-8").splitlines()
    asked = _manifest()["default_permissions"]
    reasons = {
        name: line.partition(" # ")[2].strip()
        for name in asked
        for line in lines
        if line.startswith(f"  {name}: ")
    }

    assert reasons.keys() == asked.keys()
    assert [name for name, reason in reasons.items() if len(reason.split()) < 3] == []


def test_the_readmes_form_is_filled_in_as_the_manifest_says() -> None:
    """https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-using-url-parameters"""
    (form,) = re.findall(
        r"\(https://github\.com/settings/apps/new\?([^)]+)\)", README.read_text("utf-8")
    )
    filled = parse_qs(form, strict_parsing=True)
    manifest = _manifest()

    assert filled == {
        "public": ["false"],
        "url": [manifest["url"]],
        "webhook_active": ["true"],
        "webhook_url": [manifest["hook_attributes"]["url"]],
        "events[]": manifest["default_events"],
        **{name: [level] for name, level in manifest["default_permissions"].items()},
    }


def test_deliveries_go_where_the_receiver_listens() -> None:
    assert _manifest()["hook_attributes"]["url"].endswith(f".example.com{WEBHOOK_PATH}")


def test_what_redis_and_the_worker_call_by_name_exists() -> None:
    module, _, function = ENTRY.rpartition(".")

    assert callable(getattr(importlib.import_module(module), function))
    assert module in PRELOADED
    assert [importlib.import_module(name).__name__ for name in PRELOADED] == list(PRELOADED)


def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    return manifest
