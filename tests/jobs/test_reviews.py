"""How reviews are made, told as what GitHub would show and what is queued next."""

from __future__ import annotations

import pytest

from bot.domain.jobs import PublishReview, ReviewPull, Trigger, WantedState
from bot.errors import FetchFailed, GitHubRefused, GitHubUnavailable, RangeError, TransientError
from bot.github import words
from tests.fakes.proposal import REF, propose
from tests.fakes.scripted_model import ScriptedModel
from tests.jobs.office import AGAIN, BASE, NEXT, REVIEW, TIDY, TOPIC, Office


def test_a_review_is_made_recorded_and_then_queued_to_be_published(office: Office) -> None:
    assert office.does(REVIEW) == [
        f"progress {words.stage('fetching')} [{office.key}]",
        f"progress {words.stage('reviewing')} [{office.key}]",
    ]
    assert list(office.records.reviews) == [office.key]
    assert office.queue.jobs == [PublishReview(REF, office.key), TIDY]
    assert not office.wanted.holding


def test_a_job_that_runs_twice_asks_the_model_once(office: Office) -> None:
    office.does(REVIEW)
    office.model = ScriptedModel([])
    assert office.does(REVIEW) == []
    assert office.queue.jobs == [PublishReview(REF, office.key), TIDY]


def test_somebody_else_at_work_is_waited_for(office: Office) -> None:
    office.wanted.busy = TransientError("another worker reviews it", retry_after=30)
    with pytest.raises(TransientError):
        office.does(REVIEW, last=True)
    assert (office.publisher.written, office.queue.jobs) == ([], [])


def test_a_push_meanwhile_cancels_and_publishes_nothing(office: Office) -> None:
    office.wanted.later = [WantedState(NEXT, 2)]
    assert office.does(REVIEW) == [
        f"progress {words.stage('fetching')} [{office.key}]",
        f"progress {words.stage('reviewing')} [{office.key}]",
        f"give_up cancelled: the head moved to {NEXT[:12]} [{office.key}]",
    ]
    assert (office.records.reviews, office.queue.jobs) == ({}, [])


def test_closed_before_the_work_began(office: Office) -> None:
    head = office.pulls.pull.head
    office.wanted.state = WantedState(head, 2, closed=True)
    assert office.does(REVIEW) == [f"give_up cancelled: the pull request was closed [{office.key}]"]


def test_a_transient_failure_is_silent_until_the_last_attempt(office: Office) -> None:
    office.repository.refusal = FetchFailed("git could not fetch")
    fetching = f"progress {words.stage('fetching')} [{office.key}]"
    with pytest.raises(FetchFailed):
        office.does(REVIEW)
    assert office.publisher.written == [fetching]
    with pytest.raises(FetchFailed):
        office.does(REVIEW, attempt=5, last=True)
    gave_up = f"give_up neutral: git could not fetch [{office.key}]"
    assert office.publisher.written == [fetching, fetching, gave_up]
    assert office.queue.jobs == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RangeError("the head is gone"), "the head is gone"),
        (
            KeyError("/srv/secret/path"),
            "an unexpected error (KeyError); it is in the logs",
        ),
    ],
)
def test_what_never_succeeds_is_told_at_once(office: Office, error: Exception, told: str) -> None:
    """Also a bug of ours: a check that stays in progress for ever is worse than bad news."""
    office.repository.refusal = error
    with pytest.raises(type(error)):
        office.does(REVIEW)
    assert office.publisher.written[-1] == f"give_up neutral: {told} [{office.key}]"


def test_who_asked_is_told_even_if_the_pull_request_cannot_be_read(office: Office) -> None:
    """Nothing was heard of it yet, so there is no head whose check could tell."""
    office.wanted.state = WantedState()
    office.pulls.refusal = GitHubRefused("not found", 404)
    job = ReviewPull(REF, Trigger("mention", "review_comment-43", AGAIN))
    with pytest.raises(GitHubRefused):
        office.does(job)
    assert office.publisher.written == ["react confused on review_comment 43"]
    (text,) = office.records.replies.values()
    assert text == "This was not reviewed: not found."


def test_a_check_that_cannot_be_updated_stops_no_review(office: Office) -> None:
    office.publisher.refusals["progress"] = [GitHubUnavailable("502"), GitHubUnavailable("502")]
    assert office.does(REVIEW) == []
    assert list(office.records.reviews) == [office.key]


def test_a_moved_base_is_checked_again_without_a_model(office: Office) -> None:
    """Each time anew: two moves at one head are two reviews, beside the first one."""
    office.does(REVIEW)
    office.model = ScriptedModel([])
    for delivery in ("d1", "d2"):
        office.does(ReviewPull(REF, Trigger("retargeted", f"retargeted-{delivery}")))
    head = office.pulls.pull.head
    keys = [f"3/5/7/{head}/{name}" for name in ("auto", "retargeted-d1", "retargeted-d2")]
    assert list(office.records.reviews) == keys
    first, *others = [PublishReview(REF, key) for key in keys]
    assert office.queue.jobs == [first, TIDY, *others]  # the clone is tidied once for all of them
    review = office.records.reviews[keys[1]]
    why = "The base branch changed, so only the contract checks ran again"
    assert (review.status, review.intent.note) == ("complete", why)
    assert review.coverage.not_done == (
        f"{why}: defects were not hunted, and intent was not judged.",
    )


@pytest.mark.parametrize("kind", ["mention", "rerequest"])
def test_a_person_who_asks_gets_a_review_of_a_draft(office: Office, kind: str) -> None:
    office.pulls.pull = propose(
        office.repository.folder.parent / "draft", BASE, TOPIC, draft=True
    ).pull
    office.repository.folder = office.repository.folder.parent / "draft" / "repository.git"
    trigger = Trigger("mention" if kind == "mention" else "rerequest", "x", None)
    office.does(REVIEW)
    office.does(ReviewPull(REF, trigger))
    assert [bool(review.skipped) for review in office.records.reviews.values()] == [True, False]
