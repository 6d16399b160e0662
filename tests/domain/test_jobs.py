"""A job that crossed Redis is the job that was sent, and one of another version is named."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import get_args

import pytest

from bot.domain.commands import Command
from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.jobs import (
    QUEUE_OF,
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
    RerunChecks,
    ReviewPull,
    TidyClone,
    Trigger,
    job_from_json,
    job_to_json,
    number_in_key,
    queue_of,
    review_key,
)
from bot.domain.pull_request import PullRef, RepositoryRef

SHOP = RepositoryRef(RepositoryId(5), "acme/shop", InstallationId(3), private=False)
PULL = PullRef(SHOP, 7)
HEAD = Sha("a" * 40)
ASKED = Mention("review_comment", 501, "ann", Command("review", "deep"), in_reply_to=500, part=1)

JOBS: list[Job] = [
    AcknowledgePull(PULL, HEAD, Trigger("event", event="opened")),
    AcknowledgeMention(PULL, ASKED),
    PassMergeGroup(SHOP, HEAD),
    RerunChecks(SHOP, HEAD, Trigger("rerequest", "rerequest-1")),
    ReviewPull(PULL, Trigger("mention", ASKED.name, ASKED)),
    CancelPull(PULL, HEAD),
    AnswerMention(PULL, ASKED),
    PublishReview(PULL, "3/5/7/a/auto"),
    PublishReply(PULL, ASKED, "3/5/7/reply/x"),
    ForgetInstallation(InstallationId(3), (RepositoryId(5), RepositoryId(6))),
    TidyClone(RepositoryRef(RepositoryId(5), "acme/shop")),
    LookAtOutcomes(PULL, "closed", "501"),
]


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.kind)
def test_a_job_crosses_redis_whole(job: Job) -> None:
    assert job_from_json(json.loads(json.dumps(job_to_json(job)))) == job


def test_every_kind_has_a_queue_and_stands_above() -> None:
    assert {type(job) for job in JOBS} == set(get_args(Job))
    assert {job.kind for job in JOBS} == set(QUEUE_OF)


@pytest.mark.parametrize(
    ("key", "number"),
    [
        (review_key(PULL, HEAD, Trigger("event")), 7),
        (f"3/5/0/{HEAD}/merge-group", None),
        (f"3/6/7/{HEAD}/auto", None),
        (f"4/5/7/{HEAD}/auto", None),
        ("3/5/-7/x", None),
        ("3/5/007/x", None),
        ("build 12", None),
        ("", None),
    ],
)
def test_the_key_of_a_check_names_its_pull_request(key: str, number: int | None) -> None:
    assert number_in_key(key, SHOP) == number


@pytest.mark.parametrize(
    ("command", "queue"),
    [
        (Command("ask", "Who calls it?"), "mention"),
        (Command("dispute", "It is never empty."), "mention"),
        (Command("ask", "stpo"), "command"),
        (Command("explain"), "command"),
        (Command("config"), "command"),
        (Command("remember", "Prices are cents."), "command"),
    ],
)
def test_what_needs_no_model_waits_for_none(command: Command, queue: str) -> None:
    assert queue_of(AnswerMention(PULL, replace(ASKED, command=command))) == queue


@pytest.mark.parametrize(
    "changed",
    [{"kind": "bake"}, {"kind": None}, {"head": None}, {"pull": {"number": 7}}, {"trigger": []}],
)
def test_a_job_of_another_version_is_named(changed: dict[str, object]) -> None:
    raw = {**job_to_json(JOBS[0]), **changed}

    with pytest.raises(ValueError, match=f"cannot read job {raw['kind']!r}.*another version"):
        job_from_json(raw)
