"""So much an hour for a person and for an installation, counted by Redis in one step."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import redis

from bot.domain.commands import Command
from bot.domain.jobs import Mention
from bot.store.allowances import RedisAllowances
from tests.fakes.pulls import PULL


def asked(number: int, by: str = "bob") -> Mention:
    return Mention("issue_comment", number, by, Command("help"))


def test_a_person_is_told_once_then_no_more(valkey: redis.Redis) -> None:
    allowances = RedisAllowances(valkey, a_person=2, an_installation=100)
    said = [allowances.take(PULL, asked(number)) for number in range(5)]
    assert said == ["yes", "yes", "no", "silence", "silence"]
    assert allowances.take(PULL, asked(9, by="alice")) == "yes"
    assert allowances.take(PULL, asked(8, by="BOB")) == "silence"


def test_a_job_that_runs_twice_counts_once_and_hears_the_same(valkey: redis.Redis) -> None:
    allowances = RedisAllowances(valkey, a_person=1, an_installation=100)
    said = [allowances.take(PULL, asked(number)) for number in (1, 1, 2, 2, 1)]
    assert said == ["yes", "yes", "no", "no", "yes"]


def test_an_installation_has_its_own_limit(valkey: redis.Redis) -> None:
    allowances = RedisAllowances(valkey, a_person=2, an_installation=3)
    people = ("ann", "ann", "ben", "ben")
    said = [allowances.take(PULL, asked(n, by)) for n, by in enumerate(people)]
    assert said == ["yes", "yes", "yes", "no"]


def test_many_workers_allow_no_more_than_one(valkey: redis.Redis) -> None:
    allowances = RedisAllowances(valkey, a_person=5, an_installation=100)
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda number: allowances.take(PULL, asked(number)), range(40)))
    assert said.count("yes") == 5
    assert said.count("no") == 1
