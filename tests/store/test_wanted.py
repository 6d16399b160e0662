"""One worker at a time on a pull request, also when a worker freezes or dies."""

from __future__ import annotations

import time

import pytest
import redis

from bot.domain.identifiers import RepositoryId
from bot.domain.jobs import WantedState
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.errors import StoreUnavailable, Superseded
from bot.store.connection import connect
from bot.store.leases import Leases, LeaseTaken
from bot.store.wanted import RedisWanted, wanted_key
from tests.fakes.pulls import PULL
from tests.fakes.valkey import until


def wanted(store: redis.Redis, job: str, seconds: float = 15.0) -> RedisWanted:
    return RedisWanted(store, running_job=lambda: job, lease_seconds=seconds)


def test_nothing_is_known_of_a_pull_request_at_first(valkey: redis.Redis) -> None:
    with wanted(valkey, "job").hold(PULL) as state:
        assert state == WantedState(None, 0, closed=False)


def test_a_second_worker_is_told_to_come_back(valkey: redis.Redis) -> None:
    with wanted(valkey, "a").hold(PULL):
        with pytest.raises(LeaseTaken) as refused, wanted(valkey, "b").hold(PULL):
            pass
        assert refused.value.retry_after == 5.0
    with wanted(valkey, "b").hold(PULL):
        pass


def test_keys_are_numbers_so_a_rename_changes_nothing(valkey: redis.Redis) -> None:
    renamed = RepositoryRef(RepositoryId(7), "new/name", PULL.repository.installation)
    with (
        wanted(valkey, "a").hold(PULL),
        pytest.raises(LeaseTaken),
        wanted(valkey, "b").hold(PullRef(renamed, PULL.number)),
    ):
        pass


def test_only_the_review_that_waited_has_begun(valkey: redis.Redis) -> None:
    valkey.hset(wanted_key(PULL), "waiting:event", "the one that waits")
    with wanted(valkey, "asked by a person").hold(PULL):
        assert valkey.hget(wanted_key(PULL), "waiting:event") == b"the one that waits"
    with wanted(valkey, "the one that waits").hold(PULL):
        assert valkey.hget(wanted_key(PULL), "waiting:event") is None


def test_a_review_that_must_wait_for_its_turn_still_waits(valkey: redis.Redis) -> None:
    valkey.hset(wanted_key(PULL), "waiting:event", "b")
    with (
        wanted(valkey, "a").hold(PULL),
        pytest.raises(LeaseTaken),
        wanted(valkey, "b").hold(PULL),
    ):
        pass
    assert valkey.hget(wanted_key(PULL), "waiting:event") == b"b"


def test_a_heartbeat_keeps_the_lease_beyond_its_term(valkey: redis.Redis) -> None:
    with wanted(valkey, "a", seconds=0.3).hold(PULL):
        time.sleep(0.8)
        with pytest.raises(LeaseTaken), wanted(valkey, "b").hold(PULL):
            pass


def test_a_job_that_is_run_again_takes_over_from_its_killed_self(valkey: redis.Redis) -> None:
    killed = wanted(valkey, "job", seconds=0.3)
    with killed.hold(PULL), wanted(valkey, "job").hold(PULL):
        until(lambda: _lost(killed))


def _lost(holder: RedisWanted) -> bool:
    try:
        holder.current(PULL)
    except Superseded:
        return True
    return False


def test_a_lease_that_ran_out_and_that_nobody_took_is_held_on(valkey: redis.Redis) -> None:
    """Redis was away for longer than a term: the review that is being made is still wanted."""
    leases = Leases(valkey)
    with leases.hold("name", seconds=0.3, owner="job") as lease:
        valkey.delete("plumbline:lease:name")
        until(lambda: valkey.hget("plumbline:lease:name", "owner") == b"job")
        assert not lease.lost
    assert not valkey.exists("plumbline:lease:name")


def test_a_lease_that_another_took_meanwhile_is_lost(valkey: redis.Redis) -> None:
    leases = Leases(valkey)
    with leases.hold("name", seconds=0.3) as lease:
        valkey.delete("plumbline:lease:name")
        with leases.hold("name", seconds=60):
            until(lambda: lease.lost)


def test_a_lease_that_another_took_and_gave_back_is_lost(valkey: redis.Redis) -> None:
    leases = Leases(valkey)
    with leases.hold("name", seconds=0.6) as lease:
        valkey.delete("plumbline:lease:name")
        with leases.hold("name", seconds=60):
            pass
        until(lambda: lease.lost)


def test_fencing_numbers_grow(valkey: redis.Redis) -> None:
    leases = Leases(valkey)
    fences = []
    for _ in range(3):
        with leases.hold("name") as lease:
            fences.append(lease.fence)
    assert fences == [1, 2, 3]


def test_a_late_holder_does_not_release_the_next_ones_lease(valkey: redis.Redis) -> None:
    leases = Leases(valkey)
    with leases.hold("name", seconds=60):
        valkey.hset("plumbline:lease:name", mapping={"owner": "b", "token": "of another"})
    assert valkey.hget("plumbline:lease:name", "token") == b"of another"


def test_no_redis_is_a_transient_error(tmp_path: object) -> None:
    nowhere = RedisWanted(connect(f"unix://{tmp_path}/nowhere.sock", seconds=0.2), lambda: "job")
    with pytest.raises(StoreUnavailable, match="reading what is wanted of acme/shop#12"):
        nowhere.current(PULL)
    with pytest.raises(StoreUnavailable, match="taking the lease"), nowhere.hold(PULL):
        pass


def test_a_pause_lasts_until_it_is_taken_back(valkey: redis.Redis) -> None:
    one = wanted(valkey, "a")
    one.pause(PULL, "bob")
    with one.hold(PULL) as held:
        assert held.paused_by == "bob"
    one.pause(PULL, "")
    assert one.current(PULL) == WantedState()


def test_what_waits_is_stopped_as_it_begins_also_when_it_is_run_again(valkey: redis.Redis) -> None:
    valkey.hset(wanted_key(PULL), "waiting:event", "a")
    valkey.hset("rq:job:a", "status", "scheduled")
    one = wanted(valkey, "a")
    assert one.stop(PULL, "bob") is True
    assert one.current(PULL) == WantedState(stopped_by="bob")
    for _killed_or_not in range(2):
        with one.hold(PULL) as held:
            assert held == WantedState(stopped_by="bob", stopped=True)
    with wanted(valkey, "b").hold(PULL) as next_one:
        assert next_one.stopped is False


def test_a_job_that_ended_is_nothing_that_waits(valkey: redis.Redis) -> None:
    valkey.hset(wanted_key(PULL), "waiting:event", "a")
    valkey.hset("rq:job:a", "status", "failed")
    assert wanted(valkey, "b").stop(PULL, "bob") is False


def test_only_what_runs_can_be_stopped_and_only_once(valkey: redis.Redis) -> None:
    one, other = wanted(valkey, "a"), wanted(valkey, "b")
    assert other.stop(PULL, "bob") is False
    with one.hold(PULL) as held:
        assert other.stop(PULL, "bob") is True
        now = one.current(PULL)
        assert (held.stops, now.stops, now.stopped_by) == (0, 1, "bob")
    with one.hold(PULL) as again:  # what begins later knows of it, and is not meant
        assert again.stops == one.current(PULL).stops
