"""`plumbline memory`: what people taught, told, added to, forgotten and promoted."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot.domain.finding import Category
from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.learning import Teaching
from bot.domain.pull_request import RepositoryRef
from bot.store.database import open_database
from bot.store.learnings import SqlLearnings
from workers.cli.main import run

SHOP = RepositoryRef(RepositoryId(11), "acme/shop", InstallationId(5))
SITE = RepositoryRef(RepositoryId(12), "acme/site", InstallationId(5), private=False)
LINK = "https://github.com/acme/shop/pull/7#issuecomment-1"


@pytest.fixture(autouse=True)
def _taught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two repositories that were taught something."""
    monkeypatch.setenv("PLUMBLINE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("USER", "root")
    monkeypatch.setenv("LOGNAME", "ops")
    with closing(open_database("", tmp_path)) as database:
        learnings = SqlLearnings(database, lambda: datetime(2026, 1, 31, tzinfo=UTC))
        cents = Teaching("1", "ada", link=LINK, paths=("db/**",), pull=7)
        learnings.teach(SHOP, "Prices are cents.", cents)
        learnings.teach(SHOP, "prices are cents", Teaching("2", "bob", paths=("api/**",)))
        learnings.used("k", learnings.known(SHOP), learnings.known(SHOP))
        header = Teaching("3", "bob\x1b[2J", "dismissed", category=Category.TESTS)
        learnings.teach(SHOP, "A header \u202e.", header)
        learnings.teach(SITE, "Public.", Teaching("1", "cy"))


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Exit status, and all that was printed."""
    status = run(["memory", *words])
    printed = capsys.readouterr()
    return status, printed.out + printed.err


def test_what_is_remembered_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "list") == (
        0,
        snapshot("""\
acme/shop  private
   1  Prices are cents.
      db/**, api/** · remembered by ada and 1 more, 2026-01-31 · used in 1
        review, left a finding out of 1, last 2026-01-31
      https://github.com/acme/shop/pull/7#issuecomment-1
   2  A header \\u202e.
      tests · dismissed by bob\\x1b[2J, 2026-01-31 · never used
acme/site  public
   1  Public.
      remembered by cy, 2026-01-31 · never used
"""),
    )
    assert said(capsys, "list", "--repo", "ACME/site") == (
        0,
        snapshot("""\
acme/site  public
   1  Public.
      remembered by cy, 2026-01-31 · never used
"""),
    )


def test_it_is_carried_away_whole(capsys: pytest.CaptureFixture[str]) -> None:
    status, text = said(capsys, "export", "--repo", "acme/shop")
    exported = json.loads(text)
    first = exported["learnings"][0]
    assert (status, exported["schema"], len(exported["learnings"])) == (0, 1, 2)
    assert (first["number"], first["text"], first["offered"]) == (1, "Prices are cents.", 1)
    assert [one["author"] for one in first["teachings"]] == ["ada", "bob"]


def test_somebody_who_runs_it_teaches_too(capsys: pytest.CaptureFixture[str]) -> None:
    more = ("--repo", "acme/shop", "--path", "db/**", "--path", "*.sql", "--category", "data")
    assert said(capsys, "add", "Migrations are  reversible.", *more) == (
        0,
        "acme/shop 3: remembered\n",
    )
    assert said(capsys, "add", "A HEADER", "--repo", "acme/shop") == (
        0,
        "acme/shop 2: known already\n",
    )
    listed = said(capsys, "list", "--repo", "acme/shop")[1]
    assert (
        "   3  Migrations are reversible.\n      db/**, *.sql, data · remembered by ops" in listed
    )


def test_it_is_forgotten_once(capsys: pytest.CaptureFixture[str]) -> None:
    forget = ("forget", "1", "--repo", "acme/site")
    assert said(capsys, *forget) == (0, "acme/site 1: forgotten\n")
    assert said(capsys, "list", "--repo", "acme/site") == (0, "Nothing is remembered here.\n")
    assert said(capsys, "forget", "7", "--repo", "acme/site") == (
        2,
        snapshot(
            "plumbline: acme/site remembers nothing as 7. `plumbline memory list` shows all.\n"
        ),
    )


def test_promoting_says_who_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "promote", "1", "--repo", "acme/site") == (
        0,
        snapshot("acme/site 1: offered to all repositories of the installation\n"),
    )
    assert said(capsys, "promote", "1", "--repo", "acme/shop") == (
        0,
        snapshot("acme/shop 1: offered to all private repositories of the installation\n"),
    )
    assert said(capsys, "promote", "1", "--repo", "acme/shop", "--undo") == (
        0,
        snapshot("acme/shop 1: offered to its own repository alone\n"),
    )


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("add", "x", "--repo", "acme/none"), "'acme/none' is not known here"),
        (("list", "--repo", "acme/none"), "'acme/none' is not known here"),
        (("add", " ", "--repo", "acme/shop"), "Nothing is said. Write one rule or fact."),
        (("add", "x" * 501, "--repo", "acme/shop"), "It has 501 characters. Say it in 500."),
        (("add", "x", "--repo", "acme/shop", "--path", "a*b*c*d*e"), 'has too many "*"'),
        (("forget", "0", "--repo", "acme/shop"), "0 is not in the range"),
        (("promote", "1"), "Missing option '--repo'"),
    ],
)
def test_what_cannot_be_used_is_named(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], problem: str
) -> None:
    status, text = said(capsys, *words)
    assert (status, problem in text) == (2, True), text
