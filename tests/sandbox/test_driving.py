"""The driving API over HTTP, and the command that serves it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests

from sandbox import Sandbox


def post(github: Sandbox, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = requests.post(f"{github.url}/_sandbox{path}", json=body, timeout=10)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_pull_request_is_played_over_http(github: Sandbox) -> None:
    post(github, "/repositories", {"name": "acme/shop", "files": {"a.py": "a = 1\n"}})
    at = "/repos/acme/shop/pulls"
    opened = post(github, at, {"branch": "fix", "files": {"a.py": "a = 2\n"}, "title": "Two"})
    pushed = post(github, f"{at}/1/push", {"files": {"a.py": "a = 3\n"}, "message": "Three"})
    post(github, f"{at}/1/comments", {"body": "hello", "by": "alice"})
    post(github, f"{at}/1/edit", {"title": "Three"})
    post(github, f"{at}/1/merge", {})
    shown = requests.get(f"{github.url}/_sandbox{at}/1", timeout=10).json()
    assert opened["head"]["sha"] != pushed["sha"] == shown["pull_request"]["head"]["sha"]
    assert (shown["pull_request"]["title"], shown["pull_request"]["merged"]) == ("Three", True)
    assert [one["body"] for one in shown["comments"]] == ["hello"]


def test_what_cannot_be_done_is_said(github: Sandbox) -> None:
    at = f"{github.url}/_sandbox/repos/acme/nope/pulls"
    answer = requests.post(at, json={"branch": "x"}, timeout=10)
    assert answer.status_code == 422
    assert answer.json()["message"] == "LookupError: no repository 'acme/nope'; there are []"


def test_faults_are_switched_on_over_http(github: Sandbox) -> None:
    post(github, "/faults", {"path": "/rate_limit", "status": 503, "times": None})
    assert requests.get(f"{github.url}/rate_limit", timeout=10).status_code == 503
    post(github, "/faults/clear", {})
    assert requests.get(f"{github.url}/rate_limit", timeout=10).status_code == 200


def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a = 1\n")
    key = tmp_path / "app.pem"
    command = [sys.executable, "-m", "sandbox", "serve", "--port", "0", "--key-file", str(key)]
    command += ["--repository", f"acme/shop={tmp_path}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        told = json.loads(running.stdout.readline())
        assert requests.get(told["url"] + "/acme/shop", timeout=10).status_code == 200
        assert key.read_text().startswith("-----BEGIN RSA PRIVATE KEY-----")
        assert key.stat().st_mode & 0o777 == 0o600
        running.terminate()
        assert running.wait(10) == 0
