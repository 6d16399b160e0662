"""`plumbline config check`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.errors import PolicyError
from workers.cli.config import config


def test_a_good_file(tmp_path: Path) -> None:
    file = tmp_path / "p.yml"
    file.write_text("version: 1\n", encoding="utf-8")
    result = CliRunner().invoke(config, ["check", str(file)])
    assert (result.exit_code, result.output) == (0, f"{file}: OK\n")


def test_a_bad_file(tmp_path: Path) -> None:
    file = tmp_path / "p.yml"
    file.write_text("version: 2\n", encoding="utf-8")
    result = CliRunner().invoke(config, ["check", str(file)])
    assert (result.exit_code, result.output) == (2, f"{file}:1: version cannot be '2'. Use 1.\n")


def test_problems_come_in_the_order_of_the_lines(tmp_path: Path) -> None:
    file = tmp_path / "p.yml"
    file.write_text("check:\n  fail_on: P9\nversion: 2\nreveiw: {}\n", encoding="utf-8")
    result = CliRunner().invoke(config, ["check", str(file)])
    places = [line.removeprefix(f"{file}:").partition(":")[0] for line in result.output.split("\n")]
    assert (result.exit_code, places) == (2, ["2", "3", "4", ""])


def test_no_file(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.yml")
    with pytest.raises(PolicyError) as refused:
        CliRunner().invoke(config, ["check", missing], catch_exceptions=False)
    assert str(refused.value) == (
        f"{missing!r} cannot be read (No such file or directory). Name a policy file."
    )


def test_no_policy_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(config, ["check"])
    assert (result.exit_code, result.output) == (
        0,
        "no policy: there is no .github/plumbline.yml, the defaults hold\n",
    )
