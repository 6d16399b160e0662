"""Somebody writes to Redis: a worker refuses what is odd, and goes on with its work."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import redis

from bot.domain.jobs import PublishReview
from bot.store.queue import RedisQueue
from tests.fakes.pulls import PULL
from tests.fakes.valkey import Valkey, until

ENTRY = "workers.queue.entry.run"


def _job(*parts: object) -> bytes:
    return zlib.compress(json.dumps(parts).encode())


ODD: dict[str, bytes] = {
    "no-json": b"\x80\x04cos\nsystem\n(S'id'\ntR.",
    "pickle": zlib.compress(b"cos\nsystem\n(S'id'\ntR."),
    "a-bomb": zlib.compress(b"[" * 200_000),
    "no-list": _job(),
    "method": _job(ENTRY, {"a": 1}, [], {}),
    "keywords": _job(ENTRY, None, [{"kind": "review_pull"}], {"performer": "os.system"}),
    "number": _job(ENTRY, None, [7], {}),
    "unknown": _job(ENTRY, None, [{"kind": "run_shell", "command": "id"}], {}),
    "half": _job(ENTRY, None, [{"kind": "publish_review", "pull": {"number": "x"}}], {}),
    "dotted": _job("workers.queue.entry.read_settings", None, [], {}),
}


def test_odd_jobs_are_refused_and_the_next_good_one_is_done(
    shared_valkey: Valkey, valkey: redis.Redis, tmp_path: Path
) -> None:
    for name, data in ODD.items():
        fields: dict[Any, Any] = {
            "created_at": "2026-01-01T00:00:00Z",
            "data": data,
            "status": "queued",
        }
        valkey.hset(f"rq:job:{name}", mapping={**fields, "origin": "publish", "timeout": "60"})
        valkey.rpush("rq:queue:publish", name)
    valkey.hset("rq:job:dateless", mapping={"data": _job(ENTRY, None, [{}], {}), "timeout": "x"})
    valkey.rpush("rq:queue:publish", "dateless")
    RedisQueue(valkey).enqueue(PublishReview(PULL, "plain"))
    log = tmp_path / "log"
    worker = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.queue.performing_worker",
            shared_valkey.url,
            str(tmp_path),
            "all",
        ]
    )
    try:
        until(lambda: log.exists() and "plain done" in log.read_text(encoding="utf-8"), seconds=60)
        assert worker.poll() is None
    finally:
        worker.kill()
        worker.wait()
    assert log.read_text(encoding="utf-8").count(" done") == 1
