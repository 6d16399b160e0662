"""Two hundred SIGKILLs while two thousand deliveries arrive: is anything lost, twice or stale?

Not among the parts that run by themselves: it takes a quarter of an hour.
`python -m benchmarks kills`; `python -m benchmarks.kills 40` kills forty times, as densely.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from redis.exceptions import RedisError

from benchmarks.app import RunningApp, running_app
from benchmarks.ledger import Ledger, compare
from benchmarks.measure import Measure, table
from benchmarks.traffic import Traffic
from benchmarks.victims import Kill, Role, Victims
from bot.store.connection import Connection, connect
from bot.store.rq_jobs import QUEUE_NAMES
from sandbox.state.deliveries import Delivery
from workers.queue.taking import open_queue

KILLS = 200
ACTS = 2_000
SECONDS = 600.0
_SETTLE_SECONDS = 900.0
_SEED = 20260105
_SHARES: dict[Role, int] = {"receiver": 20, "worker": 30, "busy worker": 35, "valkey": 15}


@dataclass(frozen=True, slots=True)
class Survived:
    """What the run showed. `restarts`: seconds from each kill until its work went on."""

    ledger: Ledger
    restarts: tuple[float, ...]
    kills: int
    deliveries: int
    unanswered: int
    failed_jobs: tuple[str, ...]
    open_jobs: int


def measures() -> list[Measure]:
    """One soak; what went wrong is told on standard error."""
    return soak(KILLS)


def soak(kills: int) -> list[Measure]:
    """So many kills, as dense as those of the whole run."""
    share = kills / KILLS
    survived = survive(kills, acts := round(ACTS * share), SECONDS * share)
    ledger = survived.ledger
    for line in (*ledger.lost, *ledger.twice, *ledger.stale, *survived.failed_jobs):
        sys.stderr.write(f"  {line}\n")
    return [
        Measure("processes killed", survived.kills, "", "at least", kills),
        Measure("deliveries while they were", survived.deliveries, "", "at least", acts),
        Measure("deliveries never accepted", survived.unanswered, "", "at most", 0),
        Measure("lost: pull requests and mentions", len(ledger.lost), "", "at most", 0),
        Measure("posted twice", len(ledger.twice), "", "at most", 0),
        Measure("posted stale", len(ledger.stale), "", "at most", 0),
        Measure("jobs that failed", len(survived.failed_jobs), "", "at most", 0),
        Measure("jobs still open", survived.open_jobs, "", "at most", 0),
        Measure("at work again, p50", _percentile(survived.restarts, 50), "s", digits=1),
        Measure("at work again, p95", _percentile(survived.restarts, 95), "s", "at most", 20, 1),
        Measure("at work again, slowest", max(survived.restarts), "s", digits=1),
    ]


def survive(kills: int, acts: int, seconds: float) -> Survived:
    """Run the App under fire, let it settle, and compare."""
    with running_app(reviews_at_once=2) as app, closing(connect(app.redis_url)) as store:
        traffic = Traffic(app, acts, seconds, _SEED)
        traffic.start()
        try:
            restarts, killed = _fire(app, store, kills, seconds)
            traffic.finish()
        finally:
            traffic.stop()
        _settle(app, store)
        return Survived(
            ledger=compare(app.github, traffic.pushes, traffic.mentions),
            restarts=tuple(restarts),
            kills=killed,
            deliveries=len({delivery.guid for delivery in app.github.deliveries}),
            unanswered=len(_refused(app)),
            failed_jobs=tuple(_failed(store)),
            open_jobs=_open_jobs(store),
        )


def _fire(
    app: RunningApp, store: Connection, kills: int, seconds: float
) -> tuple[list[float], int]:
    """Kill at random moments. A kill that hits before the last of its kind was overcome counts
    from the later one: the same work is waited for."""
    chance = random.Random(_SEED)  # noqa: S311 - the same run again, not a secret
    victims = Victims(app, store)
    waiting: list[Kill] = []
    restarts: list[float] = []
    killed, next_at, mean = 0, time.monotonic(), seconds / kills
    while killed < kills or waiting:
        overcome = [kill for kill in waiting if victims.recovered(kill)]
        restarts += [time.monotonic() - kill.at for kill in overcome]
        waiting = [kill for kill in waiting if kill not in overcome]
        if killed < kills and time.monotonic() >= next_at:
            role = chance.choices(list(_SHARES), list(_SHARES.values()))[0]
            kill = victims.kill(role, chance.randrange(100))
            if kill is not None:
                killed += 1
                next_at = time.monotonic() + chance.uniform(0.3, 1.7) * mean
                waiting = [each for each in waiting if each.role != role or each.jobs] + [kill]
        time.sleep(0.05)
    return restarts, killed


def _settle(app: RunningApp, store: Connection) -> None:
    """What no receiver took is redelivered, as a person would; then all is worked off."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < deadline:
        app.github.wait_for_deliveries(_SETTLE_SECONDS)
        refused = _refused(app)
        for delivery in refused:
            app.github.redeliver(delivery)
        if not refused and _open_jobs(store) == 0:  # what was sent just now has yet to arrive
            return
        time.sleep(1)


def _refused(app: RunningApp) -> list[Delivery]:
    """The last attempt at each delivery that no receiver took."""
    last = {delivery.guid: delivery for delivery in app.github.deliveries}
    return [each for each in last.values() if each.done and not 200 <= each.status_code < 300]


def _open_jobs(store: Connection) -> int:
    """Jobs that wait, are due later, are between two hands, or were begun."""
    queues = [open_queue(name, store) for name in QUEUE_NAMES]
    try:
        return sum(
            len(queue.get_job_ids())
            + len(queue.scheduled_job_registry.get_job_ids())
            + len(queue.intermediate_queue.get_job_ids())
            + len(queue.started_job_registry.get_job_ids(cleanup=False))
            for queue in queues
        )
    except RedisError:
        return 1


def _failed(store: Connection) -> Iterator[str]:
    for name in QUEUE_NAMES:
        queue = open_queue(name, store)
        for job_id in queue.failed_job_registry.get_job_ids():
            job = queue.fetch_job(job_id)
            result = job.latest_result() if job else None
            reason = (result.exc_string or "").strip().splitlines() if result else []
            yield f"{name} {job.description if job else job_id}: {reason[-1:] or 'no reason'}"


def _percentile(values: tuple[float, ...], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


if __name__ == "__main__":
    sys.stdout.write(f"{table(soak(int(sys.argv[1])))}\n")
