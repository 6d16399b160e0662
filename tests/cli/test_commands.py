"""The program as a person runs it: on a real repository, with its own records, without a model."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.git_repository import GitRepository
from workers.cli.main import run

USERS = "def find_user(user_id, tenant=None):\n    return user_id\n"
VIEWS = "from shop.users import find_user\n\n\ndef show():\n    return find_user(1)\n"


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "shop.git")
    base = made.commit({"shop/users.py": USERS, "shop/views.py": VIEWS}, "First")
    made.commit({"README": "words\n"}, "Say a word\n\nOnly one.", parent=base, branch="fix")
    made.git("symbolic-ref", "HEAD", "refs/heads/fix")
    return made


def review(repository: GitRepository, *more: str) -> int:
    return run(["review", "--repo", str(repository.path), *more])


def test_without_a_model_a_review_is_made_and_says_so(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert review(repository, "main..fix") == 0
    out, err = capsys.readouterr()
    assert out.startswith("The contract checks found nothing; no model read the change.\n")
    assert "Reading the commits ..." in err
    assert "No model is configured (PLUMBLINE_MODEL)" in err


def test_commits_that_undo_each_other_leave_nothing_to_read(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    head = repository.tip("fix")
    repository.commit({"README": None}, "Take it back", parent=head, branch="fix")
    assert review(repository, "main..fix", "--quiet") == 0
    assert capsys.readouterr().out.startswith("The head changes no file against its merge base.\n")


def test_standard_output_holds_the_report_and_nothing_else(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert review(repository, "main..fix", "--format", "json", "--quiet") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["head"] == repository.tip("fix")
    assert err.startswith("No model is configured")


def test_the_record_is_found_again(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    review(repository, "main..fix", "--quiet")
    capsys.readouterr()
    assert run(["trace", "list"]) == 0
    assert "local/shop.git" in capsys.readouterr().out
    assert run(["trace", "show", repository.tip("fix")[:8], "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["inputs"]["title"], record["inputs"]["body"]) == ("Say a word", "Only one.")
    assert record["status"] == "complete"
    assert record["review"] is not None
    assert run(["trace", "show", repository.tip("fix")[:8], "--steps"]) == 0
    assert "What the author wrote" in capsys.readouterr().out


def test_a_local_review_is_exported_and_comes_out_the_same(
    repository: GitRepository, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    review(repository, "main..fix", "--quiet")
    capsys.readouterr()
    file = str(tmp_path / "kept.zip")
    key = repository.tip("fix")[:8]
    assert run(["trace", "export", key, "-o", file, "--repo", str(repository.path)]) == 0
    assert capsys.readouterr().out == f"{file}\n"
    assert run(["trace", "export", key, "-o", file, "--repo", str(repository.path)]) == 2
    assert "exists already" in capsys.readouterr().err
    shutil.rmtree(repository.path)
    assert run(["trace", "replay", file]) == 0
    assert capsys.readouterr().out.startswith(
        "The same review, byte for byte: 0 findings, 0 model calls\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["main..nowhere"], "nowhere"),
        (["--post"], "--post needs --pr"),
        (["main..fix", "--pr", "https://github.com/a/b/pull/1"], "--pr names the whole change"),
        (["--fail-on", "P9"], "P9"),
        (["--pr", "https://github.com/a/b/pull/1"], "GITHUB_TOKEN: it is not set"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_status_two(
    words: list[str],
    said: str,
    repository: GitRepository,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert review(repository, *words) == 2
    out, err = capsys.readouterr()
    assert (out, said in err, "Traceback" in err) == ("", True, False)


def test_a_bad_policy_file_is_refused(
    repository: GitRepository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = tmp_path / "policy.yml"
    policy.write_text("version: 1\ntresholds: {severity: P2}\n")
    assert review(repository, "main..fix", "--policy", str(policy)) == 2
    assert "tresholds" in capsys.readouterr().err


def test_a_bad_setting_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLUMBLINE_PORT", "none")
    assert run(["review"]) == 2
    assert capsys.readouterr().err == (
        "plumbline: PLUMBLINE_PORT: 'none' is not a port. Give a number between 1 and 65535.\n"
    )
    assert run(["doctor"]) == 1


def test_an_unreachable_store_is_not_completed(
    repository: GitRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PLUMBLINE_DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:9/n")
    assert review(repository, "main..fix") == 3
    err = capsys.readouterr().err
    assert err.startswith("plumbline: the database postgresql+psycopg://u:***@127.0.0.1:9/n")
    assert "hunter2" not in err


def test_doctor_passes_a_fresh_installation(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["ok", "ok", "ok", "ok", "note", "note", "note"]


def test_doctor_names_what_must_be_changed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLUMBLINE_REDIS_URL", "redis://127.0.0.1:9")
    monkeypatch.setenv("PLUMBLINE_HOST", "0.0.0.0")  # noqa: S104 - nothing listens
    monkeypatch.setenv("PLUMBLINE_MODEL", "large")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("PLUMBLINE_GITHUB_APP_ID", "1")
    assert run(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["ok", "ok", "ok", "FAIL", "FAIL", "FAIL", "FAIL"]


def test_help_imports_no_subcommand() -> None:
    code = (
        "import sys; from workers.cli.main import run; run(['--help']); "
        "sys.exit(any(name in sys.modules for name in ('openai', 'sqlalchemy', 'github', 'redis')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, "Review a local range" in done.stdout) == (0, True)


def test_an_empty_range_is_no_error(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert review(repository, "main..main") == 0
    out, err = capsys.readouterr()
    assert (out, err) == (
        "",
        "plumbline: nothing changed: the range 'main..main' holds no commit (both ends are "
        f"{repository.tip('main')[:10]}). Commit the change first, or name another range, "
        "e.g. main..HEAD.\n",
    )


def test_each_problem_of_a_policy_file_has_its_line(
    repository: GitRepository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.yml"
    file.write_text("version: 2\ncheck:\n  fail_on: P9\n", encoding="utf-8")
    assert review(repository, "main..fix", "--policy", str(file)) == 2
    assert [line.partition(" ")[0] for line in capsys.readouterr().err.splitlines()] == [
        "plumbline:",
        f"{file}:3:",
    ]
