"""The watch over a review: how often it writes, and what makes a review unwanted."""

from __future__ import annotations

import pytest

from bot.domain.identifiers import Sha
from bot.domain.jobs import Trigger, WantedState, review_key
from bot.domain.pull_request import PullRequest
from bot.errors import FetchFailed, GitHubRefused, GitHubUnavailable, InstallationGone, Superseded
from bot.github import words
from tests.fakes.github_ports import ListPublisher, ScriptedWanted
from tests.fakes.proposal import REF
from workers.watch import ReviewWatch

OLD, HEAD, NEXT = Sha("0" * 40), Sha("a" * 40), Sha("c" * 40)
EVENT = Trigger("event")
KEY = review_key(REF, HEAD, EVENT)
PULL = PullRequest(
    REF,
    title="",
    body="",
    author="",
    state="open",
    base_branch="main",
    head_branch="topic",
    base_tip=OLD,
    merge_base=OLD,
    head=HEAD,
)


class Clock:
    """A clock that stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def _watch(
    held: WantedState,
    *later: WantedState,
    clock: Clock | None = None,
    trigger: Trigger = EVENT,
) -> tuple[ReviewWatch, ListPublisher]:
    publisher = ListPublisher()
    wanted = ScriptedWanted(held, list(later))
    return ReviewWatch(REF, trigger, held, wanted, publisher, clock or Clock()), publisher


def test_an_edit_shows_nothing_until_there_is_something_to_judge() -> None:
    """The check of this head stands meanwhile, and stays where nothing comes of the edit."""
    edited = Trigger("edited", "edited-1")
    watch, publisher = _watch(WantedState(HEAD, 1), trigger=edited)
    watch.begin(PULL, review_key(REF, HEAD, edited))
    watch.stage("fetching")
    watch.stage("understanding")
    assert publisher.written == []
    watch.stage("reviewing")
    watch.stage("verifying")
    assert publisher.written == [
        f"progress {words.stage('reviewing')} [{review_key(REF, HEAD, edited)}]"
    ]


def test_short_stages_are_told_at_most_every_fifteen_seconds() -> None:
    clock = Clock()
    watch, publisher = _watch(WantedState(HEAD, 1), clock=clock)
    watch.stage("fetching")  # nothing is known yet of a review
    watch.begin(PULL, KEY)
    for seconds in (1.0, 13.0, 1.0, 5.0):
        clock.now += seconds
        watch.stage("understanding")
    assert publisher.written == [
        f"progress {words.stage('fetching')} [{KEY}]",
        f"progress {words.stage('understanding')} [{KEY}]",
    ]


@pytest.mark.parametrize("seconds", [1.0, 20.0])
def test_that_models_are_asked_is_told_at_once_and_what_follows_if_they_took_their_time(
    seconds: float,
) -> None:
    """A change that is read in two seconds was shown as being fetched until models had answered."""
    clock = Clock()
    watch, publisher = _watch(WantedState(HEAD, 1), clock=clock)
    watch.begin(PULL, KEY)
    clock.now += 1.0
    watch.stage("understanding")
    watch.stage("reviewing")
    clock.now += seconds
    watch.stage("verifying")
    verifying = [f"progress {words.stage('verifying')} [{KEY}]"] if seconds > 15 else []
    assert publisher.written == [
        f"progress {words.stage('fetching')} [{KEY}]",
        f"progress {words.stage('reviewing')} [{KEY}]",
        *verifying,
    ]


@pytest.mark.parametrize(
    ("held", "now", "why"),
    [
        pytest.param(WantedState(HEAD, 3), WantedState(HEAD, 3), "", id="nothing new"),
        pytest.param(WantedState(HEAD, 3), WantedState(HEAD, 4), "", id="a label was put on"),
        pytest.param(WantedState(None, 0), WantedState(None, 1), "", id="no head was heard of"),
        pytest.param(WantedState(OLD, 3), WantedState(HEAD, 4), "", id="the push we read already"),
        pytest.param(WantedState(HEAD, 3), WantedState(NEXT, 4), "the head moved", id="a push"),
        pytest.param(
            WantedState(HEAD, 3), WantedState(HEAD, 4, closed=True), "closed", id="closed"
        ),
        pytest.param(WantedState(HEAD, 3), WantedState(NEXT, 2), "", id="an older word"),
    ],
)
def test_what_makes_a_review_unwanted(held: WantedState, now: WantedState, why: str) -> None:
    watch, _ = _watch(held, now)
    watch.begin(PULL, KEY)
    if not why:
        watch.check()
        return
    with pytest.raises(Superseded, match=why):
        watch.check()


@pytest.mark.parametrize(
    ("error", "conclusion"),
    [(Superseded("the head moved"), "cancelled"), (FetchFailed("no route"), "neutral")],
)
def test_giving_up_completes_the_check(error: Superseded | FetchFailed, conclusion: str) -> None:
    watch, publisher = _watch(WantedState(HEAD, 1))
    watch.give_up(error)
    assert publisher.written == [f"give_up {conclusion}: {error} [{KEY}]"]


def test_giving_up_before_any_head_is_known_writes_nothing() -> None:
    watch, publisher = _watch(WantedState())
    watch.give_up(FetchFailed("no route"))
    assert publisher.written == []


def test_progress_that_github_refuses_is_not_worth_a_review() -> None:
    for error in (GitHubUnavailable("502"), GitHubRefused("gone", 410)):
        watch, publisher = _watch(WantedState(HEAD, 1))
        publisher.refusals["progress"] = [error]
        watch.begin(PULL, KEY)
        assert publisher.written == []


def test_a_removed_app_ends_the_review() -> None:
    watch, publisher = _watch(WantedState(HEAD, 1))
    publisher.refusals["progress"] = [InstallationGone("removed")]
    with pytest.raises(InstallationGone):
        watch.begin(PULL, KEY)
