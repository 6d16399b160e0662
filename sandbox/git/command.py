"""Running git on a bare repository, cut off from the machine's own configuration."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


class GitFailed(Exception):
    """git ended with an error; the message carries the command and what git said."""


def clean_environment() -> dict[str, str]:
    """The environment git runs in: no system or personal configuration, no prompts."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "GitHub",
        "GIT_AUTHOR_EMAIL": "noreply@github.com",
        "GIT_COMMITTER_NAME": "GitHub",
        "GIT_COMMITTER_EMAIL": "noreply@github.com",
        "LC_ALL": "C.UTF-8",
    }


def run_git(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    extra_environment: dict[str, str] | None = None,
) -> bytes:
    """Run git in `folder` and return what it printed. Raises `GitFailed`."""
    command = ["git", "-c", "core.quotePath=false", *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        input=stdin,
        capture_output=True,
        env={**clean_environment(), **(extra_environment or {})},
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise GitFailed(f"git {' '.join(arguments)} in {folder} exited {done.returncode}: {said}")
    return done.stdout
