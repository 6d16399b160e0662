"""Real workers, really killed: nothing is lost, nothing but our jobs is run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from rq import Queue
from rq.job import Job as RqJob

from bot.domain.commands import Command, Verb
from bot.domain.jobs import (
    AcknowledgeMention,
    AnswerMention,
    Mention,
    PublishReview,
    ReviewPull,
    Trigger,
)
from bot.store.connection import connect
from bot.store.queue import RedisQueue
from bot.store.rq_jobs import EXECUTIONS_PREFIX, JOB_PREFIX, SERIALIZER, prepare
from tests.fakes.pulls import PULL
from tests.fakes.valkey import Valkey, until
from tests.queue.jobs import Log, publish, status
from workers.queue.processes import ProcessId
from workers.queue.taking import Taker, recover

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


@pytest.fixture
def start(shared_valkey: Valkey, valkey: redis.Redis, tmp_path: Path) -> Iterator[Start]:
    """Starts a worker; all that were started end with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start_worker(role: str = "all") -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", "tests.queue.performing_worker"]
        process = subprocess.Popen([*program, shared_valkey.url, str(tmp_path), role])
        started.append(process)
        return process

    yield start_worker
    for process in started:
        process.kill()
        process.wait()


def test_jobs_run_and_leave_nothing_behind(start: Start, valkey: redis.Redis, log: Log) -> None:
    done = publish(valkey, "plain")
    quiet = publish(valkey, "superseded")
    start()
    until(lambda: status(valkey, done) is None and status(valkey, quiet) is None)
    assert log.has("plain done")
    assert valkey.keys("rq:job:*") == []
    assert valkey.keys("rq:*intermediate*") == []


def test_transient_errors_come_again_when_the_other_side_said(
    start: Start, valkey: redis.Redis, log: Log
) -> None:
    job = publish(valkey, "transient")
    start()
    until(lambda: log.has("transient done") and status(valkey, job) is None)
    assert log.has(r"transient attempt 1 pid \d+")
    assert log.has(r"transient attempt 2 pid \d+")


def test_waiting_for_a_turn_is_no_attempt(start: Start, valkey: redis.Redis, log: Log) -> None:
    publish(valkey, "taken")
    start()
    until(lambda: log.has("taken done"))
    assert log.attempts() == ["taken attempt 1", "taken attempt 1"]


def test_permanent_errors_fail_for_good_at_once(
    start: Start, valkey: redis.Redis, log: Log
) -> None:
    job = publish(valkey, "permanent")
    start()
    until(lambda: status(valkey, job) == "failed")
    assert len(log.lines()) == 1
    assert valkey.zrange("rq:failed:publish", 0, -1) == [job.encode()]
    assert 0 < int(str(valkey.ttl(JOB_PREFIX + job))) <= 7 * 24 * 3600


def test_a_job_of_another_version_fails_for_good(start: Start, valkey: redis.Redis) -> None:
    valkey.hset(JOB_PREFIX + "old", mapping=rq_hash(valkey, "old", [{"kind": "of the past"}]))
    valkey.rpush("rq:queue:review", "old")
    start()
    until(lambda: status(valkey, "old") == "failed")


def test_what_only_writes_to_github_survives_more_deaths(valkey: redis.Redis) -> None:
    job = publish(valkey, "plain")
    assert valkey.hget(JOB_PREFIX + job, "retries_left") == b"8"


def test_what_a_killed_worker_was_at_is_redone_by_the_next_one(
    start: Start, valkey: redis.Redis, log: Log
) -> None:
    publish(valkey, "hang-once")
    worker = start()
    until(lambda: log.has(r"hang-once attempt 1 pid \d+"))
    worker.kill()
    worker.wait()
    start()
    until(lambda: log.has("hang-once done"))


def test_others_see_that_a_job_is_not_abandoned_however_long_it_takes(
    start: Start, valkey: redis.Redis, log: Log
) -> None:
    """And would see it a minute after its worker died on another machine, however long it had."""
    publish(valkey, "slow")
    start()
    until(lambda: log.has(r"slow attempt 1 pid \d+"))
    [(execution, first)] = _begun(valkey)

    until(lambda: _begun(valkey)[0][1] > first)
    assert 0 < first - time.time() <= 66
    assert 0 < int(str(valkey.ttl(f"rq:execution:{execution}"))) <= 66


def _begun(store: redis.Redis) -> list[tuple[str, float]]:
    """The executions of jobs that post, each with when it is taken for abandoned."""
    entries: Any = store.zrange("rq:wip:publish", 0, -1, withscores=True)
    return [(name.decode(), until) for name, until in entries]


def test_what_a_dead_workers_execution_left_does_not_fail_the_next_one(
    start: Start, valkey: redis.Redis, log: Log
) -> None:
    """RQ keeps the execution itself for shorter than its name in the list of the job's."""
    job = publish(valkey, "plain")
    valkey.zadd(EXECUTIONS_PREFIX + job, {"of a worker that was killed": time.time() + 60})
    start()
    until(lambda: status(valkey, job) in (None, "scheduled", "failed"))
    assert log.has("plain done")
    assert status(valkey, job) is None


def test_told_to_stop_it_finishes_its_job_and_takes_no_other(
    start: Start, valkey: redis.Redis, log: Log
) -> None:
    publish(valkey, "slow")
    worker = start()
    until(lambda: log.has(r"slow attempt 1 pid \d+"))
    publish(valkey, "plain")
    worker.terminate()
    assert worker.wait(20) == 0
    assert log.has("slow done")
    assert not log.has("plain .*")
    assert valkey.llen("rq:queue:publish") == 1


def test_a_killed_server_loses_no_job(tmp_path: Path) -> None:
    """The worker waits for it, or ends and is started again, as the supervisor would."""
    server, log = Valkey(tmp_path), Log(tmp_path)
    program = [sys.executable, "-m", "tests.queue.performing_worker", server.url, str(tmp_path)]
    server.start()
    with server.client() as store, ExitStack() as stack:
        stack.callback(server.kill)
        for number in range(20):
            publish(store, f"plain {number}")
        worker = stack.enter_context(killed_at_the_end([*program, "all"]))
        until(lambda: len(log.lines()) > 4)
        server.kill()
        server.start()
        done = {f"plain {number} done" for number in range(20)}

        def all_done() -> bool:
            nonlocal worker
            if worker.poll() is not None:
                worker = stack.enter_context(killed_at_the_end([*program, "all"]))
            return done <= set(log.lines())

        until(all_done, seconds=60)


def test_a_server_that_is_away_while_a_job_runs_costs_neither_job_nor_worker(
    tmp_path: Path,
) -> None:
    server, log = Valkey(tmp_path), Log(tmp_path)
    program = [sys.executable, "-m", "tests.queue.performing_worker", server.url, str(tmp_path)]
    server.start()
    with server.client() as store, ExitStack() as stack:
        stack.callback(server.kill)
        job = publish(store, "slow")
        worker = stack.enter_context(killed_at_the_end([*program, "all"]))
        until(lambda: log.has(r"slow attempt 1 pid \d+"))
        server.kill()
        until(lambda: log.has("slow done"), seconds=30)
        server.start()
        until(lambda: status(store, job) is None)
        assert len(log.lines()) == 2
        assert worker.poll() is None


@contextmanager
def killed_at_the_end(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_worker_for_answers_leaves_reviews_alone(
    start: Start, valkey: redis.Redis, log: Log
) -> None:
    RedisQueue(valkey).enqueue(ReviewPull(PULL, Trigger("event")))
    publish(valkey, "plain")
    start("answers")
    until(lambda: log.has("plain done"))
    assert valkey.llen("rq:queue:review") == 1


def test_a_worker_for_commands_leaves_to_others_what_asks_a_model(
    start: Start, valkey: redis.Redis, log: Log
) -> None:
    queue = RedisQueue(valkey)
    queue.enqueue(AnswerMention(PULL, _mention("ask", "Who calls it?")))
    queue.enqueue(ReviewPull(PULL, Trigger("event")))
    queue.enqueue(AcknowledgeMention(PULL, _mention("ask", "Who calls it?")))
    queue.enqueue(AnswerMention(PULL, _mention("help")))
    publish(valkey, "plain")
    start("commands")
    until(lambda: log.has("plain done"))
    assert [line for line in log.lines() if line.endswith("done")] == [
        "acknowledge_mention done",
        "answer_mention done",
        "plain done",
    ]
    assert (valkey.llen("rq:queue:mention"), valkey.llen("rq:queue:review")) == (1, 1)


def _mention(verb: Verb, text: str = "") -> Mention:
    return Mention("issue_comment", 1, "ann", Command(verb, text))


def test_answers_come_before_reviews(start: Start, valkey: redis.Redis, log: Log) -> None:
    RedisQueue(valkey).enqueue(ReviewPull(PULL, Trigger("event")))
    publish(valkey, "plain")
    start()
    until(lambda: log.has("review_pull done"))
    assert [line for line in log.lines() if line.endswith("done")] == [
        "plain done",
        "review_pull done",
    ]


def test_what_is_due_is_run_and_what_is_not_waits(
    start: Start, valkey: redis.Redis, log: Log
) -> None:
    queue = RedisQueue(valkey)
    queue.enqueue(PublishReview(PULL, "soon"), delay_seconds=0.5)
    queue.enqueue(PublishReview(PULL, "later"), delay_seconds=600)
    start()
    until(lambda: log.has("soon done"))
    assert valkey.zcard("rq:scheduled:publish") == 1


def rq_hash(
    store: redis.Redis, job_id: str, arguments: list[object], name: str = "workers.queue.entry.run"
) -> dict[Any, Any]:
    """An RQ job as anybody who can write to Redis could make it."""
    job = RqJob.create(
        name, args=arguments, id=job_id, connection=store, serializer=SERIALIZER, timeout=60
    )
    return {**job.to_dict(), "status": "queued", "origin": "review", "retries_left": "5"}


@pytest.mark.parametrize("name", ["os.system", "builtins.exec", "workers.queue.worker.preload"])
def test_no_other_function_is_run(
    start: Start, valkey: redis.Redis, tmp_path: Path, name: str
) -> None:
    proof = tmp_path / "proof"
    made = rq_hash(valkey, "evil", [f"touch {proof}"], name)
    made.update(success_callback_name="os.abort", failure_callback_name="os.abort")
    valkey.hset("rq:job:evil", mapping=made)
    valkey.rpush("rq:queue:review", "evil")
    start()
    until(lambda: status(valkey, "evil") == "failed")
    assert not proof.exists()
    assert valkey.hget("rq:job:evil", "retries_left") == b"0"


def test_callbacks_are_not_called(start: Start, valkey: redis.Redis, log: Log) -> None:
    made = prepare(PublishReview(PULL, "plain"), "callback")
    made_hash = dict(zip(made.fields[::2], made.fields[1::2], strict=True))
    made_hash["success_callback_name"] = "os.abort"
    valkey.hset("rq:job:callback", mapping=made_hash)
    valkey.rpush("rq:queue:publish", "callback")
    start()
    until(lambda: status(valkey, "callback") is None)
    assert log.has("plain done")


def test_a_job_that_was_taken_but_not_begun_is_given_back(valkey: redis.Redis) -> None:
    job = publish(valkey, "plain")
    gone = ProcessId(ProcessId.of(os.getpid()).host, os.getpid(), "another start")
    assert Taker(valkey, gone, ("publish",)).take() is not None
    assert valkey.llen("rq:queue:publish") == 0
    recover(valkey)
    assert valkey.lrange("rq:queue:publish", 0, -1) == [job.encode()]
    assert valkey.llen("rq:queue:publish:intermediate") == 0


def test_who_was_killed_while_it_put_back_what_others_left_keeps_nobody_from_it(
    valkey: redis.Redis,
) -> None:
    job = publish(valkey, "plain")
    gone = ProcessId(ProcessId.of(os.getpid()).host, os.getpid(), "another start")
    assert Taker(valkey, gone, ("publish",)).take() is not None
    valkey.set("plumbline:recovery", str(gone), ex=10)
    recover(valkey)
    assert valkey.lrange("rq:queue:publish", 0, -1) == [job.encode()]
    assert valkey.get("plumbline:recovery") is None


def test_while_another_puts_back_nobody_else_does(valkey: redis.Redis) -> None:
    publish(valkey, "plain")
    gone = ProcessId(ProcessId.of(os.getpid()).host, os.getpid(), "another start")
    assert Taker(valkey, gone, ("publish",)).take() is not None
    valkey.set("plumbline:recovery", str(ProcessId.of(os.getpid())), ex=10)
    recover(valkey)
    assert valkey.llen("rq:queue:publish") == 0
    valkey.delete("plumbline:recovery")


def test_what_the_living_and_other_machines_took_is_left_alone(valkey: redis.Redis) -> None:
    for taker in (ProcessId.of(os.getpid()), ProcessId("another machine", 1, "1")):
        publish(valkey, f"of {taker.host}")
        assert Taker(valkey, taker, ("publish",)).take() is not None
    recover(valkey)
    assert valkey.llen("rq:queue:publish") == 0
    assert valkey.llen("rq:queue:publish:intermediate") == 2


def test_an_answer_that_was_lost_on_the_way_costs_nothing(
    shared_valkey: Valkey, valkey: redis.Redis
) -> None:
    """The server gave the job, then the connection broke; the worker asks again."""
    job, me = publish(valkey, "plain"), ProcessId.of(os.getpid())
    with connect(shared_valkey.url, seconds=0.2) as hasty:
        taker = Taker(hasty, me, ("publish",))
        assert Taker(valkey, me, ("publish",)).take() is not None, "whose answer was lost"
        valkey.client_pause(60_000, all=False)
        with pytest.raises(redis.RedisError):
            taker.take()
        valkey.client_unpause()
        taken = taker.take()
    assert taken is not None
    assert taken[0].id == job


def test_an_id_without_a_job_is_skipped(valkey: redis.Redis) -> None:
    valkey.rpush("rq:queue:publish", "ghost")
    job = publish(valkey, "plain")
    taken = Taker(valkey, ProcessId.of(os.getpid()), ("publish",)).take()
    assert taken is not None
    assert (taken[0].id, isinstance(taken[1], Queue)) == (job, True)


def test_each_attempt_leaves_one_line_for_the_operator(
    start: Start, valkey: redis.Redis, capfd: pytest.CaptureFixture[str]
) -> None:
    jobs = [publish(valkey, word) for word in ("plain", "transient", "permanent")]
    lines: list[str] = []

    def four_lines() -> bool:
        text = re.sub(r"after \d+\.\d s", "after N s", capfd.readouterr().err)
        lines.extend(line for line in text.splitlines() if line.startswith("plumbline: job "))
        return len(lines) >= 4

    start()
    until(four_lines)
    plain, transient, permanent = (f"plumbline: job publish_review {job}: " for job in jobs)
    assert sorted(lines) == sorted(
        [
            f"{plain}done after N s",
            f"{transient}again in 1 s after N s",
            f"{transient}done after N s",
            f"{permanent}failed, PermanentError after N s",
        ]
    )
