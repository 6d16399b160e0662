"""`plumbline worker`: more workers, on this machine or another, on the same Redis and database."""

from __future__ import annotations

import click

from bot.environment import read_settings
from bot.errors import StoreUnavailable, UserError
from bot.store.connection import redis_url
from bot.store.embedded import wait_until_up
from workers.cli.app_settings import check_app
from workers.cli.options import grace_option, number_option
from workers.queue.pool import KEPT_WORKERS, start_workers
from workers.queue.supervisor import Supervisor


@click.command()
@number_option("--concurrency", 1, 64, 1, f"Reviews at a time; {KEPT_WORKERS}.")
@grace_option
def worker(concurrency: int, grace: float) -> int:
    """Run more workers."""
    settings = read_settings()
    try:
        wait_until_up(redis_url(settings), 10.0 if settings.redis_url else 3.0)
    except StoreUnavailable as error:
        if settings.redis_url:
            raise
        raise UserError(
            "no `plumbline serve` runs on this data folder. Start it, or give the Redis server "
            "of the App in PLUMBLINE_REDIS_URL."
        ) from error
    check_app(settings.github)
    supervisor = Supervisor(lambda line: click.echo(f"plumbline: {line}"), grace)
    supervisor.take_charge()
    try:
        start_workers(supervisor, concurrency)
    except BaseException:
        supervisor.stop()
        raise
    return supervisor.watch()
