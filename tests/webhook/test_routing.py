"""Event -> jobs, as a table of stories."""

from __future__ import annotations

import pytest

from bot.domain.commands import Command
from bot.domain.delivery import HeadChange, Plan
from bot.domain.events import (
    CommentEvent,
    InstallationEvent,
    MergeGroupEvent,
    PingEvent,
    PullAction,
    PullRequestEvent,
    RerequestEvent,
    ThreadEvent,
)
from bot.domain.identifiers import DeliveryId, InstallationId, RepositoryId
from bot.domain.jobs import (
    AcknowledgeMention,
    AcknowledgePull,
    CancelPull,
    ForgetInstallation,
    LookAtOutcomes,
    Mention,
    PassMergeGroup,
    RerunChecks,
    ReviewPull,
    Trigger,
)
from bot.domain.policy import ReviewOn
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.webhook.routing import route
from tests.fakes.pulls import PULL, SHOP, head

GUID = DeliveryId("72d3162e")
H = head(1)


def changed(action: PullAction) -> PullRequestEvent:
    return PullRequestEvent(PULL, action, H, draft=True, sender="ann", updated_at="2026")


def said(text: str, bot: bool = False) -> CommentEvent:
    return CommentEvent(PULL, "review_comment", 5, text, "ann", bot, in_reply_to=4)


@pytest.mark.parametrize(
    ("action", "on", "gather"),
    [
        ("opened", "opened", False),
        ("reopened", "opened", False),
        ("ready", "ready", False),
        ("pushed", "pushed", True),
    ],
)
def test_a_pull_request_that_moves_is_acknowledged_and_reviewed(
    action: PullAction, on: ReviewOn, gather: bool
) -> None:
    """Drafts too: what a repository wants of drafts is for the worker to read."""
    auto = Trigger("event", event=on)
    assert route(changed(action), GUID, "plumbline") == Plan(
        jobs=(AcknowledgePull(PULL, H, auto),),
        change=HeadChange(PULL, H, closed=False, updated_at="2026"),
        review=ReviewPull(PULL, auto),
        gather=gather,
    )


def test_a_new_base_branch_is_a_review_of_its_own_kind_and_key() -> None:
    assert route(changed("retargeted"), GUID, "plumbline") == Plan(
        change=HeadChange(PULL, H, updated_at="2026"),
        review=ReviewPull(PULL, Trigger("retargeted", "retargeted-72d3162e")),
    )


def test_new_words_are_gathered_and_judged_under_a_name_of_their_own() -> None:
    """No check is created: whether there is something to judge anew, a worker reads."""
    assert route(changed("edited"), GUID, "plumbline") == Plan(
        change=HeadChange(PULL, H, updated_at="2026"),
        review=ReviewPull(PULL, Trigger("edited", "edited-72d3162e")),
        gather=True,
    )


def test_closing_cancels() -> None:
    assert route(changed("closed"), GUID, "plumbline") == Plan(
        (CancelPull(PULL, H),), HeadChange(PULL, H, closed=True, updated_at="2026")
    )


def test_each_command_of_a_mention_is_acknowledged() -> None:
    mention = Mention("review_comment", 5, "ann", Command("review"), 4)
    assert route(said("@plumbline review"), GUID, "plumbline") == Plan(
        (AcknowledgeMention(PULL, mention),)
    )


def test_an_answer_in_a_thread_may_contradict_a_finding() -> None:
    """Which thread it is, the receiver does not know; thanks and quotes start nothing."""
    text = "No, `prices` is never empty here."
    mention = Mention("review_comment", 5, "ann", Command("dispute", text), 4)
    assert route(said(text), GUID, "plumbline") == Plan((AcknowledgeMention(PULL, mention),))


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (said("@plumbline review", bot=True), "comments of bots are never commands"),
        (said("LGTM"), "@plumbline is not mentioned"),
        (said("Good catch, thanks. Fixed!"), "@plumbline is not mentioned"),
        (said("@ben is this still wrong?"), "@plumbline is not mentioned"),
        (said("> it is wrong\n\n```\nx\n```"), "@plumbline is not mentioned"),
        (said("`@plumbline review`"), "@plumbline is not mentioned"),
        (
            RerequestEvent(RepositoryRef(RepositoryId(7), "acme/shop"), (), H, "ann"),
            "the delivery names no installation of the App",
        ),
        (PingEvent(), "pong"),
        (
            InstallationEvent(InstallationId(3), "acme", "added"),
            "pull requests are reviewed at their next event",
        ),
        (
            MergeGroupEvent(RepositoryRef(RepositoryId(7), "acme/shop"), H),
            "the delivery names no installation of the App",
        ),
        (
            ThreadEvent(PullRef(RepositoryRef(RepositoryId(7), "a/b"), 1)),
            "the delivery names no installation of the App",
        ),
        (
            PullRequestEvent(
                PullRef(RepositoryRef(RepositoryId(7), "a/b"), 1), "opened", H, False, "ann"
            ),
            "the delivery names no installation of the App",
        ),
    ],
)
def test_what_asks_for_nothing_says_why(event: object, why: str) -> None:
    assert route(event, GUID, "plumbline") == why  # type: ignore[arg-type]


def test_a_rerun_reviews_each_pull_request_under_a_key_of_its_own() -> None:
    trigger = Trigger("rerequest", "rerequest-72d3162e")
    other = PullRef(SHOP, 13)
    assert route(RerequestEvent(SHOP, (PULL, other), H, "ann"), GUID, "plumbline") == Plan(
        (
            AcknowledgePull(PULL, H, trigger),
            ReviewPull(PULL, trigger),
            AcknowledgePull(other, H, trigger),
            ReviewPull(other, trigger),
        )
    )


def test_a_rerun_that_names_no_pull_request_is_looked_up() -> None:
    trigger = Trigger("rerequest", "rerequest-72d3162e")
    assert route(RerequestEvent(SHOP, (), H, "ann"), GUID, "plumbline") == Plan(
        (RerunChecks(SHOP, H, trigger),)
    )


def test_a_merge_group_passes() -> None:
    assert route(MergeGroupEvent(SHOP, H), GUID, "x") == Plan((PassMergeGroup(SHOP, H),))


def test_a_closed_thread_is_looked_at() -> None:
    assert route(ThreadEvent(PULL), GUID, "x") == Plan((LookAtOutcomes(PULL, "thread"),))


def test_a_removed_app_is_forgotten_whole_or_by_repository() -> None:
    gone = InstallationEvent(InstallationId(3), "acme", "removed", (), whole_account=True)
    some = InstallationEvent(InstallationId(3), "acme", "removed", (RepositoryId(7),))
    none = InstallationEvent(InstallationId(3), "acme", "removed", ())
    assert route(gone, GUID, "x") == Plan((ForgetInstallation(InstallationId(3)),))
    assert route(some, GUID, "x") == Plan(
        (ForgetInstallation(InstallationId(3), (RepositoryId(7),)),)
    )
    assert route(none, GUID, "x") == "no repository was removed"
