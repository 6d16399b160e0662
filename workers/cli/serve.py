"""`plumbline serve`: the App on one machine. It starts processes and keeps them running."""

from __future__ import annotations

import fcntl
import ipaddress
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from bot.environment import read_settings
from bot.errors import SettingError, UserError
from bot.settings import PAGES_PATH, Settings
from bot.store.connection import redis_url
from bot.store.embedded import server_command, stop_left_over, wait_until_up
from workers.cli.app_settings import check_app
from workers.cli.options import grace_option, number_option
from workers.queue.pool import KEPT_WORKERS, start_workers
from workers.queue.supervisor import Program, Supervisor

_START_SECONDS = 120.0
"""A large append-only file takes a while to be read back."""


@click.command()
@click.option("--host", help="Address to listen on (PLUMBLINE_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (PLUMBLINE_PORT).")
@number_option(
    "--workers",
    0,
    64,
    2,
    f"Reviews at a time; {KEPT_WORKERS}. 0: none on this machine.",
)
@grace_option
def serve(host: str | None, port: int | None, workers: int, grace: float) -> int:
    """Run the App: receiver, workers, stores."""
    settings = read_settings()
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    _check(settings)
    if workers and settings.github.app_id is not None:
        check_app(settings.github)
    supervisor = Supervisor(lambda line: click.echo(f"plumbline: {line}"), grace)
    with _listening(settings) as receiver_socket, _own_folder(settings):
        supervisor.take_charge()
        try:
            _start_all(supervisor, settings, receiver_socket, workers)
        except BaseException:
            supervisor.stop()
            raise
        return supervisor.watch()


def _start_all(
    supervisor: Supervisor, settings: Settings, listening: socket.socket, workers: int
) -> None:
    url = redis_url(settings)
    if not settings.redis_url:
        stop_left_over(settings.data_dir)
        command = server_command(settings.data_dir)
        valkey = Program("valkey", command, ends_last=True)
        supervisor.start(valkey, f"keeps the queue in {settings.data_dir / 'valkey'}")
    wait_until_up(url, _START_SECONDS if not settings.redis_url else 10.0)
    descriptor = listening.fileno()
    receiver = Program(
        "receiver", (sys.executable, "-m", "bot.webhook", str(descriptor)), {}, (descriptor,)
    )
    address = f"http://{_shown(settings.host)}:{settings.port}/webhooks/github"
    supervisor.start(receiver, f"{address}{_without_secret(settings)}")
    if settings.web.password:
        click.echo(f"plumbline: pages: {_pages(settings)}")
    if settings.github.app_id is None:
        click.echo("plumbline: no workers: PLUMBLINE_GITHUB_APP_ID names no GitHub App yet")
    else:
        start_workers(supervisor, workers)


def _check(settings: Settings) -> None:
    if not settings.github.webhook_secrets and not _is_loopback(settings.host):
        raise SettingError(
            "PLUMBLINE_WEBHOOK_SECRET",
            f"it is empty, and {settings.host!r} can be reached from elsewhere",
            "Set it to the webhook secret of the App, or listen on 127.0.0.1.",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _pages(settings: Settings) -> str:
    """Where they are read: over plain HTTP on this machine alone."""
    host, elsewhere = settings.host, f"over HTTPS at {PAGES_PATH}/ of a proxy in front of it"
    if _is_loopback(host):
        return f"http://{_shown(host)}:{settings.port}{PAGES_PATH}/"
    if host.strip("0.:"):
        return elsewhere
    here = "[::1]" if ":" in host else "127.0.0.1"  # it listens on every address
    return f"http://{here}:{settings.port}{PAGES_PATH}/; from elsewhere {elsewhere}"


def _without_secret(settings: Settings) -> str:
    return "" if settings.github.webhook_secrets else " (answers 503: no PLUMBLINE_WEBHOOK_SECRET)"


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        opened = socket.create_server((settings.host, settings.port), family=family, backlog=512)
    except OSError as error:
        where = f"{_shown(settings.host)}:{settings.port}"
        raise UserError(
            f"cannot listen on {where}: {error.strerror or error}. Choose another --port or --host."
        ) from error
    with opened:
        yield opened


@contextmanager
def _own_folder(settings: Settings) -> Iterator[None]:
    """Two servers on one folder would ruin each other's files."""
    if settings.redis_url:
        yield
        return
    path = settings.data_dir / "serve.lock"
    descriptor = _open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise UserError(
            f"another `plumbline serve` uses {str(settings.data_dir)!r}. "
            "Stop it, or set PLUMBLINE_DATA_DIR to another folder."
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)


def _open_lock(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SettingError(
            "PLUMBLINE_DATA_DIR",
            f"{str(path.parent)!r} cannot be written ({error.strerror})",
            "Name a folder that this user may write.",
        ) from error
