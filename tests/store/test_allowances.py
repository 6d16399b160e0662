"""So much an hour for a person and for an installation, counted by Redis in one step."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import redis

from bot.domain.commands import Command
from bot.domain.jobs import Mention
from bot.store.allowances import HourlyLimits, RedisAllowances
from tests.fakes.pulls import PULL


def asked(number: int, by: str = "bob") -> Mention:
    return Mention("issue_comment", number, by, Command("help"))


def test_a_person_is_told_once_then_no_more(valkey: redis.Redis) -> None:
    allowances = RedisAllowances(valkey, HourlyLimits(a_person=2))
    said = [allowances.take(PULL, asked(number), guest=False) for number in range(5)]
    assert said == ["yes", "yes", "no", "silence", "silence"]
    assert allowances.take(PULL, asked(9, by="alice"), guest=False) == "yes"
    assert allowances.take(PULL, asked(8, by="BOB"), guest=False) == "silence"


def test_a_job_that_runs_twice_counts_once_and_hears_the_same(valkey: redis.Redis) -> None:
    allowances = RedisAllowances(valkey, HourlyLimits(a_person=1))
    said = [allowances.take(PULL, asked(number), guest=False) for number in (1, 1, 2, 2, 1)]
    assert said == ["yes", "yes", "no", "no", "yes"]


def test_an_installation_has_its_own_limit(valkey: redis.Redis) -> None:
    allowances = RedisAllowances(valkey, HourlyLimits(a_person=2, an_installation=3))
    people = ("ann", "ann", "ben", "ben")
    said = [allowances.take(PULL, asked(n, by), guest=False) for n, by in enumerate(people)]
    assert said == ["yes", "yes", "yes", "no"]


def test_many_workers_allow_no_more_than_one(valkey: redis.Redis) -> None:
    allowances = RedisAllowances(valkey, HourlyLimits(a_person=5))
    with ThreadPoolExecutor(8) as pool:
        said = list(
            pool.map(lambda number: allowances.take(PULL, asked(number), guest=False), range(40))
        )
    assert said.count("yes") == 5
    assert said.count("no") == 1


def test_guests_have_less_each_and_together_and_leave_the_rest_to_others(
    valkey: redis.Redis,
) -> None:
    allowances = RedisAllowances(valkey, HourlyLimits(a_guest=2, all_guests=3))
    people = ("mal", "mal", "mal", "eve", "eve")
    said = [allowances.take(PULL, asked(n, by), guest=True) for n, by in enumerate(people)]
    assert said == ["yes", "yes", "no", "yes", "no"]
    assert allowances.take(PULL, asked(9, by="bob"), guest=False) == "yes"
