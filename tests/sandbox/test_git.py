"""Clones over HTTP, as GitHub allows them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import github as pygithub
import pytest

from sandbox import Sandbox
from sandbox.state.pulls import PullRequest


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
        "HOME": str(folder),
        "GIT_AUTHOR_NAME": "bob",
        "GIT_AUTHOR_EMAIL": "bob@example.com",
        "GIT_COMMITTER_NAME": "bob",
        "GIT_COMMITTER_EMAIL": "bob@example.com",
    }
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def address(github: Sandbox, token: str) -> str:
    return github.url.replace("http://", f"http://x-access-token:{token}@") + "/acme/shop.git"


@pytest.mark.usefixtures("pull")
def test_a_private_repository_asks_who_one_is(github: Sandbox, tmp_path: Path) -> None:
    refused = git(tmp_path, "ls-remote", f"{github.url}/acme/shop.git")
    assert refused.returncode == 128
    assert "could not read Username" in refused.stderr
    bad = git(tmp_path, "ls-remote", address(github, "nope"))
    assert "Authentication failed" in bad.stderr


def test_any_commit_is_fetched_shallow_and_without_blobs(
    github: Sandbox, pull: PullRequest, app: pygithub.Github, tmp_path: Path
) -> None:
    old = pull.head_sha
    github.force_push(pull, {"new.py": "new = 2\n"})
    git(tmp_path, "init", "-q", "--bare", ".")
    url = address(github, app.requester.auth.token)  # type: ignore[union-attr]
    fetched = git(tmp_path, "fetch", "-q", "--depth=1", "--filter=blob:none", url, old)
    assert (fetched.returncode, fetched.stderr) == (0, "")
    head = git(tmp_path, "fetch", "-q", "--depth=1", url, "refs/pull/1/head")
    assert (head.returncode, head.stderr) == (0, "")
    assert git(tmp_path, "rev-parse", "FETCH_HEAD").stdout.strip() == pull.head_sha


def test_a_real_push_moves_the_pull_request(
    github: Sandbox, pull: PullRequest, tmp_path: Path
) -> None:
    url = address(github, "bob-token")
    git(tmp_path, "clone", "-q", "-b", "fix", url, "work")
    (tmp_path / "work/new.py").write_text("new = 3\n")
    git(tmp_path / "work", "commit", "-qam", "Three")
    before = pull.head_sha
    pushed = git(tmp_path / "work", "push", "-q")
    assert (pushed.returncode, pushed.stderr) == (0, "")
    event = [one for one in github.deliveries if one.action == "synchronize"][-1]
    assert (event.payload["before"], event.payload["after"]) == (before, pull.head_sha)
    assert before != pull.head_sha
    refused = git(tmp_path / "work", "push", "-q", address(github, "mallory-token"), "HEAD:x")
    assert refused.returncode != 0
