"""What the small jobs do, told as what GitHub would show and what is queued next."""

from __future__ import annotations

import pytest

from bot.domain.identifiers import InstallationId
from bot.domain.jobs import (
    AcknowledgePull,
    CancelPull,
    ForgetInstallation,
    LookAtOutcomes,
    PassMergeGroup,
    WantedState,
)
from tests.fakes.proposal import REF
from tests.jobs.office import EVENT, HEAD, LOOK_AT_WHAT_WAS_SAID, NEXT, TIDY, Office


def test_a_pull_request_is_acknowledged_with_the_key_of_its_review(office: Office) -> None:
    head = office.pulls.pull.head
    for wanted in (WantedState(head, 1), WantedState()):
        office.wanted.state = wanted
        assert office.does(AcknowledgePull(REF, head, EVENT)) == [
            f"acknowledge queued {office.key}"
        ]


@pytest.mark.parametrize("now", [WantedState(NEXT, 2), WantedState(HEAD, 2, closed=True)])
def test_a_head_that_nobody_wants_any_more_gets_no_check(office: Office, now: WantedState) -> None:
    office.wanted.state = now
    assert office.does(AcknowledgePull(REF, HEAD, EVENT)) == []


def test_a_merge_group_passes(office: Office) -> None:
    assert office.does(PassMergeGroup(REF.repository, HEAD)) == [f"pass_merge_group {HEAD}"]


def test_a_closed_pull_request_ends_its_check(office: Office) -> None:
    assert office.does(CancelPull(REF, HEAD)) == [
        f"give_up cancelled: the pull request was closed [3/5/7/{HEAD}/auto]"
    ]


def test_after_the_close_of_a_pull_request_its_outcomes_are_looked_at(office: Office) -> None:
    office.does(CancelPull(REF, HEAD))
    look = LookAtOutcomes(REF, "closed", HEAD)
    assert office.queue.jobs == [look]
    office.does(look)
    assert (office.onlooker.looked, office.outcomes.known(REF)) == (0, ()), "nothing was posted"


def test_a_closed_thread_is_looked_at_with_those_that_are_closed_next(office: Office) -> None:
    for thread in ("1", "2"):
        office.does(LookAtOutcomes(REF, "thread", thread))
    assert (office.queue.jobs, office.onlooker.looked) == ([LOOK_AT_WHAT_WAS_SAID], 0)


def test_a_removed_installation_is_forgotten(office: Office) -> None:
    job = ForgetInstallation(InstallationId(3))
    assert (office.does(job), office.forgotten) == ([], [job])


def test_a_clone_is_tidied(office: Office) -> None:
    assert (office.does(TIDY), office.tidied) == ([], [TIDY])
