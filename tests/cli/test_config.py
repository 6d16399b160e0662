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


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be read"):
        CliRunner().invoke(config, ["check", str(tmp_path / "none.yml")], catch_exceptions=False)
