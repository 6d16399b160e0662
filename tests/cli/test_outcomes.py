"""`plumbline outcomes`: whole pages."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot.domain.finding import Category, Origin, Severity
from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.outcome import Outcome, Posting, Signals
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.errors import UserError
from bot.store.database import open_database
from bot.store.outcomes import SqlOutcomes
from workers.cli.main import run
from workers.cli.outcomes import day_of

SHOP = PullRef(RepositoryRef(RepositoryId(1), "acme/shop", InstallationId(5)), 7)
BLOG = PullRef(RepositoryRef(RepositoryId(2), "acme/blog", InstallationId(5)), 3)
MAY, JUNE = datetime(2026, 5, 31, 23, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


def posted(name: str, at: datetime, signals: Signals, **sort: str) -> Outcome:
    posting = Posting(
        finding=name,
        title="A title",
        path="a.py",
        kind="race",
        category=Category(sort.get("category", "correctness")),
        severity=Severity(sort.get("severity", "P1")),
        origin=Origin(sort.get("origin", "hunt")),
        confidence=0.8,
        posted_at=at,
    )
    return Outcome(posting, signals)


@pytest.fixture(autouse=True)
def _records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five findings of two repositories."""
    monkeypatch.setenv("PLUMBLINE_DATA_DIR", str(tmp_path))
    with closing(open_database("", tmp_path)) as database:
        outcomes = SqlOutcomes(database)
        outcomes.keep(
            SHOP,
            [
                posted("a", MAY, Signals(fixed=JUNE)),
                posted("b", MAY, Signals(dismissed=JUNE), category="tests", severity="P2"),
                posted("c", JUNE, Signals(merged=JUNE), origin="check"),
                posted("d", JUNE, Signals(resolved=JUNE, changed=JUNE)),
            ],
        )
        outcomes.keep(BLOG, [posted("a", JUNE, Signals(), severity="P0")])


def shown(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert run(["outcomes", *options]) == 0
    return capsys.readouterr().out


def test_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys) == snapshot("""\
50% addressed: 2 of 4 settled (5 findings posted)

What became of them
  dismissed by a person         1  not addressed
  fixed, as a later review saw  1  addressed
  thread closed, lines changed  1  addressed
  merged over                   1  not addressed
  still open                    1  not settled

By repository
  acme/blog  nothing settled yet            1 posted
  acme/shop  50% addressed: 2 of 4 settled  4 posted

By category
  correctness  67% addressed: 2 of 3 settled  4 posted
  tests        0% addressed: 0 of 1 settled   1 posted

By severity
  P0  nothing settled yet            1 posted
  P1  67% addressed: 2 of 3 settled  3 posted
  P2  0% addressed: 0 of 1 settled   1 posted

By origin
  check  0% addressed: 0 of 1 settled   1 posted
  hunt   67% addressed: 2 of 3 settled  4 posted

By month of posting
  2026-05  50% addressed: 1 of 2 settled  2 posted
  2026-06  50% addressed: 1 of 2 settled  3 posted
""")


def test_of_one_repository_since_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    page = shown(capsys, "--repo", "Acme/shop", "--since", "2026-06-01", "--format", "json")
    assert json.loads(page) == snapshot(
        {
            "schema": 1,
            "posted": 2,
            "settled": 2,
            "addressed": 1,
            "rate": 0.5,
            "became": {
                "withdrawn": 0,
                "dismissed": 0,
                "fixed": 0,
                "disliked": 0,
                "liked": 0,
                "resolved_with_change": 1,
                "disputed": 0,
                "resolved": 0,
                "changed": 0,
                "ignored": 1,
                "closed": 0,
                "open": 0,
            },
            "by": {
                "repository": {
                    "acme/shop": {"posted": 2, "settled": 2, "addressed": 1, "rate": 0.5}
                },
                "category": {
                    "correctness": {"posted": 2, "settled": 2, "addressed": 1, "rate": 0.5}
                },
                "severity": {"P1": {"posted": 2, "settled": 2, "addressed": 1, "rate": 0.5}},
                "origin": {
                    "check": {"posted": 1, "settled": 1, "addressed": 0, "rate": 0.0},
                    "hunt": {"posted": 1, "settled": 1, "addressed": 1, "rate": 1.0},
                },
                "month": {"2026-06": {"posted": 2, "settled": 2, "addressed": 1, "rate": 0.5}},
            },
        }
    )


def test_nothing_on_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, "--repo", "acme/none") == "No posted finding is on record here.\n"
    assert json.loads(shown(capsys, "--repo", "acme/none", "--format", "json"))["rate"] is None


def test_since_when() -> None:
    now = datetime(2026, 6, 10, 12, tzinfo=UTC)
    assert day_of("", now) is None
    assert day_of("10d", now) == datetime(2026, 5, 31, 12, tzinfo=UTC)
    assert day_of("2026-06-01", now) == JUNE
    for text in ("yesterday", "2026-13-01", "d", "-3d"):
        with pytest.raises(UserError, match="is neither a date like 2026-01-31 nor days like 90d"):
            day_of(text, now)


def test_a_number_of_days_that_reaches_before_all_dates(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "5 findings posted" in shown(capsys, "--since", "99999d")
