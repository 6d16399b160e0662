"""`plumbline doctor` against a GitHub on this machine, read as the operator reads it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import Sandbox
from workers.cli.main import run


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """An App that is set up as it should be."""
    with Sandbox() as sandbox:
        monkeypatch.setenv("PLUMBLINE_GITHUB_API_URL", sandbox.url)
        monkeypatch.setenv("PLUMBLINE_GITHUB_APP_ID", str(sandbox.app.id))
        monkeypatch.setenv("PLUMBLINE_GITHUB_PRIVATE_KEY", sandbox.app.private_key)
        monkeypatch.setenv("PLUMBLINE_WEBHOOK_SECRET", "a secret")
        yield sandbox


def app_line(capsys: pytest.CaptureFixture[str]) -> str:
    lines = [line for line in capsys.readouterr().out.splitlines() if "github app" in line]
    assert len(lines) == 1
    return " ".join(lines[0].split())


def test_all_is_well(github: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor"]) == 0
    assert app_line(capsys) == "ok github app App 12345 is @plumbline"


def test_an_app_without_its_rights(github: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    github.app.permissions = {"contents": "read", "issues": "read", "metadata": "read"}
    assert run(["doctor"]) == 1
    assert app_line(capsys) == (
        "FAIL github app App 12345 is @plumbline, but lacks checks: write, issues: write, "
        "pull_requests: write. "
        "Grant it in the App's settings, then accept it in each installation."
    )


def test_an_app_that_hears_of_no_comments(
    github: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    github.app.events = {name for name in github.app.events if "comment" not in name}
    assert run(["doctor"]) == 1
    assert app_line(capsys) == (
        "FAIL github app App 12345 is @plumbline, but does not hear of issue_comment, "
        "pull_request_review_comment. Subscribe to them in the App's settings."
    )


def test_a_wrong_app_id(github: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    github.app.id = 99
    assert run(["doctor"]) == 1
    assert app_line(capsys) == (
        "FAIL github app PLUMBLINE_GITHUB_APP_ID: GitHub knows no App 12345. "
        "Copy the App ID from the App's settings page."
    )


def test_a_damaged_key_ends_no_other_check(
    github: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    half = "\n".join(github.app.private_key.splitlines()[:5])
    monkeypatch.setenv("PLUMBLINE_GITHUB_PRIVATE_KEY", half)
    assert run(["doctor"]) == 1
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    app = next(line for line in lines if "github app" in line)
    assert app.startswith("FAIL github app PLUMBLINE_GITHUB_PRIVATE_KEY: it cannot be read as")
    assert "MII" not in app
    assert lines[-1].startswith("note model none")
