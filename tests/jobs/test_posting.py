"""How a recorded review is posted, told as what GitHub would show and what is queued next."""

from __future__ import annotations

import pytest

from bot.domain.jobs import LookAtOutcomes, PublishReply, PublishReview
from bot.errors import GitHubRefused, GitHubUnavailable, PermanentError, Superseded
from tests.fakes.proposal import REF
from tests.fakes.scripted_model import ScriptedModel
from tests.jobs.office import AGAIN, ASK, REVIEW, Office


def _recorded(office: Office) -> PublishReview:
    office.does(REVIEW)
    return PublishReview(REF, office.key)


def test_a_recorded_review_is_published_and_noted(office: Office) -> None:
    job = _recorded(office)
    assert office.does(job, attempt=2) == [f"publish complete {office.key} (attempt 2)"]
    assert office.records.posted == {office.key: 900}
    assert office.queue.jobs[-1] == LookAtOutcomes(REF, "posted", office.key)


def test_nothing_on_record_is_nothing_to_publish(office: Office) -> None:
    with pytest.raises(PermanentError, match="is not on record: nothing to publish"):
        office.does(PublishReview(REF, "3/5/7/x/auto"))
    with pytest.raises(PermanentError, match="is not on record: nothing to publish"):
        office.does(PublishReply(REF, ASK, "3/5/7/reply/x"))


def test_who_asked_is_told_in_one_line_when_there_is_nothing_to_post(office: Office) -> None:
    _recorded(office)
    office.publisher.posts = None
    assert office.does(PublishReview(REF, office.key, AGAIN))[1:] == [
        "react +1 on review_comment 43"
    ]
    key = f"{REF.key}/reply/{AGAIN.name}"
    assert office.queue.jobs[-1] == PublishReply(REF, AGAIN, key)
    told = office.records.replies[key]
    assert told.startswith(f"Looked at `{office.pulls.pull.head[:7]}`: ")
    page = f"https://github.com/{REF.repository.full_name}/pull/7/checks"
    assert told.endswith(f" [Details]({page}).")


def test_a_posted_review_is_the_answer_to_who_asked(office: Office) -> None:
    _recorded(office)
    office.publisher.posts = 900
    assert office.does(PublishReview(REF, office.key, AGAIN))[1:] == ["settle review_comment 43"]
    assert office.records.replies == {}


def test_a_head_that_moved_before_posting_cancels(office: Office) -> None:
    job = _recorded(office)
    office.publisher.refusals["publish"] = [Superseded("the head moved")]
    assert office.does(job) == [f"give_up cancelled: the head moved [{office.key}]"]
    assert office.records.posted == {}


def test_an_outage_while_posting_costs_no_further_model_call(office: Office) -> None:
    job = _recorded(office)
    office.model = ScriptedModel([])
    down = GitHubUnavailable("502")
    office.publisher.refusals["publish"] = [down, down]
    with pytest.raises(GitHubUnavailable):
        office.does(job)
    with pytest.raises(GitHubUnavailable):
        office.does(job, attempt=9, last=True)
    why = "the review was made but could not be posted: 502"
    assert office.publisher.written[-1] == f"give_up neutral: {why} [{office.key}]"
    assert office.does(job, attempt=10) == [f"publish complete {office.key} (attempt 10)"]


def test_a_refused_review_is_told_at_once(office: Office) -> None:
    job = _recorded(office)
    office.publisher.refusals["publish"] = [GitHubRefused("422", 422)]
    with pytest.raises(GitHubRefused):
        office.does(job)
    why = "the review was made but could not be posted: 422"
    assert office.publisher.written[-1] == f"give_up neutral: {why} [{office.key}]"


def test_who_asked_for_a_review_that_is_refused_hears_that_it_was_made(office: Office) -> None:
    _recorded(office)
    office.publisher.refusals["publish"] = [GitHubRefused("422", 422)]
    with pytest.raises(GitHubRefused):
        office.does(PublishReview(REF, office.key, AGAIN))
    (text,) = office.records.replies.values()
    assert text == "The review was made but could not be posted: 422."
