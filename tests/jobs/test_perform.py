"""What each kind of job does, told as what GitHub would show and what is queued next."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.domain.commands import Command
from bot.domain.identifiers import InstallationId, Sha
from bot.domain.jobs import (
    AcknowledgeMention,
    AcknowledgePull,
    AnswerMention,
    CancelPull,
    ForgetInstallation,
    Job,
    LookAtOutcomes,
    Mention,
    PassMergeGroup,
    PublishReply,
    PublishReview,
    ReviewPull,
    TidyClone,
    Trigger,
    WantedState,
    review_key,
)
from bot.errors import (
    FetchFailed,
    GitHubRefused,
    GitHubUnavailable,
    LimitExceeded,
    ModelUnavailable,
    PermanentError,
    RangeError,
    Superseded,
    TransientError,
)
from bot.github import words
from bot.ports import Model
from tests.fakes.answers import quote, rooms
from tests.fakes.github_ports import (
    CountedAllowances,
    ListPublisher,
    ListQueue,
    MemoryRecords,
    OneRepository,
    ScriptedWanted,
    StandingPulls,
)
from tests.fakes.learnings import MemoryLearnings
from tests.fakes.outcomes import MemoryOutcomes, QuietOnlooker
from tests.fakes.proposal import REF, propose
from tests.fakes.scripted_model import ScriptedModel, calls
from workers.jobs.deps import JobDeps
from workers.jobs.perform import perform
from workers.outcomes import Looking

HEAD = Sha("a" * 40)
NEXT = Sha("c" * 40)
EVENT = Trigger("event")
REVIEW = ReviewPull(REF, EVENT)
TIDY = TidyClone(REF.repository)
ASK = Mention("issue_comment", 41, "bob", Command("ask", "Who calls price?"))
HELP = Mention("issue_comment", 42, "bob", Command("help"))
AGAIN = Mention("review_comment", 43, "bob", Command("review", "deep please"), in_reply_to=40)
LOOK_AT_WHAT_WAS_SAID = LookAtOutcomes(REF, "said")
BASE = {"a.py": "def price(n):\n    return n\n"}
TOPIC = {"a.py": "def price(n):\n    return n + 1\n"}


@dataclass
class Office:
    """One worker's world, with all that it wrote and queued."""

    pulls: StandingPulls
    repository: OneRepository
    model: Model | None
    records: MemoryRecords
    publisher: ListPublisher
    queue: ListQueue
    wanted: ScriptedWanted
    forgotten: list[ForgetInstallation]
    tidied: list[TidyClone]
    allowances: CountedAllowances = field(default_factory=CountedAllowances)
    learnings: MemoryLearnings = field(default_factory=MemoryLearnings)
    onlooker: QuietOnlooker = field(default_factory=lambda: QuietOnlooker(HEAD))
    outcomes: MemoryOutcomes = field(default_factory=MemoryOutcomes)
    clock: Callable[[], float] = time.monotonic

    def does(self, job: Job, attempt: int = 1, last: bool = False) -> list[str]:
        """Perform one job; what was written meanwhile."""
        before = len(self.publisher.written)
        deps = JobDeps(
            self.pulls,
            self.repository,
            self.model,
            self.records,
            self.publisher,
            self.queue,
            self.wanted,
            self.allowances,
            self.learnings,
            Looking(self.onlooker, self.outcomes, lambda: None),
            self.forgotten.append,
            self.tidied.append,
            lambda: "plumbline",
            "https://github.com",
            clock=self.clock,
        )
        perform(job, deps, attempt, last)
        return self.publisher.written[before:]

    @property
    def key(self) -> str:
        """The key of an automatic review of the head."""
        return review_key(REF, self.pulls.pull.head, EVENT)


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


# Small jobs


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


# Mentions


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
    looks = [calls(("search", {"pattern": f"price{n}", "at": "head"})) for n in range(5)]
    office.model = ScriptedModel([*looks, {"answer": "Nobody.", "evidence": []}])
    seconds = itertools.count(0, 6)
    office.clock = lambda: float(next(seconds))
    office.does(AnswerMention(REF, ASK))
    assert office.publisher.written == [
        "progress_reply to issue_comment 41: "
        "Searching (4 steps so far). The answer will stand here.",
        "progress_reply to issue_comment 41: "
        "Searching (10 steps so far). The answer will stand here.",
    ]


def test_a_long_answer_without_a_look_is_not_announced_as_it_comes(office: Office) -> None:
    office.model = ScriptedModel([{"answer": "Nobody.", "evidence": []}])
    seconds = itertools.count(0, 60)
    office.clock = lambda: float(next(seconds))
    office.does(AnswerMention(REF, ASK))
    assert office.publisher.written == []


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


# Reviews


def test_a_review_is_made_recorded_and_then_queued_to_be_published(office: Office) -> None:
    assert office.does(REVIEW) == [
        f"progress {words.stage('fetching')} [{office.key}]",
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
    office.publisher.refusals["progress"] = [GitHubUnavailable("502")]
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


# Publishing


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


def test_a_worker_that_died_after_it_learned_learns_nothing_twice(office: Office) -> None:
    said = Mention("issue_comment", 44, "bob", Command("remember", "Prices are cents."))
    office.does(AnswerMention(REF, said))
    told = dict(office.records.replies)
    office.records.replies.clear()  # it died before the answer was on record
    office.does(AnswerMention(REF, said))
    assert office.records.replies == told
    assert [one.text for one in office.learnings.known(REF.repository)] == ["Prices are cents."]
