"""Open check runs are found again by any worker."""

from __future__ import annotations

import redis

from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.open_check import OpenCheck
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.github.open_checks import MemoryOpenChecks, OpenChecks
from bot.store.open_checks import RedisOpenChecks

SHOP = RepositoryRef(RepositoryId(7), "acme/shop", InstallationId(3))
PULL, OTHER = PullRef(SHOP, 12), PullRef(SHOP, 13)


def test_what_is_open_is_told_until_it_is_completed(valkey: redis.Redis) -> None:
    for checks in (MemoryOpenChecks(), RedisOpenChecks(valkey)):
        _tell(checks)


def _tell(checks: OpenChecks) -> None:
    first = OpenCheck("3/7/12/aa/auto", Sha("aa"), 5)
    second = OpenCheck("3/7/12/bb/auto", Sha("bb"), 6)
    for check in (first, second, first):
        checks.opened(PULL, check)
    assert sorted(checks.of(PULL), key=lambda check: check.id) == [first, second]
    assert checks.of(OTHER) == []
    checks.completed(PULL, first.key)
    checks.completed(OTHER, second.key)
    assert checks.of(PULL) == [second]
