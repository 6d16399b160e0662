"""The records in pieces, as pages show them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.conversation import Step
from bot.domain.finding import Fate
from bot.domain.identifiers import Sha
from bot.domain.jobs import short_key
from bot.domain.learning import Teaching
from bot.domain.review import ReviewUsage
from bot.store.database import Database
from bot.store.learnings import SqlLearnings
from bot.store.record_browser import KnownRepository, RecordBrowser, StepRow, StepTexts
from bot.store.records import SqlRecords
from bot.store.review_rows import ReviewRow
from tests.store.test_records import BLOG, OTHER, SHOP, Ticking, finding, keep, pull, review

ANSWERED = Step(
    "model",
    "hunt: first",
    {"room": "hunt", "messages": [{"role": "user", "content": "Look."}]},
    {"text": "{}", "usage": {"input_tokens": 900, "cached_tokens": 0, "output_tokens": 30}},
    1.5,
    "hunt@3",
)
FAILED = Step("model", "hunt: second", {"room": "hunt"}, {"error": "timed out"})
READ = Step("tool", "read_file", {"arguments": '{"path": "a"}'}, {"text": "code"}, 0.25)


@pytest.fixture
def records(database: Database) -> SqlRecords:
    return SqlRecords(database, Ticking())


@pytest.fixture
def browser(database: Database) -> RecordBrowser:
    return RecordBrowser(database)


def at(minute: int) -> datetime:
    return datetime(2026, 1, 1, 0, minute, tzinfo=UTC)


def test_repositories_are_listed_once_under_their_newest_name(
    records: SqlRecords, browser: RecordBrowser
) -> None:
    public = replace(SHOP, full_name="acme/store", private=False)
    for repository in (SHOP, OTHER, public, BLOG):
        keep(records, pull(repository, head=Sha(repository.full_name[-1] * 40)), review())

    assert list(browser.repositories()) == [
        KnownRepository(BLOG, 1, at(7)),
        KnownRepository(replace(public, private=True), 2, at(5)),
        KnownRepository(OTHER, 1, at(3)),
    ]
    assert [browser.repository(5, 11), browser.repository(6, 11)] == [public, None]


def test_a_repository_that_was_only_taught_is_listed_too(
    database: Database, records: SqlRecords, browser: RecordBrowser
) -> None:
    learnings = SqlLearnings(database)
    keep(records, pull(), review())
    for repository, words in ((SHOP, "One."), (SHOP, "Two."), (BLOG, "Three."), (OTHER, "Four.")):
        learnings.teach(repository, words, Teaching(words, "ada"))
    learnings.forget(OTHER, 1, "a test")

    assert list(browser.repositories()) == [
        KnownRepository(SHOP, 1, at(1), 2),
        KnownRepository(BLOG, learnings=1),
    ]
    assert browser.repository(5, 12) == BLOG


def test_reviews_of_a_repository_are_paged_newest_first(
    records: SqlRecords, browser: RecordBrowser
) -> None:
    kept = replace(
        review(finding("one", Fate.POSTED), finding("two", Fate.REFUTED)),
        usage=ReviewUsage(model_calls=2, seconds=12.5, cost_usd=0.25),
    )
    key = keep(records, pull(), kept)
    records.begin("running", pull(number=8, head=Sha("c" * 40)))
    keep(records, pull(BLOG), review())

    newest, oldest = browser.reviews(5, 11, 0, 10)

    assert oldest == ReviewRow(
        key=key,
        installation=5,
        repository_id=11,
        repository="acme/shop",
        number=7,
        head="a" * 40,
        status="complete",
        effort="standard",
        started_at=at(1),
        finished_at=at(2),
        published_at=None,
        attempt=1,
        title="Retry requests on 503",
        seconds=12.5,
        cost_usd=0.25,
        fates={"posted": 1, "refuted": 1},
    )
    assert (newest.key, newest.status, newest.seconds, newest.fates) == (
        "running",
        "running",
        None,
        {},
    )
    assert list(browser.reviews(5, 11, 1, 1)) == [oldest]
    assert list(browser.reviews(5, 11, 2, 1)) == []
    assert list(browser.reviews(6, 11, 0, 10)) == []


def test_one_review_is_read_whole_and_by_its_whole_key(
    records: SqlRecords, browser: RecordBrowser
) -> None:
    kept = review(finding("one", Fate.POSTED))
    key = keep(records, pull(), kept)
    records.begin("running", pull(number=8))

    found, running = browser.review(key), browser.review("running")

    assert found is not None
    assert (found[0].key, found[1]) == (key, kept)
    assert running is not None
    assert running[1] is None
    assert browser.review(key[:-1]) is None


@pytest.mark.parametrize("title", ["half a pair \ud800", "nothing \0 at all", ""])
def test_a_title_that_a_database_cannot_read_is_read(
    records: SqlRecords, browser: RecordBrowser, title: str
) -> None:
    records.begin("k", replace(pull(), title=title))
    assert [row.title for row in browser.reviews(5, 11, 0, 10)] == [title]


def test_texts_that_a_database_cannot_read_take_no_number_from_a_list(
    records: SqlRecords, browser: RecordBrowser
) -> None:
    odd, public = "nul \0 and half a pair \ud800", replace(SHOP, private=False)
    usage = ReviewUsage(model_calls=1, seconds=12.5, cost_usd=0.25)
    kept = replace(review(finding(odd, Fate.POSTED)), usage=usage)
    key = keep(records, replace(pull(public), body=odd), kept)
    answered = replace(ANSWERED, response={**ANSWERED.response, "text": odd})
    records.begin(key, replace(pull(public), body=odd)).add(answered)

    (row,) = browser.reviews(5, 11, 0, 10)
    (step,) = browser.steps(key, 2)

    assert (row.seconds, row.cost_usd, row.posted) == (12.5, 0.25, 1)
    assert (step.input_tokens, step.output_tokens) == (900, 30)
    assert browser.repository(5, 11) == public


def test_a_review_is_found_by_the_name_that_its_footer_shows(
    records: SqlRecords, browser: RecordBrowser
) -> None:
    key = keep(records, pull(), review())
    records.begin("5/11/8/c/auto", pull(number=8, head=Sha("c" * 40)))

    assert [row.key for row in browser.find(short_key(key))] == [key]
    assert [row.number for row in browser.find("5/11/")] == [8, 7]
    assert list(browser.find("d" * 40)) == []


def test_steps_are_listed_without_their_texts_and_read_one_at_a_time(
    records: SqlRecords, browser: RecordBrowser
) -> None:
    records.begin("k", pull()).add(READ)
    trace = records.begin("k", pull())
    for step in (ANSWERED, FAILED, READ):
        trace.add(step)

    rows = browser.steps("k", 2)

    assert list(rows) == [
        StepRow(1, "model", "hunt: first", "hunt@3", 1.5, 900, 30),
        StepRow(2, "model", "hunt: second", "", 0.0, None, None),
        StepRow(3, "tool", "read_file", "", 0.25, None, None),
    ]
    assert [row.failed for row in rows] == [False, True, False]
    assert browser.step("k", 2, 1) == StepTexts(rows[0], ANSWERED.request, ANSWERED.response)
    assert (browser.step("k", 2, 4), len(browser.steps("k", 1))) == (None, 1)
