"""How mentions are seen and answered, told as what GitHub would show and what is queued next."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from typing import Any

import pytest

from bot.domain.commands import Command
from bot.domain.conversation import ModelAnswer, ModelRequest
from bot.domain.jobs import (
    AcknowledgeMention,
    AnswerMention,
    Mention,
    PublishReply,
    PublishReview,
    ReviewPull,
    Trigger,
)
from bot.domain.pull_request import PullRequest
from bot.errors import (
    FetchFailed,
    GitHubRefused,
    GitHubUnavailable,
    LimitExceeded,
    ModelUnavailable,
)
from bot.github import words
from bot.ports import Code
from tests.fakes.answers import quote
from tests.fakes.clock import HandClock
from tests.fakes.github_ports import OneRepository
from tests.fakes.proposal import REF
from tests.fakes.scripted_model import ScriptedModel, calls
from tests.jobs.office import AGAIN, ASK, HELP, LOOK_AT_WHAT_WAS_SAID, REVIEW, Office


@pytest.mark.parametrize("mention", [ASK, HELP, AGAIN], ids=["ask", "help", "review"])
def test_without_write_access_a_mention_costs_nothing(office: Office, mention: Mention) -> None:
    office.pulls.writers = ()
    wrote = office.does(AcknowledgeMention(REF, mention))
    assert wrote == [f"react confused on {mention.place} {mention.comment_id}"]
    assert office.queue.jobs == []


def test_a_question_is_seen_and_queued(office: Office) -> None:
    assert office.does(AcknowledgeMention(REF, ASK)) == ["react eyes on issue_comment 41"]
    assert office.queue.jobs == [AnswerMention(REF, ASK)]


def test_a_review_asked_for_is_one_of_its_own(office: Office) -> None:
    """Its key names the comment, so it is made although the head was reviewed before."""
    assert office.does(AcknowledgeMention(REF, AGAIN)) == ["react eyes on review_comment 43"]
    job = ReviewPull(REF, Trigger("mention", "review_comment-43", AGAIN))
    assert office.queue.jobs == [job]
    office.does(REVIEW)
    office.does(job)
    own = f"3/5/7/{office.pulls.pull.head}/review_comment-43"
    assert list(office.records.reviews) == [office.key, own]
    assert office.records.reviews[own].effort == "deep"
    assert office.queue.jobs[-1] == PublishReview(REF, own, AGAIN)


def test_help_is_answered_without_looking_at_anything(office: Office) -> None:
    office.model = None
    office.does(AnswerMention(REF, HELP))
    job = PublishReply(REF, HELP, "3/5/7/reply/issue_comment-42")
    assert office.queue.jobs == [LOOK_AT_WHAT_WAS_SAID, job]
    assert office.does(job) == [
        f"reply to issue_comment 42: {words.help_text('plumbline')}",
        "settle issue_comment 42",
    ]
    assert office.repository.opened == 0


def _answered(office: Office, mention: Mention = ASK) -> str:
    office.does(AnswerMention(REF, mention))
    (text,) = office.records.replies.values()
    return text


def test_a_question_is_answered_from_the_code_with_proof(office: Office) -> None:
    model = ScriptedModel(
        [
            {
                "answer": "Nobody; see `a.py:2`.",
                "evidence": [quote("a.py", 9, "return n + 1"), quote("a.py", 1, "invented")],
            }
        ]
    )
    office.model = model
    text = _answered(office)
    assert text.startswith("Nobody; see `a.py:2`.")
    assert f"https://github.com/acme/parcel/blob/{office.pulls.pull.head}/a.py#L2" in text
    assert "invented" not in text
    (request,) = model.requests
    assert "Who calls price?" in request.messages[2].content
    assert "Who calls price?" not in request.messages[0].content + request.messages[1].content


def test_a_question_where_no_model_is_configured(office: Office) -> None:
    office.model = None
    assert _answered(office) == words.question_without_model()


@pytest.mark.parametrize("error", [ModelUnavailable("All are down."), LimitExceeded("Too long.")])
def test_a_question_that_the_model_does_not_answer(office: Office, error: Exception) -> None:
    office.model = ScriptedModel([error])
    assert _answered(office) == words.question_failed(str(error))


def test_a_long_answer_says_what_is_being_done_ever_more_rarely(office: Office) -> None:
    office.clock = clock = HandClock()
    waits, looks = iter([100, 2, 100, 5]), iter(["search", "find_references", "file_history"])

    def slow(_request: ModelRequest) -> ModelAnswer | dict[str, Any]:
        clock.go_on(next(waits))
        name = next(looks, "")
        return calls((name, {})) if name else {"answer": "Nobody.", "evidence": []}

    office.model = ScriptedModel(slow)
    office.does(AnswerMention(REF, ASK))
    told = [
        line.removeprefix("progress_reply to issue_comment 41: ")
        for line in office.publisher.written
    ]
    assert told == [
        "Asking the model, 8 s so far. The answer will stand here.",
        "Asking the model, 24 s so far. The answer will stand here.",
        "Asking the model, 56 s so far. The answer will stand here.",
        "Asking the model, 116 s so far (2 looks at the code, the last: looking up who uses it)."
        " The answer will stand here.",
        "Asking the model, 176 s so far (2 looks at the code, the last: looking up who uses it)."
        " The answer will stand here.",
    ]


def test_code_that_takes_long_to_fetch_is_told_of(office: Office) -> None:
    office.clock = clock = HandClock()

    class Slow(OneRepository):
        def open(self, pull: PullRequest) -> AbstractContextManager[Code]:
            clock.go_on(9)
            return super().open(pull)

    office.repository = Slow(office.repository.folder)
    office.model = ScriptedModel([{"answer": "Nobody.", "evidence": []}])
    office.does(AnswerMention(REF, ASK))
    assert office.publisher.written == [
        "progress_reply to issue_comment 41: "
        "Reading the code, 8 s so far. The answer will stand here."
    ]


def test_a_word_of_progress_that_github_refuses_costs_no_answer(office: Office) -> None:
    office.clock = clock = HandClock()
    office.publisher.refusals["progress_reply"] = [
        GitHubUnavailable("down"),
        GitHubRefused("no", 403),
    ]

    def slow(_request: ModelRequest) -> dict[str, Any]:
        clock.go_on(30)
        return {"answer": "Nobody.", "evidence": []}

    office.model = ScriptedModel(slow)
    assert _answered(office).startswith("Nobody.")
    assert office.publisher.written == []


def test_an_answer_that_comes_soon_is_not_announced(office: Office) -> None:
    office.model = ScriptedModel([{"answer": "Nobody.", "evidence": []}])
    office.does(AnswerMention(REF, ASK))
    assert office.publisher.written == []
    assert "progress" not in {thread.name for thread in threading.enumerate()}


def test_a_question_is_answered_once_however_often_the_job_runs(office: Office) -> None:
    office.model = ScriptedModel([{"answer": "Nobody.", "evidence": []}])
    for _ in range(2):
        office.does(AnswerMention(REF, ASK))
    answer = PublishReply(REF, ASK, "3/5/7/reply/issue_comment-41")
    assert office.queue.jobs == [LOOK_AT_WHAT_WAS_SAID, answer]


def test_a_question_that_fails_for_now_is_told_only_at_last(office: Office) -> None:
    office.repository.refusal = FetchFailed("git could not fetch")
    with pytest.raises(FetchFailed):
        office.does(AnswerMention(REF, ASK))
    assert office.publisher.written == []
    with pytest.raises(FetchFailed):
        office.does(AnswerMention(REF, ASK), attempt=5, last=True)
    assert office.publisher.written == ["react confused on issue_comment 41"]


def test_a_worker_that_died_after_it_learned_learns_nothing_twice(office: Office) -> None:
    said = Mention("issue_comment", 44, "bob", Command("remember", "Prices are cents."))
    office.does(AnswerMention(REF, said))
    told = dict(office.records.replies)
    office.records.replies.clear()  # it died before the answer was on record
    office.does(AnswerMention(REF, said))
    assert office.records.replies == told
    assert [one.text for one in office.learnings.known(REF.repository)] == ["Prices are cents."]
