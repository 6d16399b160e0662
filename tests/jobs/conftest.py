"""A pull request that is open, and a worker for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.jobs import WantedState
from tests.fakes.answers import rooms
from tests.fakes.github_ports import (
    ListPublisher,
    ListQueue,
    MemoryRecords,
    OneRepository,
    ScriptedWanted,
    StandingPulls,
)
from tests.fakes.proposal import propose
from tests.jobs.office import BASE, TOPIC, Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A pull request that is open, wanted at its head, and a model that finds nothing."""
    proposal = propose(tmp_path, BASE, TOPIC)
    return Office(
        StandingPulls(proposal.pull, writers=("bob",)),
        OneRepository(proposal.repository.path),
        rooms(),
        MemoryRecords(),
        ListPublisher(),
        ListQueue(),
        ScriptedWanted(WantedState(proposal.pull.head, 1)),
        [],
        [],
    )
