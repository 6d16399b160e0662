"""Environment variables that a sample drops or renames while code still reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.projects import known
from workers.repository.checks.environment import Need, defined_key, reads

SAMPLE = "# The shop\nSHOP_DATABASE_URL=postgres://localhost\nSHOP_MODE=test\n"
DROPPED = "# The shop\nSHOP_MODE=test\n"
RENAMED = SAMPLE.replace("SHOP_DATABASE_URL", "SHOP_DB_URL")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('x = os.environ["APP_KEY"]', [("APP_KEY", "required")]),
        ("os.environ['APP_KEY'] = '1'", []),
        ('os.environ.get("APP_KEY")', [("APP_KEY", "optional")]),
        ('os.getenv("APP_KEY", "x")', [("APP_KEY", "defaulted")]),
        ('os.getenv("APP_KEY") or "x"', [("APP_KEY", "defaulted")]),
        ("process.env.APP_KEY", [("APP_KEY", "optional")]),
        ("process.env.APP_KEY || 3", [("APP_KEY", "defaulted")]),
        ("process.env.APP_KEY = '3'", []),
        ("process.env['APP_KEY'] ?? 3", [("APP_KEY", "defaulted")]),
        ("ENV.fetch('APP_KEY')", [("APP_KEY", "required")]),
        ("ENV.fetch('APP_KEY') { 3 }", [("APP_KEY", "defaulted")]),
        ("ENV.fetch('APP_KEY', 3)", [("APP_KEY", "defaulted")]),
        ("ENV['APP_KEY'] ||= '3'", []),
        ('os.Getenv("APP_KEY")', [("APP_KEY", "optional")]),
        ('System.getenv("APP_KEY")', [("APP_KEY", "optional")]),
        ("env('APP_KEY', null)", [("APP_KEY", "defaulted")]),
        ('env::var("APP_KEY").unwrap()', [("APP_KEY", "required")]),
        ('env::var("APP_KEY").ok()', [("APP_KEY", "defaulted")]),
        ("APP_KEY", []),
        ('os.environ["A_B"]', []),
    ],
)
def test_how_much_a_line_needs_a_variable(text: str, found: list[tuple[str, Need]]) -> None:
    assert list(reads(text)) == found


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("APP_KEY=1", "APP_KEY"),
        ("export APP_KEY=1", "APP_KEY"),
        ("  APP_KEY: ${X}", "APP_KEY"),
        ('  - "APP_KEY=1"', "APP_KEY"),
        ("  - name: APP_KEY", "APP_KEY"),
        ("ENV APP_KEY 1", "APP_KEY"),
        ("# APP_KEY=1", None),
        ("app_key=1", None),
        ("KEY=1", None),
    ],
)
def test_the_variable_that_a_line_defines(text: str, key: str | None) -> None:
    assert defined_key(text) == key


def found(folder: Path, changed: str, code: str, **more: str) -> list[str]:
    """The titles raised, and the facts told, when .env.example changes and app.py stays."""
    before = {".env.example": SAMPLE, "app.py": code, **more}
    knowledge = known(folder, before, {".env.example": changed})
    facts = [f"fact: {fact.text}" for fact in knowledge.facts if fact.kind == "setting_key"]
    return [finding.title for finding in knowledge.findings] + facts


REMOVED = ["`SHOP_DATABASE_URL` is removed but still read in 1 place"]
MOVED = ["`SHOP_DATABASE_URL` is renamed to `SHOP_DB_URL` but still read in 1 place"]
TOLD = ["fact: `SHOP_DATABASE_URL` is no longer listed in .env.example, and is still read"]
NEEDS = 'import os\nurl = os.environ["SHOP_DATABASE_URL"]\n'


@pytest.mark.parametrize(
    ("changed", "code", "titles"),
    [
        (DROPPED, NEEDS, REMOVED),
        (RENAMED, NEEDS, MOVED),
        (RENAMED, 'import os\nurl = os.getenv("SHOP_DATABASE_URL")\n', MOVED),
        (DROPPED, 'import os\nurl = os.getenv("SHOP_DATABASE_URL")\n', TOLD),
        (DROPPED, 'import os\nurl = os.getenv("SHOP_DATABASE_URL", "")\n', TOLD),
        (RENAMED, NEEDS + 'new = os.environ["SHOP_DB_URL"]\n', []),
        (DROPPED, NEEDS + 'os.environ["SHOP_DATABASE_URL"] = "x"\n', []),
        (DROPPED, '# os.environ["SHOP_DATABASE_URL"]\n', []),
        (SAMPLE.replace("postgres", "mysql"), NEEDS, []),
    ],
)
def test_a_variable_that_no_sample_lists_any_more(
    changed: str, code: str, titles: list[str], tmp_path: Path
) -> None:
    assert found(tmp_path, changed, code) == titles


@pytest.mark.parametrize(
    "where",
    [
        {"compose.yaml": "services:\n  app:\n    environment:\n      SHOP_DATABASE_URL: x\n"},
        {"deploy/app.yaml": "        - name: SHOP_DATABASE_URL\n"},
        {"run.sh": "SHOP_DATABASE_URL=x python app.py\n"},
    ],
)
def test_what_is_provided_elsewhere_is_not_gone(where: dict[str, str], tmp_path: Path) -> None:
    assert found(tmp_path, DROPPED, NEEDS, **where) == []


def test_tests_that_read_it_do_not_count(tmp_path: Path) -> None:
    before = {".env.example": SAMPLE, "tests/test_app.py": NEEDS}
    assert known(tmp_path, before, {".env.example": DROPPED}).findings == ()
