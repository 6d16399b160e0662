"""Records: kept as they happen, replaced by key, read back whole, deleted on request."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.conversation import Step
from bot.domain.finding import Category, Evidence, Fate, Finding, Origin, Severity
from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.jobs import short_key
from bot.domain.pull_request import Commit, LinkedIssue, PullRef, PullRequest, RepositoryRef
from bot.domain.review import Review
from bot.domain.ruling import Ruling
from bot.errors import InstallationGone, UserError
from bot.store.database import Database, open_database
from bot.store.record_search import RecordSearch
from bot.store.records import SqlRecords

BASE, HEAD = Sha("b" * 40), Sha("a" * 40)
SHOP = RepositoryRef(RepositoryId(11), "acme/shop", InstallationId(5))
BLOG = RepositoryRef(RepositoryId(12), "acme/blog", InstallationId(5))
OTHER = RepositoryRef(RepositoryId(13), "other/site", InstallationId(6))


class Ticking:
    """A clock that moves by a minute with each look."""

    def __init__(self) -> None:
        self._now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self._now += timedelta(minutes=1)
        return self._now


@pytest.fixture
def records(database: Database) -> SqlRecords:
    return SqlRecords(database, Ticking())


def pull(repository: RepositoryRef = SHOP, number: int = 7, head: Sha = HEAD) -> PullRequest:
    return PullRequest(
        ref=PullRef(repository, number),
        title="Retry requests on 503",
        body="Fixes #3.",
        author="ada",
        state="open",
        base_branch="main",
        head_branch="retry",
        base_tip=BASE,
        merge_base=BASE,
        head=head,
        commits=(Commit(HEAD, "Retry"),),
        issues=(LinkedIssue(3, "503s", "They hurt.", "https://github.com/acme/shop/issues/3"),),
    )


def finding(title: str, fate: Fate) -> Finding:
    return Finding(
        title=title,
        body="The loop falls through.",
        severity=Severity.P1,
        category=Category.CORRECTNESS,
        origin=Origin.HUNT,
        path="shop/retry.py",
        line=6,
        confidence=0.86,
        kind="swallowed-failure",
        symbol="send",
        evidence=(Evidence("shop/retry.py", HEAD, 6, 6, "    return response"),),
        fate=fate,
        reason="because",
    )


def review(*findings: Finding, note: str = "") -> Review:
    notes = (note,) if note else ()
    return Review("complete", BASE, HEAD, "standard", findings=findings, notes=notes)


def key_of(pull_request: PullRequest) -> str:
    return f"{pull_request.ref.key}/{pull_request.head}/auto"


def step(name: str) -> Step:
    return Step("model", name, {"room": "hunt"}, {"text": "{}"}, 1.5, "hunt@3")


def keep(records: SqlRecords, pull_request: PullRequest, kept: Review) -> str:
    key = key_of(pull_request)
    records.begin(key, pull_request)
    records.keep(key, kept)
    return key


def test_a_review_is_read_back_whole(records: SqlRecords, database: Database) -> None:
    kept = review(finding("one", Fate.POSTED), finding("two", Fate.REFUTED), note="a note")
    trace = records.begin("k", pull())
    trace.add(step("hunt: first"))
    trace.add(step("hunt: second"))
    assert records.review("k") is None

    records.keep("k", kept)

    assert records.review("k") == kept
    record = RecordSearch(database).record("k")
    assert record.review == kept
    assert record.steps == (step("hunt: first"), step("hunt: second"))
    assert record.inputs["commits"] == [{"sha": HEAD, "message": "Retry"}]
    assert (record.summary.findings, record.summary.posted) == (2, 1)
    assert record.summary.started_at == datetime(2026, 1, 1, 0, 1, tzinfo=UTC)


def test_the_same_key_again_replaces_the_review_and_its_findings(
    records: SqlRecords, database: Database
) -> None:
    keep(records, pull(), review(finding("one", Fate.POSTED), finding("two", Fate.LISTED)))
    key = keep(records, pull(), review(finding("three", Fate.OVER_CAP)))
    assert records.review(key) == review(finding("three", Fate.OVER_CAP))
    with database.read() as connection:
        rows = connection.execute(text("SELECT title, fate, confidence FROM findings")).all()
    assert [tuple(row) for row in rows] == [("three", "over_cap", 0.86)]


def test_a_second_start_is_a_second_attempt_with_its_own_steps(
    records: SqlRecords, database: Database
) -> None:
    first = records.begin("k", pull())
    first.add(step("of the first"))
    second = records.begin("k", pull())
    second.add(step("of the second"))
    first.add(step("of the first, late"))
    record = RecordSearch(database).record("k")
    assert (record.summary.attempt, record.summary.status) == (2, "running")
    assert [entry.name for entry in record.steps] == ["of the second"]
    with database.read() as connection:
        kept = connection.execute(text("SELECT count(*) FROM steps WHERE attempt = 1")).scalar()
    assert kept == 2


def test_earlier_published_reviews_of_this_pull_request_only_oldest_first(
    records: SqlRecords,
) -> None:
    heads = [Sha(letter * 40) for letter in "cde"]
    keys = [
        keep(records, pull(head=head), replace(review(note=head[0]), head=head)) for head in heads
    ]
    for stranger in (pull(number=8), pull(BLOG), pull(OTHER)):
        records.published(keep(records, stranger, review()), 99)
    records.published(keys[1], None)
    records.published(keys[0], 4711)
    records.published(keys[1], None)
    before = records.posted_before(pull().ref)
    assert [entry.notes for entry in before] == [("d",), ("c",)]


def test_publication_survives_a_new_start(records: SqlRecords) -> None:
    key = keep(records, pull(), review(note="first"))
    records.published(key, 4711)
    records.begin(key, pull())
    assert [entry.notes for entry in records.posted_before(pull().ref)] == [("first",)]


def test_replies(records: SqlRecords) -> None:
    records.keep_reply("5/11/7/reply/1", "Because.")
    records.keep_reply("5/11/7/reply/1", "Because of that.")
    assert records.reply("5/11/7/reply/1") == "Because of that."
    assert records.reply("5/11/7/reply/2") is None


def test_an_installation_is_forgotten_with_all_that_hangs_on_it(
    records: SqlRecords, database: Database
) -> None:
    trace = records.begin(key_of(pull()), pull())
    trace.add(step("hunt"))
    records.keep_reply("5/11/7/reply/1", "Because.")
    records.keep_reply("55/11/7/reply/1", "Of another installation.")
    stays = keep(records, pull(OTHER), review())

    assert records.forget(InstallationId(5)) == 1

    assert records.review(stays) == review()
    assert records.reply("5/11/7/reply/1") is None
    assert records.reply("55/11/7/reply/1") == "Of another installation."
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM steps")).scalar() == 0
    with pytest.raises(InstallationGone, match="was deleted"):
        trace.add(step("too late"))
    with pytest.raises(InstallationGone, match="was deleted"):
        records.keep(key_of(pull()), review())


def test_one_repository_is_forgotten_and_its_neighbour_stays(records: SqlRecords) -> None:
    gone, stays = keep(records, pull(SHOP), review()), keep(records, pull(BLOG), review())
    assert records.forget(InstallationId(5), [RepositoryId(11)]) == 1
    assert (records.review(gone), records.review(stays)) == (None, review())


def test_text_that_a_database_refuses_is_stored_all_the_same(
    records: SqlRecords, database: Database
) -> None:
    odd = replace(finding("nul \0 and \udcff", Fate.POSTED), path="a\0.py")
    key = keep(records, pull(), review(odd))
    assert records.review(key) == review(odd)
    trace = records.begin(key, pull())
    trace.add(Step("tool", "search", {"nan": float("nan")}, {"text": "\0\udcff"}))
    assert RecordSearch(database).record(key).steps == (
        Step("tool", "search", {"nan": None}, {"text": "\0\udcff"}),
    )


def test_rooms_in_parallel_share_one_trace(records: SqlRecords, database: Database) -> None:
    trace = records.begin("k", pull())

    def work(room: int) -> None:
        for _ in range(25):
            trace.add(step(f"{room}"))

    rooms = [threading.Thread(target=work, args=(room,)) for room in range(4)]
    for room in rooms:
        room.start()
    for room in rooms:
        room.join()
    names = [entry.name for entry in RecordSearch(database).record("k").steps]
    assert sorted(names) == sorted([f"{room}" for room in range(4) for _ in range(25)])


WRITER = """
import os, signal, sys
from pathlib import Path
from bot.store.database import open_database
from bot.store.records import SqlRecords
from tests.store.test_records import pull, step
records = SqlRecords(open_database("", Path(sys.argv[1])))
trace = records.begin(sys.argv[2], pull())
for number in range(20):
    trace.add(step(str(number)))
if sys.argv[3:]:
    os.kill(os.getpid(), signal.SIGKILL)
"""


def writer(folder: Path, key: str, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(folder), key, *more])


def test_processes_that_start_on_an_empty_folder_do_not_collide(tmp_path: Path) -> None:
    processes = [writer(tmp_path, f"k{number}") for number in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    with closing(open_database("", tmp_path)) as opened:
        search = RecordSearch(opened)
        assert [len(search.record(f"k{number}").steps) for number in range(3)] == [20, 20, 20]


def test_the_steps_of_a_killed_job_are_kept(tmp_path: Path) -> None:
    assert writer(tmp_path, "k", "die").wait(60) == -signal.SIGKILL
    with closing(open_database("", tmp_path)) as opened:
        record = RecordSearch(opened).record("k")
    assert (record.summary.status, len(record.steps)) == ("running", 20)


def test_records_are_found_by_the_beginning_of_key_or_head(
    records: SqlRecords, database: Database
) -> None:
    first = keep(records, pull(head=Sha("c" * 40)), replace(review(), head=Sha("c" * 40)))
    second = keep(records, pull(BLOG), review())
    search = RecordSearch(database)
    assert [entry.key for entry in search.newest()] == [second, first]
    assert [entry.key for entry in search.newest("ACME/shop")] == [first]
    assert [entry.key for entry in search.newest(limit=1)] == [second]
    assert search.record("5/12").summary.key == second
    assert search.record("CCCC").summary.key == first
    assert search.record(short_key(first)).summary.key == first
    with pytest.raises(UserError) as several:
        search.record("5/")
    assert str(several.value).splitlines() == [
        "several records begin with '5/'. Give one of these keys:",
        f"  {second}  2026-01-01 00:03  complete  acme/blog#7",
        f"  {first}  2026-01-01 00:01  complete  acme/shop#7",
    ]
    with pytest.raises(UserError, match=r"no record begins with 'cccc/mention'"):
        search.record("cccc/mention")
    with pytest.raises(UserError) as none:
        search.record("%")
    assert str(none.value) == (
        "no record begins with '%'. `plumbline trace list` shows the newest ones."
    )


def test_rulings_are_kept_once_a_comment_and_go_with_their_repository(records: SqlRecords) -> None:
    first = Ruling("f1", "dismissed", "a header", "bob", "review_comment-1")
    records.rule(pull().ref, first)
    records.rule(pull().ref, replace(first, kind="reopened", reason="said later"))
    second = Ruling("f1", "reopened", "", "alice", "review_comment-2")
    records.rule(pull().ref, second)
    assert sorted(records.rulings(pull().ref), key=lambda one: one.source) == [first, second]
    assert records.rulings(pull(BLOG).ref) == []
    records.forget(InstallationId(5), [RepositoryId(11)])
    assert records.rulings(pull().ref) == []
