"""What people teach is kept once, counted, taken back and deleted; nothing crosses unasked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.finding import Category
from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.learning import Learning, Taught, Teaching
from bot.domain.pull_request import RepositoryRef
from bot.errors import UserError
from bot.ports import Learnings
from bot.store.database import Database
from bot.store.learnings import SqlLearnings
from bot.store.tables import LEARNINGS, TEACHINGS
from tests.fakes.learnings import MemoryLearnings
from tests.store.conftest import DATABASES, empty_database

SHOP = RepositoryRef(RepositoryId(11), "acme/shop", InstallationId(5))
BLOG = RepositoryRef(RepositoryId(12), "acme/blog", InstallationId(5))
SITE = RepositoryRef(RepositoryId(14), "acme/site", InstallationId(5), private=False)
OTHER = RepositoryRef(RepositoryId(13), "other/site", InstallationId(6))
DAY = "2026-01-01"


def clock() -> datetime:
    return datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def stored(database: Database) -> SqlLearnings:
    return SqlLearnings(database, clock)


@pytest.fixture(params=["memory", *DATABASES])
def learnings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Learnings]:
    """The fake and the database, which must not differ in what the port says."""
    if request.param == "memory":
        yield MemoryLearnings(most=5)
        return
    with empty_database(request.param, tmp_path) as database:
        yield SqlLearnings(database, clock, most=5)


def by(author: str, source: str, **more: object) -> Teaching:
    return replace(Teaching(source, author), **more)  # type: ignore[arg-type]


def dated(teaching: Teaching) -> Teaching:
    return replace(teaching, date=DAY)


def test_what_is_taught_is_known_from_then_on(learnings: Learnings) -> None:
    tabs = by("ada", "7/issue_comment-1", paths=("db/**",), pull=7, link="https://x/7#1")
    taught = learnings.teach(SHOP, "  Migrations must\n be reversible. ", tabs)
    learning = Learning(1, "Migrations must be reversible.", SHOP, (dated(tabs),))
    assert taught == Taught(learning)
    assert list(learnings.known(SHOP)) == [learning]
    assert list(learnings.known(BLOG)) == []


def test_the_same_comment_teaches_once_also_after_it_was_forgotten(learnings: Learnings) -> None:
    first = learnings.teach(SHOP, "Use tabs.", by("ada", "c1"))
    assert learnings.teach(SHOP, "Use tabs.", by("ada", "c1")) == first
    assert learnings.forget(SHOP, 1, "c2")
    assert learnings.teach(SHOP, "Use tabs.", by("ada", "c1")).learning.number == 1
    assert list(learnings.known(SHOP)) == []


def test_the_same_words_are_one_learning_about_all_that_either_is_about(
    learnings: Learnings,
) -> None:
    one = by("ada", "c1", paths=("db/**",), category=Category.TESTS)
    two = by("bob", "c2", paths=("api/**",), category=Category.DOCS)
    learnings.teach(SHOP, "Generated code.", one)
    joined = learnings.teach(SHOP, "generated  CODE", two)
    both = Learning(1, "Generated code.", SHOP, (dated(one), dated(two)))
    assert joined == Taught(both, known=True)
    assert both.paths == ("db/**", "api/**")
    assert [
        both.covers("db/x.py", Category.TESTS),
        both.covers("api/x.py", Category.DOCS),
        both.covers("db/x.py", Category.DOCS),
    ] == [True, True, False]


def test_a_number_is_never_given_twice(learnings: Learnings) -> None:
    learnings.teach(SHOP, "One.", by("ada", "c1"))
    assert [learnings.forget(SHOP, 1, "c2") for _ in range(2)] == [True, True]
    assert learnings.forget(SHOP, 1, "c3") is False
    assert learnings.forget(SHOP, 2, "c3") is False
    assert learnings.teach(SHOP, "One.", by("ada", "c4")).learning.number == 2
    assert learnings.teach(BLOG, "One.", by("ada", "c4")).learning.number == 1


def test_a_reopened_finding_takes_back_what_it_taught_and_no_more(learnings: Learnings) -> None:
    learnings.teach(SHOP, "Old clients send both.", by("ada", "c1", pull=7, finding="f1"))
    learnings.teach(SHOP, "old clients send both", by("bob", "c2", pull=9, finding="f1"))
    learnings.teach(SHOP, "Retries are outside.", by("ada", "c3", pull=7, finding="f1"))
    assert list(learnings.take_back(SHOP, 7, "f1")) == [2]
    assert list(learnings.take_back(SHOP, 7, "f1")) == [2]
    assert [(one.number, one.first.author) for one in learnings.known(SHOP)] == [(1, "bob")]
    assert list(learnings.take_back(SHOP, 9, "f1")) == [1]
    assert list(learnings.known(SHOP)) == []


def test_a_promoted_learning_is_told_to_others_but_no_private_one_to_the_public(
    learnings: Learnings,
) -> None:
    for repository in (SHOP, SITE):
        learnings.teach(repository, f"Of {repository.name}.", by("ada", "c1"))
        assert learnings.promote(repository, 1, promoted=True)
    assert learnings.promote(SHOP, 2, promoted=True) is False
    told = {
        where.full_name: [one.label(where.id) for one in learnings.known(where)]
        for where in (SHOP, BLOG, SITE, OTHER)
    }
    assert told == {
        "acme/shop": ["1", "acme/site 1"],
        "acme/blog": ["acme/shop 1", "acme/site 1"],
        "acme/site": ["1"],
        "other/site": [],
    }
    assert learnings.promote(SHOP, 1, promoted=False)
    assert [one.label(BLOG.id) for one in learnings.known(BLOG)] == ["acme/site 1"]


def test_what_was_said_once_in_a_private_repository_stays_private(stored: SqlLearnings) -> None:
    was_public = replace(SHOP, private=False)
    stored.teach(was_public, "Use tabs.", by("ada", "c1"))
    stored.teach(SHOP, "Use tabs.", by("bob", "c2"))
    stored.promote(SHOP, 1, promoted=True)
    assert list(stored.known(SITE)) == []


def test_uses_count_reviews_not_attempts(learnings: Learnings) -> None:
    for number, words in enumerate(("Use tabs.", "No retries.", "Never used."), 1):
        learnings.teach(SHOP, words, by("ada", f"c{number}"))
    tabs, retries, _ = learnings.known(SHOP)
    for _ in range(2):
        learnings.used("5/11/7/aaa/auto", (tabs, retries), (retries,))
    learnings.used("5/11/8/bbb/auto", (tabs, retries), ())
    assert [(one.offered, one.silenced, one.last_used) for one in learnings.known(SHOP)] == [
        (2, 0, DAY),
        (2, 1, DAY),
        (0, 0, ""),
    ]


def test_the_oldest_that_nobody_was_given_leaves_for_a_new_one(learnings: Learnings) -> None:
    for number in range(1, 6):
        learnings.teach(SHOP, f"Rule {number}.", by("ada", f"c{number}"))
    first, second, *_ = learnings.known(SHOP)
    learnings.used("k", (first,), ())
    taught = learnings.teach(SHOP, "One more.", by("bob", "new"))
    assert (taught.learning.number, taught.left) == (6, second)
    assert [one.number for one in learnings.known(SHOP)] == [1, 3, 4, 5, 6]


def test_a_forgotten_learning_leaves_no_words_and_no_people(
    stored: SqlLearnings, database: Database
) -> None:
    stored.teach(SHOP, "Ask ada.", by("ada", "c1"))
    stored.forget(SHOP, 1, "c2")
    with database.read() as connection:
        kept = connection.execute(select(LEARNINGS.c.number, LEARNINGS.c.text)).all()
        who = connection.execute(select(TEACHINGS.c.source, TEACHINGS.c.teaching)).all()
    assert ([tuple(row) for row in kept], [tuple(row) for row in who]) == ([(1, "")], [("c1", {})])


def test_what_an_installation_taught_goes_with_it(stored: SqlLearnings) -> None:
    for where in (SHOP, BLOG, OTHER):
        stored.teach(where, "Use tabs.", by("ada", "c1"))
        stored.used("k", stored.known(where), ())
    stored.forget_all(InstallationId(5), (RepositoryId(11),))
    assert [one.repository for one in stored.everywhere()] == [BLOG, OTHER]
    stored.forget_all(InstallationId(5))
    assert [one.repository for one in stored.everywhere()] == [OTHER]


def test_a_repository_is_found_by_its_name(stored: SqlLearnings) -> None:
    stored.teach(SITE, "Use tabs.", by("ada", "c1"))
    assert stored.repository_named("ACME/site") == SITE
    assert [one.number for one in stored.of(SITE)] == [1]
    with pytest.raises(UserError, match="'acme/none' is not known here"):
        stored.repository_named("acme/none")


def test_a_repository_that_is_called_otherwise_now_knows_what_it_was_taught(
    stored: SqlLearnings,
) -> None:
    stored.teach(SHOP, "Use tabs.", by("ada", "c1"))
    renamed = replace(SHOP, full_name="acme/store")
    assert [one.label(renamed.id) for one in stored.of(renamed)] == ["1"]
    assert stored.teach(renamed, "use TABS", by("bob", "c2")).known


def test_two_who_teach_at_once_get_two_numbers(stored: SqlLearnings) -> None:
    threads = [
        threading.Thread(
            target=stored.teach, args=(SHOP, f"Rule {number}.", by("ada", f"c{number}"))
        )
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.number for one in stored.known(SHOP)] == list(range(1, 9))


def test_words_that_no_database_takes_are_kept_as_far_as_they_can_be(
    stored: SqlLearnings,
) -> None:
    taught = stored.teach(SHOP, "Use \0 and \ud800.", by("ada", "c1"))
    assert taught.learning.text == "Use \N{REPLACEMENT CHARACTER} and ?."
